#!/usr/bin/python3
"""The style check: what a machine can see of the project's rules, one TAP case a rule.

    style-check.py [--rule NAME]... [TREE]

A rule is a function that takes the tree and yields problems. It sees files by their path from the top, so that
the checker can itself be tested on small made-up trees (test-style-check.py)."""

import argparse
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

RULES = {}
# Told, but not yet a failure.
ADVICE = ('every-source-has-a-test', 'potfiles-complete', 'line-length')
SELF = ('tests/support/style-check.py', 'tests/support/test-style-check.py')
TEXT = ('.c', '.h', '.py', '.sh', '.ui', '.css', '.build', '.xml', '.md', '.txt', '.json', '.supp')
FILE_MUST, FILE_AIM = 800, 400
FUNCTION_MUST, FUNCTION_AIM = 80, 40
LINE_MUST = 120
INCLUDES_MUST = 15


def rule(function):
    RULES[function.__name__.replace('_', '-')] = function
    return function


class Warn(str):
    """A problem that is told but does not fail."""


class File:
    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split('\n')
        self._code = None
        self._bare = None

    @property
    def suffix(self):
        return os.path.splitext(self.path)[1]

    @property
    def is_c(self):
        return self.suffix in ('.c', '.h')

    @property
    def code(self):
        """C without comments; line numbers stay."""
        if self._code is None:
            self._code = blank_c(self.text, strings=False)
        return self._code

    @property
    def bare(self):
        """C without comments and without the insides of strings."""
        if self._bare is None:
            self._bare = blank_c(self.text, strings=True)
        return self._bare

    def matches(self, pattern, text):
        for m in re.finditer(pattern, text, re.M):
            yield text.count('\n', 0, m.start()) + 1, m


class Tree:
    def __init__(self, files):
        self.files = {f.path: f for f in files}

    @classmethod
    def read(cls, top):
        out = subprocess.run(['git', '-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard', '-z'],
                             cwd=top, capture_output=True)
        # Unpacked inside of another clone, as meson dist does, git answers and knows nothing of it.
        if out.returncode == 0 and out.stdout:
            paths = [p for p in out.stdout.decode().split('\0') if p]
        else:
            paths = []
            for d, dirs, names in os.walk(top):
                dirs[:] = [n for n in dirs if not n.startswith(('.git', 'build', '_', 'node_modules'))]
                paths += [os.path.relpath(os.path.join(d, n), top) for n in names]
        files = []
        for p in sorted(paths):
            full = os.path.join(top, p)
            if os.path.islink(full) or not os.path.isfile(full):
                continue
            with open(full, 'rb') as f:
                data = f.read()
            if b'\0' not in data[:8000]:
                files.append(File(p, data.decode('utf-8', 'replace')))
        return cls(files)

    def under(self, prefix, suffixes=None):
        for f in self.files.values():
            if f.path.startswith(prefix) and (suffixes is None or f.suffix in suffixes):
                yield f

    def c(self, prefix='src/'):
        return self.under(prefix, ('.c', '.h'))


