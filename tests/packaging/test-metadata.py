#!/usr/bin/python3
"""Desktop file, D-Bus service, settings schema, metainfo and icons: one id in all of them, valid, and true to the program."""

import configparser
import datetime
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ET

from tap import TOP, app_id, built, main, output, read, same, silent, tool, version

SVG = '{http://www.w3.org/2000/svg}'


def desktop():
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str
    parser.read(built('.desktop'), encoding='utf-8')
    return parser


XML_LANG = '{http://www.w3.org/XML/1998/namespace}lang'  # of a translation


def metainfo():
    return ET.parse(built('.metainfo.xml')).getroot()


def ini(suffix):
    file = configparser.ConfigParser(interpolation=None)
    file.optionxform = str
    file.read(built(suffix))
    return file


def one_id_everywhere():
    ident = app_id()
    assert re.fullmatch(r'io\.github(\.[A-Za-z_][A-Za-z0-9_]*){2,3}', ident) and len(ident) <= 255, ident
    path = '/' + ident.replace('.', '/')
    root = metainfo()
    assert root.findtext('id') == ident
    assert [e.text for e in root.findall('launchable')] == [ident + '.desktop']
    assert desktop()['Desktop Entry']['Icon'] == ident
    service = ini('.service')
    assert service['D-BUS Service']['Name'] == ident
    assert service['D-BUS Service']['Exec'].endswith('/bin/bobbin --gapplication-service')
    search = ini('.SearchProvider.service')['D-BUS Service']
    assert search['Name'] == ident + '.SearchProvider' and search['Exec'].endswith('/bin/bobbin search-provider')
    # A Flatpak may own no name but those below its id, and exports no file that is named otherwise.
    provider = ini('.search-provider.ini')['Shell Search Provider']
    assert dict(provider) == {'DesktopId': ident + '.desktop', 'BusName': search['Name'], 'ObjectPath': path + '/SearchProvider',
                              'Version': '2'}
    schema = ET.parse(built('.gschema.xml')).getroot().find('schema')
    assert (schema.get('id'), schema.get('path')) == (ident, path + '/')
    assert os.path.isfile(built('.metainfo.xml')) and f'prefix="{path}"' in read_resources()


def read_resources():
    for folder, _, names in os.walk(os.path.join(os.path.dirname(built('')), '..', 'src', 'ui')):
        for name in names:
            if name.endswith('.gresource.xml'):
                with open(os.path.join(folder, name), encoding='utf-8') as file:
                    return file.read()
    raise AssertionError('no list of resources in the build directory')


def desktop_file_is_valid():
    silent('desktop-file-validate', built('.desktop'))
    entry = desktop()['Desktop Entry']
    for key in ('Type', 'Name', 'GenericName', 'Comment', 'Exec', 'Icon', 'StartupNotify', 'Terminal', 'Categories',
                'Keywords', 'DBusActivatable', 'X-GNOME-UsesNotifications'):
        assert key in entry, f'{key} is missing'
    assert entry['Exec'] == 'bobbin %U' and entry['Terminal'] == 'false' and entry['DBusActivatable'] == 'true'
    for key in ('Categories', 'Keywords', 'MimeType', 'Actions'):
        assert entry[key].endswith(';'), f'{key} does not end with a semicolon'
    assert 'Network' in entry['Categories'].split(';')
    assert entry['Name'].lower() not in entry['Keywords'].lower().split(';')
    for key in ('Hidden', 'NoDisplay', 'Encoding', 'SingleMainWindow'):
        assert key not in entry, f'{key} does not belong there'


def desktop_actions_are_the_programs():
    parser = desktop()
    names = [n for n in parser['Desktop Entry']['Actions'].split(';') if n]
    same([s.removeprefix('Desktop Action ') for s in parser.sections() if s != 'Desktop Entry'], names, 'desktop actions')
    code = read('src', 'ui', 'app', 'bobbin-application-actions.c')
    for name in names:
        assert re.search(r'\{ "%s", \w+, NULL' % re.escape(name), code), f'there is no action app.{name}'
        assert parser['Desktop Action ' + name]['Exec'].startswith('bobbin ')


def schema_is_strict():
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(built('.gschema.xml'), os.path.join(folder, os.path.basename(built('.gschema.xml'))))
        silent('glib-compile-schemas', '--strict', '--dry-run', folder)
    text = read('data', 'bobbin.gschema.xml.in')
    for key in ET.fromstring(text.encode()).iter('key'):
        assert key.findtext('summary'), f'{key.get("name")} has no summary'
        assert not re.search('password|secret|token', key.get('name')), f'{key.get("name")} sounds like a secret'


def metainfo_is_valid():
    said = output('appstreamcli', 'validate', '--no-net', '--explain', '--pedantic', built('.metainfo.xml'))
    # Debian 12's appstreamcli does not know <developer> yet; ids of this form have upper case letters.
    known = ('cid-contains-uppercase-letter', 'unknown-tag developer')
    problems = [line for line in said.splitlines() if re.match('[EWIP]: ', line) and not any(k in line for k in known)]
    assert not problems, '\n'.join(problems)


