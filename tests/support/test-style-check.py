#!/usr/bin/python3
"""Tests of the style check: every rule on a small bad sample it must find and a good one it must leave alone."""

import importlib.util
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location('style_check', os.path.join(HERE, 'style-check.py'))
style = importlib.util.module_from_spec(spec)
spec.loader.exec_module(style)

HEAD = '#define G_LOG_DOMAIN "bobbin"\n#include "config.h"\n'
MODEL, WIRE, STORE = 'src/core/model/bobbin-thread.h', 'src/core/wire/bobbin-sse.h', 'src/core/store/bobbin-store.h'
DB = 'src/core/store/bobbin-store-db.h'
BASE = {MODEL: '', WIRE: '', STORE: '', DB: '', 'src/core/bobbin-types.h': '', 'src/core/session/bobbin-session.h': '',
        'src/core/secret/bobbin-secrets.h': '', 'src/core/backend/one/bobbin-one.h': '', 'src/ui/app/bobbin-app.h': '',
        'src/core/transport/bobbin-http.h': '', 'src/demo/bobbin-demo.h': ''}


def inc(*names):
    return HEAD + ''.join(f'#include "{n}"\n' for n in names)


def func(lines, name='long_one', body='  x ();\n'):
    return f'static void\n{name} (void)\n{{\n' + body * lines + '}\n'


def button(inside):
    return ("<interface><template class=\"X\"><child><object class=\"GtkButton\">"
            f"{inside}</object></child></template></interface>\n")


ICON = '<property name="icon-name">list-add-symbolic</property>'
TIP = '<property name="tooltip-text" translatable="yes">New</property>'
LABEL = '<accessibility><property name="label" translatable="yes">New</property></accessibility>'