def blank_c(text, strings, line_comments=True):
    """Replaces comments (and what is inside strings) by blanks, keeping every newline."""
    def blank(s):
        return re.sub(r'[^\n]', ' ', s)

    def one(m):
        s = m.group(0)
        if s.startswith(('/*', '//')):
            return blank(s)
        return s[0] + blank(s[1:-1]) + s[-1] if strings else s

    comments = r'/\*.*?\*/|//[^\n]*|' if line_comments else r'/\*.*?\*/|'
    return re.sub(comments + r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', one, text, flags=re.S)


# --- layers -------------------------------------------------------------------------------------------------

CHAIN = ['session', 'backend', 'transport', 'wire', 'model', 'util']
ALLOWED = {name: set(CHAIN[i:]) for i, name in enumerate(CHAIN)}
ALLOWED['session'] |= {'store', 'secret'}
ALLOWED['store'] = {'store', 'model', 'util'}
ALLOWED['secret'] = {'secret', 'model', 'util'}
ALLOWED['markup'] = {'markup', 'model', 'util'}
ALLOWED['export'] = {'export', 'markup', 'model', 'util', 'store'}
ALLOWED['demo'] = {'demo', 'wire', 'model', 'util'}
ALLOWED['cli'] = {'cli', 'demo', 'store', 'secret', 'markup', 'export'} | set(CHAIN)
ALLOWED['ui'] = {'ui', 'demo', 'store', 'secret', 'markup', 'export'} | set(CHAIN)
ALLOWED['main'] = ALLOWED['cli'] | ALLOWED['ui']
ALLOWED['types'] = set()
# Those who see the store and the secrets only by their interface; the application opens the real ones.
INTERFACES = {'store': 'src/core/store/bobbin-store.h', 'secret': 'src/core/secret/bobbin-secrets.h'}
INTERFACE_ONLY = ('src/core/session/', 'src/core/export/', 'src/ui/')
OPENERS = ('src/ui/app/',)


def layer(path):
    parts = path.split('/')
    if path == 'src/main.c':
        return 'main'
    if path.startswith('src/core/') and len(parts) == 3:
        return 'types'
    if path.startswith('src/core/'):
        return parts[2]
    return parts[1] if path.startswith('src/') and len(parts) > 2 else None


def includes(f):
    for n, m in f.matches(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', f.code):
        yield n, m.group(1), m.group(2)


def resolve(tree, f, name):
    for base in (os.path.dirname(f.path), 'src/core', 'src', 'src/ui'):
        path = os.path.normpath(os.path.join(base, name))
        if path in tree.files:
            return path
    return None


@rule
def include_arrows(tree):
    """main → ui, cli → session → backend → transport → wire → model → util; store, secret and demo stand beside."""
    for f in tree.c():
        mine = layer(f.path)
        if mine is None:
            yield f'{f.path}: in no layer'
            continue
        for n, _, name in includes(f):
            path = resolve(tree, f, name)
            if path is None:
                continue
            theirs = layer(path)
            if theirs == 'types':
                continue
            if mine not in ALLOWED:
                yield f'{f.path}: layer "{mine}" is not known to the style check'
                break
            if theirs not in ALLOWED[mine]:
                yield f'{f.path}:{n}: {mine} must not include {theirs} ({name})'
            elif theirs in INTERFACES and path != INTERFACES[theirs] and f.path.startswith(INTERFACE_ONLY) \
                    and not f.path.startswith(OPENERS):
                yield f'{f.path}:{n}: {mine} sees {theirs} by its interface only ({name})'


@rule
def backends_are_strangers(tree):
    """One backend's folder never includes another's."""
    pattern = re.compile(r'^src/core/backend/([^/]+)/')
    for f in tree.c('src/core/backend/'):
        mine = pattern.match(f.path)
        for n, _, name in includes(f):
            theirs = pattern.match(resolve(tree, f, name) or '')
            if mine and theirs and mine.group(1) != theirs.group(1):
                yield f'{f.path}:{n}: backend {mine.group(1)} includes backend {theirs.group(1)}'


@rule
def no_gtk_below_the_interface(tree):
    """core, cli and demo never include GTK, GDK or libadwaita."""
    for prefix in ('src/core/', 'src/cli/', 'src/demo/'):
        for f in tree.c(prefix):
            for n, _, name in includes(f):
                if re.match(r'(gtk|gdk|adwaita|gtksourceview|gsk|pango)', name):
                    yield f'{f.path}:{n}: includes {name}'


@rule
def soup_stays_in_transport(tree):
    """libsoup only in transport and demo, its client only in transport."""
    for f in tree.c():
        if f.path.startswith('src/core/transport/'):
            continue
        if f.path.startswith('src/demo/'):
            for n, m in f.matches(r'\b(soup_session_\w+|soup_message_new\w*|SoupSession)\b', f.bare):
                yield f'{f.path}:{n}: {m.group(0)} is libsoup\'s client'
            continue
        for n, _, name in includes(f):
            if name.startswith('libsoup'):
                yield f'{f.path}:{n}: includes {name}'


# --- sizes --------------------------------------------------------------------------------------------------

@rule
def file_length(tree):
    """No file of ours is longer than 800 lines."""
    for f in tree.files.values():
        if f.suffix in ('.c', '.h', '.py', '.sh', '.ui', '.css') and f.path.startswith(('src/', 'tests/', 'data/')):
            n = f.text.count('\n')
            if n > FILE_MUST:
                yield f'{f.path}: {n} lines (at most {FILE_MUST})'
            elif n > FILE_AIM and f.suffix == '.c' and f.path.startswith('src/'):
                yield Warn(f'{f.path}: {n} lines (aim: {FILE_AIM})')


def functions(f):
    """(name, first line, lines) of every function body, by the layout: braces of functions stand in column 0."""
    lines = f.bare.split('\n')
    for start, line in enumerate(lines):
        if not line.startswith('{'):
            continue
        head, i = '', start - 1
        while i >= 0 and lines[i].strip() and not lines[i].startswith(('}', '#')) and not lines[i].endswith(';'):
            head = lines[i] + ' ' + head
            i -= 1
        m = re.search(r'(\w+)\s*\(', head)
        if m is None or re.match(r'\s*(typedef\s+)?(struct|enum|union)\b[^(]*$', head):
            continue
        for end in range(start + 1, len(lines)):
            if lines[end].startswith('}'):
                yield m.group(1), start + 1, end - start + 1, lines[start + 1:end]
                break


def is_table(body):
    rows = [line.strip() for line in body if line.strip()]
    regular = [r for r in rows
               if re.match(r'(\{.*\},?$|case .*:( return .*;)?$|return .*;$|g_test_(add|init)|"|ADD)', r)]
    return len(regular) * 10 >= len(rows) * 8


@rule
def function_length(tree):
    """No function is longer than 80 lines, but class_init and tables."""
    for prefix in ('src/', 'tests/'):
        for f in tree.under(prefix, ('.c',)):
            for name, line, count, body in functions(f):
                if count - 2 <= FUNCTION_AIM or name.endswith(('class_init', '_default_init')):
                    continue
                if count - 2 > FUNCTION_MUST and not is_table(body):
                    yield f'{f.path}:{line}: {name} has {count - 2} lines (at most {FUNCTION_MUST})'


@rule
def own_includes(tree):
    """A .c includes at most 15 of our own headers."""
    for f in tree.under('src/', ('.c',)):
        own = [name for _, q, name in includes(f) if q == '"' and name != 'config.h']
        if len(own) > INCLUDES_MUST:
            yield f'{f.path}: includes {len(own)} own headers (at most {INCLUDES_MUST})'


@rule
def line_length(tree):
    """No line is longer than 120 columns."""
    for f in tree.files.values():
        if f.suffix in ('.c', '.h', '.py', '.sh') and f.path.startswith(('src/', 'tests/')):
            for n, line in enumerate(f.lines, 1):
                if len(line) > LINE_MUST:
                    problem = f'{f.path}:{n}: {len(line)} columns'
                    # aligned prototypes of the interfaces may run wide
                    yield Warn(problem) if f.suffix == '.h' or 'http' in line else problem


# --- text ---------------------------------------------------------------------------------------------------

def is_text(f):
    return f.suffix in TEXT and not f.path.startswith(('tests/data/', 'LICENSE', 'po/'))


@rule
def no_tabs(tree):
    """Spaces indent."""
    for f in tree.files.values():
        # Flathub asks for tabs in manifests.
        if is_text(f) and not f.path.startswith('flatpak/'):
            for n, line in enumerate(f.lines, 1):
                if '\t' in line:
                    yield f'{f.path}:{n}: a tab'


@rule
def no_trailing_space(tree):
    """Lines end where their text ends, files with one newline."""
    for f in tree.files.values():
        if is_text(f):
            for n, line in enumerate(f.lines, 1):
                if line != line.rstrip():
                    yield f'{f.path}:{n}: space at the end of the line'
            if f.text and (not f.text.endswith('\n') or f.text.endswith('\n\n')):
                yield f'{f.path}: must end with one newline'


@rule
def block_comments_only(tree):
    """Comments in C are /* */."""
    for prefix in ('src/', 'tests/'):
        for f in tree.c(prefix):
            for n, _ in f.matches(r'//', blank_c(f.text, strings=True, line_comments=False)):
                yield f'{f.path}:{n}: a // comment'


@rule
def log_domain_first(tree):
    """A .c begins with G_LOG_DOMAIN and config.h."""
    for f in tree.under('src/', ('.c',)):
        if f.path == 'src/main.c':
            continue
        code = [line.strip() for line in f.code.split('\n') if line.strip()]
        if len(code) < 2 or not code[0].startswith('#define G_LOG_DOMAIN') or code[1] != '#include "config.h"':
            yield f'{f.path}: begins with {code[:2]}'


@rule
def no_leftovers(tree):
    """Nothing is left for later."""
    pattern = r'\b(TODO|FIXME|XXX|HACK)\b|\b([Nn]ot implemented|[Ff]or now|[Ss]tub|[Pp]laceholder)\b(?![-_]text)'
    for prefix in ('src/', 'tests/', 'data/', 'po/', '.ci/', 'README.md', 'meson'):
        for f in tree.under(prefix):
            if f.path in SELF or f.path.startswith('tests/data/') or not (is_text(f) or f.path.startswith('.ci/')):
                continue
            for n, m in f.matches(pattern, f.text):
                yield f'{f.path}:{n}: "{m.group(0)}"'


@rule
def no_foreign_paths(tree):
    """No path of the machine a file was written on, no address but examples."""
    pattern = r'(?<![\w.$}~-])/(?:home|root|work|workspace|Users)/[\w.]+|(?<!\w)shared/(?:protocols|style)\b'
    for f in tree.files.values():
        if f.path in SELF or f.path.startswith('LICENSE'):
            continue
        for n, m in f.matches(pattern, f.text):
            yield f'{f.path}:{n}: {m.group(0)}'


# --- calls --------------------------------------------------------------------------------------------------

BANNED = [
    ('src/', r'\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|system|popen|alloca|g_alloca|atoi|atol)\s*\(', 'unsafe'),
    # A command of the command line waits in place; it is the whole program.
    ('src/core/', r'\bg_main_context_iteration\s*\(', 'src never iterates the main loop'),
    ('src/demo/', r'\bg_main_context_iteration\s*\(', 'src never iterates the main loop'),
    ('src/ui/', r'\bg_main_context_iteration\s*\(', 'src never iterates the main loop'),
    ('src/', r'\bbobbin_\w*get_default\s*\(', 'no singletons'),
    ('src/', r'\b(g_usleep|usleep|sleep|nanosleep)\s*\(', 'src never blocks'),
    ('src/', r'\bg_autoptr\s*\(\s*SecretSchema\b', 'crashes with libsecret 0.20.5'),
    ('src/core/', r'\bg_settings_\w+\s*\(', 'preferences belong to the interface'),
    ('src/core/', r'\bg_application_get_default\s*\(', 'no singletons'),
    ('tests/', r'\b(strcpy|strcat|sprintf|vsprintf|gets|system|popen)\s*\(', 'unsafe'),
    ('tests/', r'\b(g_usleep|usleep|sleep|nanosleep)\s*\(', 'tests wait on conditions'),
]


@rule
def banned_calls(tree):
    """No call that overflows, blocks, iterates the main loop or reaches for a singleton."""
    for prefix, pattern, why in BANNED:
        for f in tree.c(prefix):
            for n, m in f.matches(pattern, f.bare):
                yield f'{f.path}:{n}: {m.group(0)}): {why}'


@rule
def no_sleep_in_tests(tree):
    """Tests wait on conditions: in Python only poll() sleeps, in shell only the line of the until loop."""
    for f in tree.under('tests/', ('.py', '.sh', '')):
        if f.path in SELF or f.path.startswith('tests/data/') or '\n' not in f.text:
            continue
        inside = ''
        for n, line in enumerate(f.lines, 1):
            m = re.match(r'\s*def (\w+)', line)
            inside = m.group(1) if m else inside
            shell = f.suffix == '.sh' or f.lines[0].startswith(('#!/bin/sh', '#!/bin/bash'))
            if f.suffix == '.py' and re.search(r'\btime\.sleep\s*\(', line) and inside not in ('poll', 'pace'):
                yield f'{f.path}:{n}: {line.strip()}'
            elif shell and re.search(r'(^|[;&|]|\bdo|\bthen)\s*sleep\b', line) \
                    and not re.search(r'\b(until|while)\b', line):
                yield f'{f.path}:{n}: {line.strip()}'


@rule
def leaflet_only_in_window(tree):
    """The folding widgets that newer libadwaita deprecates stay in ui/window."""
    for f in tree.under('src/', ('.c', '.h', '.ui')):
        text = f.bare if f.is_c else f.text
        for n, m in f.matches(r'\b(AdwLeaflet|AdwFlap|ADW_TYPE_LEAFLET|ADW_TYPE_FLAP|adw_(?:leaflet|flap)_\w+)', text):
            if not f.path.startswith('src/ui/window/'):
                yield f'{f.path}:{n}: {m.group(0)}'


# --- completeness -------------------------------------------------------------------------------------------

@rule
def every_source_has_a_test(tree):
    """Every file of wire, backend, store and session has its test; sources may share one by their first word."""
    for area in ('wire', 'backend', 'store', 'session'):
        tests = [set_of(t.path, 'test-') for t in tree.under(f'tests/core/{area}/', ('.c',))]
        for f in tree.under(f'src/core/{area}/', ('.c',)):
            words = set_of(f.path, 'bobbin-')
            if not any(words[0] in t or t[0] in words for t in tests):
                yield f'{f.path}: no tests/core/{area}/test-{"-".join(words)}.c'


def set_of(path, prefix):
    stem = os.path.splitext(os.path.basename(path))[0]
    return (stem[len(prefix):] if stem.startswith(prefix) else stem).split('-')


def with_strings(tree):
    for f in tree.under('src/', ('.c',)):
        if re.search(r'\b(?:_|C_|N_|Q_|ngettext|g_dngettext|g_dpgettext2?)\s*\(\s*\w*"|\bngettext\s*\(', f.code):
            yield f.path
    for f in tree.under('src/', ('.ui',)):
        if re.search(r'translatable="(yes|true|1)"', f.text):
            yield f.path
    for f in tree.under('data/'):
        if re.search(r'\.(desktop|metainfo\.xml)(\.in)+$|\.gschema\.xml(\.in)?$', f.path):
            yield f.path


@rule
def potfiles_complete(tree):
    """po/POTFILES names every file with words for people, and no other (--write-potfiles writes it)."""
    have = [line.strip() for line in tree.files['po/POTFILES'].lines] if 'po/POTFILES' in tree.files else []
    have = [line for line in have if line and not line.startswith('#')]
    want = sorted(set(with_strings(tree)))
    for path in want:
        if path not in have:
            yield f'po/POTFILES: {path} is missing'
    for path in have:
        if path not in want:
            yield f'po/POTFILES: {path} has no words or does not exist'


@rule
def icon_buttons_are_named(tree):
    """A button of the .ui files that shows only an icon has a tooltip and an accessible label."""
    kinds = ('GtkButton', 'GtkMenuButton', 'GtkToggleButton', 'AdwSplitButton', 'GtkLinkButton')
    for f in tree.under('src/', ('.ui',)):
        try:
            top = ET.fromstring(f.text)
        except ET.ParseError as error:
            yield f'{f.path}: {error}'
            continue
        for o in top.iter('object'):
            props = {p.get('name').replace('_', '-'): (p.text or '') for p in o.findall('property')}
            if o.get('class') not in kinds or 'icon-name' not in props or props.get('label') or 'child' in props:
                continue
            told = [p for a in o.findall('accessibility') for p in list(a)]
            named = any(p.get('name') in ('label', 'labelled-by') for p in told)
            what = f'{f.path}: {o.get("class")} {o.get("id") or props["icon-name"]}'
            if not props.get('tooltip-text'):
                yield f'{what} has no tooltip'
            if not named:
                yield f'{what} has no accessible label'


# --- the program --------------------------------------------------------------------------------------------

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rule', action='append', default=[], choices=sorted(RULES))
    parser.add_argument('--write-potfiles', action='store_true')
    parser.add_argument('--verbose', action='store_true', help='tell the warnings too')
    parser.add_argument('tree', nargs='?', default=os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
    args = parser.parse_args()
    tree = Tree.read(args.tree)
    if args.write_potfiles:
        with open(os.path.join(args.tree, 'po', 'POTFILES'), 'w', encoding='utf-8') as f:
            f.write(''.join(p + '\n' for p in sorted(set(with_strings(tree)))))
        return 0
    names = args.rule or list(RULES)
    failed = 0
    print('TAP version 13')
    print(f'1..{len(names)}')
    for i, name in enumerate(names, 1):
        problems = [Warn(p) if name in ADVICE else p for p in RULES[name](tree)]
        bad = [p for p in problems if not isinstance(p, Warn)]
        failed += bool(bad)
        print(f'{"not ok" if bad else "ok"} {i} {name}')
        for p in bad:
            print(f'# {p}')
        for p in problems if args.verbose else []:
            if isinstance(p, Warn):
                print(f'# warning: {p}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