def metainfo_says_what_it_should():
    root = metainfo()
    assert root.get('type') == 'desktop-application'
    assert root.findtext('metadata_license') == 'CC0-1.0' and root.findtext('project_license') == 'GPL-3.0-or-later'
    assert len(root.findtext('name')) < 15
    summary = root.findtext('summary')
    assert 10 <= len(summary) <= 35 and not summary.endswith('.') and summary[0].isupper(), summary
    assert not re.match(r'(A|An|The)\b', summary) and not re.search(r'\b(app|tool|client|GTK|Bobbin)\b', summary), summary
    items = [li for li in root.findall('description//li') if XML_LANG not in li.attrib]
    assert len(items) <= 10 and len(root.findall('description/p')) >= 1
    same([u.get('type') for u in root.findall('url')],
         ['homepage', 'bugtracker', 'vcs-browser', 'help', 'translate', 'contribute'], 'addresses')
    assert all(u.text.startswith('https://') for u in root.findall('url'))
    assert root.find('content_rating').get('type') == 'oars-1.1' and root.find('content_rating/content_attribute') is not None
    assert root.find('developer').get('id') and root.findtext('developer/name')
    assert root.findtext('requires/display_length') == '360'
    same([c.text for c in root.findall('supports/control')], ['keyboard', 'pointing', 'touch'], 'controls')
    colours = {c.get('scheme_preference'): c.text for c in root.findall('branding/color')}
    assert set(colours) == {'light', 'dark'} and colours['light'] != colours['dark'], colours
    assert root.findtext('translation') == 'bobbin' and root.find('mimetypes') is None


def releases_are_in_order():
    releases = metainfo().findall('releases/release')
    assert releases[0].get('version') == version(), f'the newest release is not {version()}'
    dates = [datetime.date.fromisoformat(r.get('date')) for r in releases]
    assert dates == sorted(dates, reverse=True) and dates[0] <= datetime.date.today(), dates
    for older, newer in zip(releases[1:], releases):
        output('appstreamcli', 'vercmp', older.get('version'), 'lt', newer.get('version'))
    for release in releases:
        words = ' '.join(''.join(p.itertext()) for p in release.findall('description/p'))
        assert len(words) > 60, f'{release.get("version")} says nothing'


def screenshots_are_there():
    shots = metainfo().findall('screenshots/screenshot')
    assert 3 <= len(shots) <= 6 and [s.get('type') for s in shots] == ['default'] + [None] * (len(shots) - 1)
    names = []
    for shot in shots:
        url = shot.findtext('image')
        tag, path = re.fullmatch(r'https://raw\.githubusercontent\.com/[\w-]+/[\w-]+/([^/]+)/(data/screenshots/\w+\.png)', url).groups()
        assert tag == 'v' + version(), f'{url} is not of this version'
        caption = shot.findtext('caption')
        assert caption and not caption.endswith('.') and caption[0].isupper(), caption
        names.append(os.path.basename(path))
        with open(os.path.join(TOP, path), 'rb') as file:
            head = file.read(24)
        size = int.from_bytes(head[16:20], 'big'), int.from_bytes(head[20:24], 'big')
        assert head.startswith(b'\x89PNG') and size[0] <= 2000 and size[1] <= 1400, (path, size)
    same(names, os.listdir(os.path.join(TOP, 'data', 'screenshots')), 'pictures')


def icons_are_well_formed():
    folder = os.path.join(TOP, 'data', 'icons')
    for name, side in (('bobbin.svg', 128), ('bobbin-devel.svg', 128), ('bobbin-symbolic.svg', 16)):
        path = os.path.join(folder, name)
        silent('xmllint', '--noout', '--nonet', path)
        root = ET.parse(path).getroot()
        assert (root.get('width'), root.get('height'), root.get('viewBox')) == (str(side), str(side), f'0 0 {side} {side}'), name
        text = read('data', 'icons', name)
        assert 'SPDX-License-Identifier' in text and not re.search(r'<image|href="(?!#)|<style|<filter|inkscape|sodipodi', text), name
    paints = set(re.findall(r'(?:fill|stroke)="([^"]+)"', read('data', 'icons', 'bobbin-symbolic.svg')))
    assert paints == {'#2e3436'}, f'the symbolic icon has {sorted(paints)}'


def icons_can_be_seen():
    """Drawn at each size: something is there, and it keeps off the edge."""
    convert, render = tool('convert'), tool('rsvg-convert')
    for name in ('bobbin.svg', 'bobbin-devel.svg', 'bobbin-symbolic.svg'):
        for size in (16, 32, 48, 64, 128):
            png = subprocess.run([render, '-w', str(size), os.path.join(TOP, 'data', 'icons', name)], check=True,
                                 capture_output=True).stdout
            alpha = subprocess.run([convert, 'png:-', '-alpha', 'extract', '-depth', '8', 'gray:-'], input=png, check=True,
                                   capture_output=True).stdout
            assert len(alpha) == size * size, (name, size)
            seen = sum(a > 128 for a in alpha)
            assert seen > size * size * 0.3, f'{name} at {size}: {seen} of {size * size} pixels'
            edge = alpha[:size] + alpha[-size:] + alpha[::size] + alpha[size - 1::size]
            assert max(edge) < 200, f'{name} at {size} touches the edge'


if __name__ == '__main__':
    main([one_id_everywhere, desktop_file_is_valid, desktop_actions_are_the_programs, schema_is_strict, metainfo_is_valid,
          metainfo_says_what_it_should, releases_are_in_order, screenshots_are_there, icons_are_well_formed, icons_can_be_seen])
