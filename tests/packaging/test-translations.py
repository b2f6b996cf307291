#!/usr/bin/python3
"""Every text a person reads can be translated: POTFILES is complete, the template is clean, translations check."""

import os
import re
import subprocess
import tempfile

from tap import TOP, Skip, main, output, read, same, tool, tracked

MARKED = re.compile(r'\b(?:N?_|C_|NC_|ngettext|g_dngettext|g_dpgettext2)\s*\(')
FLAGS = ('--from-code=UTF-8', '--add-comments=Translators', '--keyword=_', '--keyword=N_', '--keyword=C_:1c,2',
         '--keyword=NC_:1c,2', '--keyword=g_dngettext:2,3', '--flag=ngettext:1:pass-c-format')


def potfiles():
    return [line for line in read('po', 'POTFILES').splitlines() if line and not line.startswith('#')]


def texts(path):
    text = read(path)
    if path.endswith('.c'):
        return MARKED.search(re.sub(r'/\*.*?\*/|#define [^\n]*', '', text, flags=re.S))
    return re.search(r'translatable="(?:yes|true|1)"', text)


def potfiles_are_complete():
    listed = potfiles()
    assert len(listed) == len(set(listed)), 'a file is listed twice'
    wanted = [p for p in tracked('.c', '.ui') if p.startswith('src/') and texts(p)]
    wanted += ['data/bobbin.desktop.in.in', 'data/bobbin.gschema.xml.in', 'data/bobbin.metainfo.xml.in.in']
    same(listed, wanted, 'POTFILES')


def template(folder, *more):
    pot = os.path.join(folder, 'bobbin.pot')
    env = {**os.environ, 'LC_ALL': 'C.UTF-8', 'GETTEXTDATADIRS': ':'.join(['/usr/share', '/usr/local/share'])}
    said = output('xgettext', *FLAGS, *more, '--directory', TOP, '--files-from', os.path.join(TOP, 'po', 'POTFILES'),
                  '--output', pot, env=env)
    return pot, said


def template_is_clean():
    with tempfile.TemporaryDirectory() as folder:
        pot, said = template(folder, *(f'--check={c}' for c in ('ellipsis-unicode', 'space-ellipsis', 'quote-unicode', 'bullet-unicode')))
        assert said.strip() == '', said
        output('msgfmt', '--check-format', '--check-domain', '--output-file', os.devnull, pot)
        with open(pot, encoding='utf-8') as file:
            entries = file.read().split('\n\n')
    bad = []
    for entry in entries[1:]:
        words = ''.join(re.findall(r'"(.*)"', '\n'.join(line for line in entry.splitlines() if not line.startswith('#'))))
        if 'c-format' in entry and 'msgid_plural' not in entry and len(re.findall(r'%[a-z]', words.replace('%%', ''))) > 1:
            bad.append(entry)
    assert len(entries) > 400, 'the template has few texts'
    assert not bad, 'two values without their positions (%1$s):\n' + '\n\n'.join(bad[:10])


def data_files_are_in_it():
    with tempfile.TemporaryDirectory() as folder:
        pot, _ = template(folder)
        said = subprocess.run([tool('msggrep'), '--location', 'data/*', pot], capture_output=True, text=True, check=True).stdout
    for words in ('Talk with AI agents and keep every conversation', 'Converse with AI agents', 'New Conversation',
                  'agent;assistant;', 'Enter sends the message'):
        assert words in said, f'“{words}” cannot be translated'
    for words in ('msgid "io.github', 'msgid "network', 'msgid "Bobbin"'):
        assert words not in said.replace('msgid "Bobbin"', '', 1), f'{words} must not be translated'


def translations_check():
    languages = [word for line in read('po', 'LINGUAS').splitlines() for word in line.split('#')[0].split()]
    same([f'po/{language}.po' for language in languages], [p for p in tracked('.po')], 'LINGUAS')
    if not languages:
        raise Skip('there is no translation')
    for language in languages:
        output('msgfmt', '--check', '--check-accelerators=_', '--output-file', os.devnull, os.path.join(TOP, 'po', language + '.po'))


if __name__ == '__main__':
    main([potfiles_are_complete, template_is_clean, data_files_are_in_it, translations_check])
