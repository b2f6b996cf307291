#!/usr/bin/python3
"""debian/ agrees with the rest: versions, dependencies, licences. Building it is for `tests/campaign.sh deb`."""

import fnmatch
import os
import re
import subprocess

from tap import TOP, main, output, read, same, tracked, version

# pkg-config or library name in meson.build: the package it is in
PACKAGES = {
    'glib-2.0': 'libglib2.0-dev', 'gio-2.0': 'libglib2.0-dev', 'gio-unix-2.0': 'libglib2.0-dev', 'libsoup-3.0': 'libsoup-3.0-dev',
    'json-glib-1.0': 'libjson-glib-dev', 'libsecret-1': 'libsecret-1-dev', 'sqlite3': 'libsqlite3-dev', 'gtk4': 'libgtk-4-dev',
    'libcmark-gfm': 'libcmark-gfm-dev', 'cmark-gfm-extensions': 'libcmark-gfm-extensions-dev', 'm': None,
    'libadwaita-1': 'libadwaita-1-dev', 'gtksourceview-5': 'libgtksourceview-5-dev', 'harfbuzz': 'libharfbuzz-dev',
    'enchant-2': 'libenchant-2-dev', 'libarchive': 'libarchive-dev',
}


def paragraphs(path):
    """Of a Debian control file: dictionaries."""
    found = []
    for block in re.split(r'\n\s*\n', read(path).strip()):
        fields, name = {}, None
        for line in block.splitlines():
            if line.startswith('#'):
                continue
            if line[:1].isspace():
                fields[name] += '\n' + line.strip()
            else:
                name, _, value = line.partition(':')
                fields[name] = value.strip()
        found.append(fields)
    return found


def build_depends():
    return {re.split(r'[\s(:]', d.strip())[0]: d for d in paragraphs('debian/control')[0]['Build-Depends'].replace('\n', ' ').split(',')}


def changelog_is_of_this_version():
    first = read('debian', 'changelog').splitlines()[0]
    upstream, revision = re.match(r'bobbin \((.+)-([^-)]+)\) ', first).groups()
    assert upstream == version() and revision, first


def every_library_is_a_build_dependency():
    text = read('meson.build')
    wanted = re.findall(r"(?:dependency|cc\.find_library)\('([\w.+-]+)'(?:, version: '>= ([\d.]+)')?", text)
    assert len(wanted) >= 12, wanted
    depends = build_depends()
    for name, floor in wanted:
        assert name in PACKAGES, f'{name} is in no package this test knows'
        package = PACKAGES[name]
        if package is None:
            continue
        assert package in depends, f'{package} (for {name}) is no build dependency'
        if floor and '>=' in depends[package]:
            assert f'(>= {floor})' in depends[package], f'{depends[package].strip()}: meson.build asks for {floor}'
    same(set(filter(None, PACKAGES.values())), {d for d in depends if d.startswith('lib') and d.endswith('-dev')}, 'libraries')


def copyright_covers_every_file():
    blocks = [p for p in paragraphs('debian/copyright') if 'Files' in p]
    licences = {p['License'].split()[0] for p in paragraphs('debian/copyright') if 'License' in p and 'Files' not in p}
    for block in blocks:
        assert block['Copyright'] and set(block['License'].split()) <= licences, block
    files = tracked()
    for pattern in ' '.join(b['Files'] for b in blocks).split():
        assert any(fnmatch.fnmatch(f, pattern) for f in files), f'{pattern} is no file'
    cc0 = next(b['Files'].split() for b in blocks if b['License'] == 'CC0-1.0')
    for path in files:
        if path.startswith(('data/', 'src/', 'po/', 'flatpak/')) and path.endswith(('.svg', '.xml.in.in')):
            text = read(path)
            if 'CC0-1.0' in text:
                assert any(fnmatch.fnmatch(path, p) for p in cc0), f'{path} is CC0-1.0, debian/copyright says otherwise'


def tests_are_there():
    for block in paragraphs('debian/tests/control'):
        for name in block['Tests'].split():
            assert os.access(os.path.join(TOP, 'debian', 'tests', name), os.R_OK), name
    assert os.access(os.path.join(TOP, 'debian', 'rules'), os.X_OK)


def changelog_parses():
    said = output('dpkg-parsechangelog', '-l', os.path.join(TOP, 'debian', 'changelog'), '-S', 'Version')
    assert said.startswith(version() + '-'), said
    subprocess.run(['date', '-d', output('dpkg-parsechangelog', '-l', os.path.join(TOP, 'debian', 'changelog'), '-S', 'Date').strip()],
                   check=True, capture_output=True)


if __name__ == '__main__':
    main([changelog_is_of_this_version, every_library_is_a_build_dependency, copyright_covers_every_file, tests_are_there,
          changelog_parses])
