#!/usr/bin/python3
"""The Flatpak manifests: exactly the permissions that are allowed, every download pinned. Building them is for
`tests/campaign.sh flatpak`."""

import json
import re

from tap import TOP, main, output, read, same, tracked

ID = 'io.github.bobbin_chat.Bobbin'
PERMISSIONS = ['--share=network', '--share=ipc', '--socket=wayland', '--socket=fallback-x11', '--device=dri']
ORDER = ['id', 'runtime', 'runtime-version', 'sdk', 'command', 'finish-args', 'cleanup', 'modules']


def manifest(name):
    return json.loads(read('flatpak', name + '.json'))


def names_are_the_ids():
    same(tracked('.json') and [p for p in tracked('.json') if p.startswith('flatpak/')],
         [f'flatpak/{ID}.json', f'flatpak/{ID}.Devel.json'], 'manifests')
    for name in (ID, ID + '.Devel'):
        assert manifest(name)['id'] == name
        text = read('flatpak', name + '.json')
        assert text.endswith('}\n') and '\r' not in text and not re.search(r'^ +', text, re.M), f'{name}: indent with tabs'
        assert list(manifest(name)) == ORDER, list(manifest(name))


def permissions_are_these_five():
    for name in (ID, ID + '.Devel'):
        assert manifest(name)['finish-args'] == PERMISSIONS, manifest(name)['finish-args']
        assert manifest(name)['command'] == 'bobbin'


def sources_are_pinned():
    for name in (ID, ID + '.Devel'):
        modules = manifest(name)['modules']
        assert modules[-1]['name'] == 'bobbin'
        for module in modules:
            assert 'build-args' not in module.get('build-options', {}), f'{module["name"]} wants something while it builds'
            for source in module['sources']:
                if source['type'] == 'dir':
                    assert module['name'] == 'bobbin' and source['path'] == '..'
                else:
                    assert source['type'] == 'archive' and source['url'].startswith('https://'), source
                    assert re.fullmatch('[0-9a-f]{64}', source['sha256']), source
            assert any('/share/licenses/' + name in line for line in module['post-install']), f'{module["name"]}: no licence'


def both_differ_by_the_profile_only():
    plain, devel = read('flatpak', ID + '.json'), read('flatpak', ID + '.Devel.json')
    assert devel.replace('.Devel', '').replace('profile=devel', 'profile=default') == plain


def flatpak_builder_reads_them():
    for name in (ID, ID + '.Devel'):
        said = json.loads(output('flatpak-builder', '--show-manifest', f'flatpak/{name}.json', cwd=TOP))
        same(said['finish-args'], PERMISSIONS, 'permissions')


if __name__ == '__main__':
    main([names_are_the_ids, permissions_are_these_five, sources_are_pinned, both_differ_by_the_profile_only, flatpak_builder_reads_them])
