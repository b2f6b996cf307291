#!/usr/bin/python3
"""Completions for bash, zsh and fish offer every command and option of the program, and no other."""

import os
import re
import tempfile

from tap import BOBBIN, TOP, commands, main, options_of, output, read, same, silent

FOLDER = os.path.join(TOP, 'data', 'completions')
TOP_OPTIONS = {'--help', '--verbose', '--version', '--demo', '--new', '--quick', '--thread'}
PROFILE = tempfile.TemporaryDirectory(prefix='bobbin-completions-')
ENV = {**os.environ, 'LC_ALL': 'C.UTF-8', 'HOME': PROFILE.name, 'XDG_DATA_HOME': PROFILE.name + '/data',
       'PATH': os.path.dirname(BOBBIN) + ':' + os.environ['PATH'], 'DBUS_SESSION_BUS_ADDRESS': 'disabled:'}
for account in ('Work', 'At home'):
    output(BOBBIN, 'accounts', 'add', '--name', account, '--service', 'nebelus', '--agent', 'a', env=ENV)

BASH = r"""
source "$1"; shift
compopt() { :; }
COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_bobbin
printf '%s\n' "${COMPREPLY[@]}"
"""


def bash(*words):
    said = output('bash', '--norc', '-c', BASH, 'bash', os.path.join(FOLDER, 'bobbin.bash'), 'bobbin', *words, env=ENV)
    return [line for line in said.splitlines() if line]


def fish(line):
    said = output('fish', '--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', os.path.join(FOLDER, 'bobbin.fish'),
                  line, env=ENV)
    return [row.split('\t')[0] for row in said.splitlines() if row]


def first_words():
    return {words[0] for words in commands()} | {'help'}


def bash_offers_commands_and_options():
    same(bash(''), first_words(), 'commands')
    same(bash('-'), TOP_OPTIONS, 'options without a command')
    same(bash('accounts', ''), ['add', 'check', 'key', 'remove'], 'commands of accounts')
    for words in commands():
        same(bash(*words, '--'), options_of(*words) | {'--help'}, ' '.join(words))
    same(bash('state', '1', ''), ['get', 'set', 'clear'], 'state')


def bash_offers_values():
    same(bash('show', '--format', ''), ['md', 'json', 'html', 'txt'], 'formats')
    same(bash('show', '--format', '=', ''), ['md', 'json', 'html', 'txt'], 'formats after =')
    same(bash('show', '--format', '=', 'h'), ['html'], 'formats with h')
    same(bash('ask', '--account', ''), ['Work', r'At\ home'], 'accounts')
    same(bash('accounts', 'remove', 'W'), ['Work'], 'accounts')
    same(bash('ask', '--json', '--account', 'Work', '--n'), ['--new'], 'after an option with its value')
    same(bash('accounts', 'add', '--service', 'a'), ['agentflow', 'assistants', 'aibtc'], 'services')


def fish_offers_commands_and_options():
    silent('fish', '--no-execute', os.path.join(FOLDER, 'bobbin.fish'))
    same(fish('bobbin '), first_words(), 'commands')
    same(fish('bobbin --'), TOP_OPTIONS, 'options without a command')
    same(fish('bobbin accounts '), ['add', 'check', 'key', 'remove'], 'commands of accounts')
    for words in commands():
        same(fish(f'bobbin {" ".join(words)} --'), options_of(*words) | {'--help'}, ' '.join(words))


def fish_offers_values():
    same(fish('bobbin show --format '), ['md', 'json', 'html', 'txt'], 'formats')
    same(fish('bobbin ask --account '), ['Work', 'At home'], 'accounts')
    same(fish('bobbin accounts add --transport '), ['auto', 'ws', 'sse'], 'transports')


def zsh_offers_commands_and_options():
    silent('zsh', '-n', os.path.join(FOLDER, '_bobbin'))
    assert output('zsh', '-f', '-c', f'fpath=({FOLDER} $fpath); autoload -U compinit; compinit -u -D; print $_comps[bobbin]',
                  env=ENV) == '_bobbin\n'
    text = read('data', 'completions', '_bobbin')
    bodies = dict(re.findall(r'^(_bobbin\w*)\(\) \{\n(.*?)^\}', text, re.M | re.S))

    def options(body):
        return set(re.findall(r"'?\*?(?:\([^)]*\))?(?:'\{-\w,)?(--[\w-]+)=?[\[}]", body))

    common = options(re.search(r'^  common=.*', bodies['_bobbin'], re.M).group(0))
    assert common == {'--help', '--verbose'}, common
    same(options(bodies['_bobbin']), TOP_OPTIONS, 'options without a command')
    same(re.findall(r"^    '([\w-]+):", bodies['_bobbin_commands'], re.M), first_words(), 'commands')
    accounts = bodies['_bobbin_accounts_command']
    for words in commands():
        if words[0] != 'accounts':
            name = {'threads': 'threads_command', 'metadata': 'state', 'demo-server': 'demo_server'}.get(words[0], words[0])
            body = bodies['_bobbin_' + name]
        elif words == ('accounts', 'add'):
            body = bodies['_bobbin_service_add']
        else:
            label = words[1] if len(words) > 1 else r'\*'
            body = re.search(r'^    %s\)(.*?);;$' % label, accounts, re.M | re.S).group(1)
        got = options(body) | (common if '$common' in body else set())
        same(got, options_of(*words) | {'--help'}, ' '.join(words))


if __name__ == '__main__':
    main([bash_offers_commands_and_options, bash_offers_values, fish_offers_commands_and_options, fish_offers_values,
          zsh_offers_commands_and_options])
