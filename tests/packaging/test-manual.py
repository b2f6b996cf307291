#!/usr/bin/python3
"""bobbin(1): well formed, and it names every command and option of the program and no other."""

import os
import re

from tap import BUILD, commands, main, options_of, output, read, same, silent, version

PAGE = os.path.join(BUILD, 'data', 'bobbin.1')


def plain(text):
    """roff without its escapes."""
    text = re.sub(r'\\f[BIRP]|\\c|\\&', '', text)
    return text.replace('\\-', '-').replace('\\~', ' ')


def sections():
    """{name of a section or subsection: its lines}"""
    found, name = {}, ''
    with open(PAGE, encoding='utf-8') as file:
        for line in file:
            m = re.match(r'\.S[HS] (.*)', line)
            if m:
                name = plain(m.group(1))
            found.setdefault(name, []).append(line)
    return {name: plain(''.join(lines)) for name, lines in found.items()}


def groff_is_content():
    env = {**os.environ, 'MANROFFSEQ': '', 'MANWIDTH': '80', 'LC_ALL': 'C.UTF-8'}
    silent('man', '--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z', PAGE, env=env, preexec_fn=quiet)


def quiet():
    """The page itself goes nowhere; complaints come on the other channel."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def mandoc_is_content():
    silent('mandoc', '-Tlint', '-Wwarning', PAGE)


def every_option_is_told():
    told = sections()
    everything = {'--verbose', '--help', '--version'}
    same(re.findall(r'(--[\w-]+)', ' '.join(re.findall(r'^\.B.*', told['For every command'], re.M))), everything, 'for every command')
    for words in commands():
        name = 'bobbin ' + ' '.join(words)
        (section,) = [s for s in told if name in s.split(', ') or name == s] or [None]
        assert section, f'“{name}” is not told'
        tags = re.findall(r'^\.TP\n\.(?:B|BR|BI|I) (.*)', told[section], re.M)
        same([o for t in tags for o in re.findall(r'(?<![\w-])--[\w-]+', t)], options_of(*words) - {'--verbose'}, name)


def the_window_is_told():
    (line,) = re.findall(r'^  bobbin (\[--.*?\])  ', output(os.path.join(BUILD, 'src', 'bobbin'), '--help'), re.M)
    tags = ' '.join(re.findall(r'^\.TP\n\.(?:B|BR|BI|I) (.*)', sections()['For the window'], re.M))
    same(re.findall(r'--[\w-]+', tags), set(re.findall(r'--[\w-]+', line)) | {'--gapplication-service'}, 'for the window')


def every_service_and_exit_status_is_told():
    told = sections()
    said = output(os.path.join(BUILD, 'src', 'bobbin'), '--help')
    statuses = dict(re.findall(r'(\d) (\w+)', said.split('Exit status:')[1]))
    same(re.findall(r'^\.B (\d)$', told['EXIT STATUS'], re.M), statuses, 'exit statuses')
    code = read('src', 'core', 'backend', 'bobbin-registry.c')
    for service, body in re.findall(r'^static const BobbinServiceOption (\w+)_options\[\] = \{(.*?)^\};', code, re.M | re.S):
        for key in re.findall(r'\.key = "([\w-]+)"', body):
            assert re.search(r'\b%s\s*=' % key, told['OPTIONS OF SERVICES']), f'option {key} of {service} is not told'


def version_is_the_programs():
    with open(PAGE, encoding='utf-8') as file:
        assert f'"Bobbin {version()}"' in file.read()
    assert output(os.path.join(BUILD, 'src', 'bobbin'), '--version') == f'bobbin {version()}\n'


if __name__ == '__main__':
    main([groff_is_content, mandoc_is_content, every_option_is_told, the_window_is_told, every_service_and_exit_status_is_told,
          version_is_the_programs])