# rule, path, bad text, good text
CASES = [
    ('include-arrows', 'src/core/model/a.c', inc('wire/bobbin-sse.h'), inc('model/bobbin-thread.h', 'bobbin-types.h')),
    ('include-arrows', 'src/core/model/b.c', inc('core/session/bobbin-session.h'), inc('bobbin-thread.h')),
    ('include-arrows', 'src/core/store/a.c', inc('wire/bobbin-sse.h'), inc('model/bobbin-thread.h')),
    ('include-arrows', 'src/core/wire/a.c', inc('transport/bobbin-http.h'), inc('bobbin-sse.h')),
    ('include-arrows', 'src/core/session/a.c', inc('store/bobbin-store-db.h'), inc('store/bobbin-store.h')),
    ('include-arrows', 'src/core/session/b.c', inc('app/bobbin-app.h'), inc('wire/bobbin-sse.h')),
    ('include-arrows', 'src/core/secret/a.c', inc('store/bobbin-store.h'), inc('bobbin-secrets.h')),
    ('include-arrows', 'src/demo/a.c', inc('core/transport/bobbin-http.h'), inc('core/wire/bobbin-sse.h')),
    ('include-arrows', 'src/core/backend/one/a.c', inc('demo/bobbin-demo.h'), inc('transport/bobbin-http.h')),
    ('include-arrows', 'src/ui/window/a.c', inc('core/store/bobbin-store-db.h'), inc('core/store/bobbin-store.h')),
    ('include-arrows', 'src/cli/a.c', inc('ui/app/bobbin-app.h'), inc('core/store/bobbin-store-db.h')),
    ('include-arrows', 'src/attic/a.c', inc('core/wire/bobbin-sse.h'), None),
    ('backends-are-strangers', 'src/core/backend/two/a.c', inc('backend/one/bobbin-one.h'), inc('wire/bobbin-sse.h')),
    ('no-gtk-below-the-interface', 'src/core/util/a.c', '#include <gtk/gtk.h>\n', '#include <gio/gio.h>\n'),
    ('no-gtk-below-the-interface', 'src/cli/a.c', '#include <adwaita.h>\n', '/* #include <adwaita.h> */\n'),
    ('soup-stays-in-transport', 'src/core/session/a.c', '#include <libsoup/soup.h>\n', '#include <gio/gio.h>\n'),
    ('soup-stays-in-transport', 'src/demo/a.c', 'x = soup_session_new ();\n', 'x = soup_server_new ("a", NULL);\n'),
    ('file-length', 'src/core/util/a.c', 'int x;\n' * 801, 'int x;\n' * 800),
    ('function-length', 'src/core/util/a.c', func(81), func(80)),
    ('function-length', 'tests/core/a.c', func(81), func(90, 'bobbin_x_class_init')),
    ('function-length', 'src/core/util/b.c', func(81), func(90, body='    case X: return "x";\n')),
    ('function-length', 'src/core/util/c.c', func(81, body='  x ("{");\n'),
     'struct _X\n{\n' + '  int x;\n' * 90 + '};\n'),
    ('own-includes', 'src/core/util/a.c', inc(*[f'a{i}.h' for i in range(16)]), inc(*[f'a{i}.h' for i in range(15)])),
    ('line-length', 'src/core/util/a.c', 'x' * 121 + '\n', 'x' * 120 + '\n'),
    ('no-tabs', 'src/core/util/a.c', '\tint x;\n', '  int x;\n'),
    ('no-trailing-space', 'src/core/util/a.c', 'int x; \n', 'int x;\n'),
    ('no-trailing-space', 'tests/a.sh', 'true\n\n', 'true\n'),
    ('block-comments-only', 'src/core/util/a.c', 'int x; // why\n', 'const char *x = "http://a"; /* http://b */\n'),
    ('log-domain-first', 'src/core/util/a.c', '#include "config.h"\n', '/* What it is. */\n' + HEAD),
    ('no-leftovers', 'src/core/util/a.c', '/* TODO: more */\n', '/* nothing to do */\n'),
    ('no-leftovers', 'src/ui/app/a.ui', '<!-- a stub -->\n', '<property name="placeholder-text">x</property>\n'),
    ('no-foreign-paths', 'tests/a.sh', 'cd /home/somebody\n', 'cd "$tmp/home"\n'),
    ('no-foreign-paths', 'README.md', 'see shared/protocols\n', 'see nebelus.md, section 6\n'),
    ('banned-calls', 'src/core/util/a.c', '  strcpy (a, b);\n', '  g_strlcpy (a, b, 3); /* not strcpy (a, b) */\n'),
    ('banned-calls', 'src/core/util/b.c', '  g_main_context_iteration (NULL, TRUE);\n', '  x ("system (1)");\n'),
    ('banned-calls', 'src/core/util/c.c', '  bobbin_store_get_default ();\n', '  gdk_display_get_default ();\n'),
    ('banned-calls', 'src/core/util/d.c', '  g_settings_new ("x");\n', '  settings ();\n'),
    ('banned-calls', 'tests/core/a.c', '  g_usleep (10);\n', '  g_timeout_add (10, cb, NULL);\n'),
    ('no-sleep-in-tests', 'tests/e2e/a.py', 'def test_x():\n    time.sleep(1)\n', 'def poll():\n    time.sleep(1)\n'),
    ('no-sleep-in-tests', 'tests/a.sh', '#!/bin/sh\nsleep 1\n', '#!/bin/sh\nuntil [ -s x ]; do sleep 0.05; done\n'),
    ('leaflet-only-in-window', 'src/ui/sidebar/a.c', '  adw_leaflet_new ();\n', '  adw_bin_new ();\n'),
    ('leaflet-only-in-window', 'src/ui/sidebar/a.ui', '<object class="AdwFlap"/>\n', '<object class="AdwBin"/>\n'),
    ('every-source-has-a-test', 'src/core/wire/bobbin-json-frame.c', 'x\n', None),
    ('every-source-has-a-test', 'src/core/store/bobbin-sqlite-store.c', 'x\n', None),
    ('potfiles-complete', 'src/ui/app/a.c', '  x (_("Hello"));\n', '  x ("Hello");\n'),
    ('potfiles-complete', 'src/ui/app/a.ui', '<property translatable="yes">x</property>\n', '<property>x</property>\n'),
    ('icon-buttons-are-named', 'src/ui/app/a.ui', button(ICON + TIP), button(ICON + TIP + LABEL)),
    ('icon-buttons-are-named', 'src/ui/app/b.ui', button(ICON + LABEL), button(TIP)),
    ('icon-buttons-are-named', 'src/ui/app/c.ui', '<interface>\n', None),
]


def problems(name, files):
    tree = style.Tree(style.File(p, t) for p, t in {**BASE, **files}.items())
    return [p for p in style.RULES[name](tree) if not isinstance(p, style.Warn)]


def main():
    checks = []
    for name, path, bad, good in CASES:
        checks.append((f'{name} finds {path}', bool(problems(name, {path: bad}))))
        if good is not None:
            found = problems(name, {path: good})
            checks.append((f'{name} leaves a good {path} alone {found or ""}', not found))
    source, test = 'src/core/wire/bobbin-sse-parser.c', 'tests/core/wire/test-sse.c'
    checks.append(('a test is shared by first word', not problems('every-source-has-a-test', {source: 'x', test: 'x'})))
    source, test = 'src/core/store/bobbin-sqlite-store.c', 'tests/core/store/test-store.c'
    checks.append(('a test of the noun counts', not problems('every-source-has-a-test', {source: 'x', test: 'x'})))
    stale = problems('potfiles-complete', {'po/POTFILES': 'src/ui/app/gone.c\n'})
    checks.append(('potfiles-complete finds a name that is gone', bool(stale)))
    checks.append(('every rule is tested', {c[0] for c in CASES} == set(style.RULES)))
    print('TAP version 13')
    print(f'1..{len(checks)}')
    for i, (name, good) in enumerate(checks, 1):
        print(f'{"ok" if good else "not ok"} {i} {name}')
    return 0 if all(good for _, good in checks) else 1


if __name__ == '__main__':
    sys.exit(main())
