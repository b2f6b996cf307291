#!/usr/bin/python3
"""pseudo-locale.py FILE.po OUT: writes a catalog of a language nobody speaks: every message in letters with accents, in brackets, and
longer by two fifths. What is not in it was not translatable, and what does not fit into a window will not in some language.

Taken from the messages of any translation; what printf and the keyboard need of them stays as it is."""

import os
import re
import shutil
import subprocess
import sys

LETTERS = str.maketrans('aceinorsuyzACEINORSUYZ', 'àçéîñöŕšüýžÀÇÉÎÑÖŔŠÜÝŽ')
KEPT = re.compile(r"%(?:\d+\$)?[-+ #0'I]*[\d*]*(?:\.[\d*]+)?(?:hh|h|ll|l|z)?[a-zA-Z%]|<[^>]*>|&\w+;|_\w|\\.")
STRING = re.compile(r'^(msgid|msgid_plural|msgctxt|msgstr(?:\[\d+\])?)? ?"(.*)"$')
BASES = ('/usr/lib/locale/C.utf8', '/usr/lib/locale/C.UTF-8')


def longer(text):
    out, at = [], 0
    for kept in KEPT.finditer(text):
        out += [text[at:kept.start()].translate(LETTERS), kept.group()]
        at = kept.end()
    out.append(text[at:].translate(LETTERS))
    newline = '\\n' if text.endswith('\\n') else ''
    body = ''.join(out)
    return '[' + body[:len(body) - len(newline)] + ' ~' * ((len(text) + 4) // 5) + ']' + newline


def entries(path):
    """The fields of each message."""
    fields, name = {}, None
    with open(path, encoding='utf-8') as file:
        for line in [*file, '\n']:
            match = STRING.match(line.rstrip('\n'))
            if match and match.group(1):
                name = match.group(1)
                fields[name] = match.group(2)
            elif match and name:
                fields[name] += match.group(2)
            elif not line.strip() and fields:
                yield fields
                fields, name = {}, None


def main(source, out):
    lines = ['msgid ""', 'msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=n != 1;\\n"', '']
    for fields in entries(source):
        text = fields.get('msgid', '')
        # Formats of dates are no words.
        if not text or re.fullmatch(r'(%O?-?[a-zA-Z][ .,:/]*)+', text):
            continue
        for name in ('msgctxt', 'msgid', 'msgid_plural'):
            if name in fields:
                lines.append(f'{name} "{fields[name]}"')
        if 'msgid_plural' in fields:
            lines += [f'msgstr[0] "{longer(text)}"', f'msgstr[1] "{longer(fields["msgid_plural"])}"', '']
        else:
            lines += [f'msgstr "{longer(text)}"', '']
    subprocess.run(['msgfmt', '-o', out, '-'], input='\n'.join(lines).encode(), check=True)
    # Where it is looked for: the language is xx.
    place = os.path.join(os.path.dirname(out), 'locale', 'xx', 'LC_MESSAGES')
    os.makedirs(place, exist_ok=True)
    shutil.copy(out, place)
    # And a locale of that name, for LOCPATH: glibc 2.41 looks up no language in C.UTF-8.
    for base in BASES:
        if os.path.isdir(base):
            shutil.copytree(base, os.path.dirname(place), dirs_exist_ok=True)
            break


if __name__ == '__main__':
    main(*sys.argv[1:])
