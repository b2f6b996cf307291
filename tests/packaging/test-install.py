#!/usr/bin/python3
"""What is installed: each file in its place and nothing else, nothing of the build's own place in it, and it starts from there."""

import json
import os
import re
import subprocess
import tempfile

from tap import BUILD, TOP, app_id, main, output, same, tool, version

PLACE = tempfile.TemporaryDirectory(prefix='bobbin-install-')
ROOT = PLACE.name


def prefix():
    options = json.loads(subprocess.run([tool('meson'), 'introspect', BUILD, '--buildoptions'], capture_output=True, text=True,
                                        check=True).stdout)
    return ROOT + next(option['value'] for option in options if option['name'] == 'prefix')


output('meson', 'install', '-C', BUILD, '--no-rebuild', '--strip', '--destdir', ROOT, env={**os.environ, 'LC_ALL': 'C.UTF-8'})
PREFIX = prefix()


def languages():
    with open(os.path.join(TOP, 'po', 'LINGUAS'), encoding='utf-8') as file:
        return [word for line in file for word in line.split('#')[0].split()]


def each_file_in_its_place():
    ident = app_id()
    wanted = {
        'bin/bobbin', f'share/applications/{ident}.desktop', f'share/dbus-1/services/{ident}.service',
        f'share/dbus-1/services/{ident}.SearchProvider.service', f'share/gnome-shell/search-providers/{ident}.search-provider.ini',
        f'share/glib-2.0/schemas/{ident}.gschema.xml', f'share/metainfo/{ident}.metainfo.xml',
        f'share/icons/hicolor/scalable/apps/{ident}.svg', f'share/icons/hicolor/symbolic/apps/{ident}-symbolic.svg',
        'share/man/man1/bobbin.1', 'share/bash-completion/completions/bobbin', 'share/zsh/site-functions/_bobbin',
        'share/fish/vendor_completions.d/bobbin.fish',
    } | {f'share/locale/{language}/LC_MESSAGES/bobbin.mo' for language in languages()}
    found = {os.path.relpath(os.path.join(folder, name), PREFIX) for folder, _, names in os.walk(ROOT) for name in names}
    same(found, wanted, 'files')
    for path in wanted:
        mode = os.stat(os.path.join(PREFIX, path)).st_mode & 0o777
        assert mode == (0o755 if path.startswith('bin/') else 0o644), f'{path} has mode {mode:o}'


def nothing_of_the_build():
    for folder, _, names in os.walk(ROOT):
        for name in names:
            with open(os.path.join(folder, name), 'rb') as file:
                data = file.read()
            for place in (TOP, BUILD, ROOT):
                # "../src/x.c" is no place, even where the sources are in /src
                assert not re.search(rb'(?<![\w.-])' + re.escape(place.encode()), data), f'{name} names {place}'


def the_program_is_stripped_and_has_no_search_path():
    program = os.path.join(PREFIX, 'bin', 'bobbin')
    said = output('readelf', '--dynamic', '--sections', '--wide', program)
    assert 'RPATH' not in said and 'RUNPATH' not in said and '.debug_info' not in said
    assert 'libgtk-4.so' in said


def it_starts_without_a_display():
    env = {k: v for k, v in os.environ.items() if k not in ('DISPLAY', 'WAYLAND_DISPLAY', 'GSETTINGS_SCHEMA_DIR')}
    env.update(HOME=ROOT, XDG_DATA_HOME=ROOT + '/data', DBUS_SESSION_BUS_ADDRESS='disabled:')
    assert output(os.path.join(PREFIX, 'bin', 'bobbin'), '--version', env=env) == f'bobbin {version()}\n'
    output(os.path.join(PREFIX, 'bin', 'bobbin'), '--help', env=env)
    assert output(os.path.join(PREFIX, 'bin', 'bobbin'), 'accounts', env=env) == ''


if __name__ == '__main__':
    main([each_file_in_its_place, nothing_of_the_build, the_program_is_stripped_and_has_no_search_path, it_starts_without_a_display])
