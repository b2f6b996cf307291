#!/usr/bin/python3
"""The command line with a server of each kind: checking the account, what the server has, state and metadata, keys, tools that ask."""

import json
import os
import subprocess
import sys
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli_harness import Profile, main, read_until


class Service:
    """tests/servers/NAME in a process of its own."""

    def __init__(self, name, *args):
        self.name = name
        self.process = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(os.environ['AGENTFLOW']), name), *args],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=dict(os.environ, BOBBIN_TEST_SERVER_STDIN='1'))
        self.facts = {}
        for line in self.process.stdout:
            word, _, rest = line.rstrip('\n').partition(' ')
            if word == 'ready':
                break
            self.facts[word] = rest
        self.url = self.facts['listening'].split()[-1]
        self.key = self.facts['key']

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def add(self, profile, *extra, stdin=b''):
        agent = self.facts.get('agent', '-')
        return profile.bobbin('accounts', 'add', '--name', 'Work', '--service', self.name, '--base-url', self.url,
                              *(['--agent', agent] if agent != '-' else []), *extra, stdin=stdin)

    def call(self, method, path, body=None, **headers):
        request = urllib.request.Request(self.url + path, None if body is None else json.dumps(body).encode(),
                                         {'Content-Type': 'application/json', **headers}, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


SERVERS = {'agentflow': ['--key', 'sk-tide-0123456789'], 'aibtc': [], 'assistants': [], 'entities': []}


def test_check():
    for name, args in SERVERS.items():
        with Profile() as profile, Service(name, *args) as server:
            server.add(profile).exits(0)
            done = profile.bobbin('accounts', 'check', '--account-key-stdin', 'Work', stdin=server.key + '\n').exits(0)
            assert server.key not in done.out + done.err, done.out
            wrong = '00000000-0000-4000-8000-000000000000'
            done = profile.bobbin('accounts', 'check', '--account-key-stdin', 'Work', stdin=wrong + '\n').exits(3).complains()
            assert wrong not in done.out + done.err, done.out + done.err


def test_nobody_is_there():
    for name, args in SERVERS.items():
        with Profile() as profile, Service(name, *args) as server:
            server.add(profile).exits(0)
            server.process.kill()
            server.process.wait()
            profile.bobbin('accounts', 'check', '--account-key-stdin', 'Work', stdin=server.key + '\n').exits(4).complains()


def test_show_what_was_never_opened_here():
    with Profile() as profile, Service('agentflow') as server:
        server.add(profile).exits(0)
        thread = '0b9d2c1e-4f57-4a0e-9a66-5e0f6f1d2a33'
        said = [{'role': role, 'content': [{'type': 'text', 'text': f'{role} {n}'}]} for n in range(120) for role in ('user', 'assistant')]
        server.call('POST', f'/v1/threads/{thread}/messages', {'messages': said})
        profile.bobbin('show', thread).exits(2).complains('--account')
        shown = profile.bobbin('show', thread, '--account', 'Work').exits(0).out
        assert shown.index('user 0') < shown.index('assistant 0') < shown.index('user 119'), shown[:500]
        told = json.loads(profile.bobbin('show', thread, '--account', 'Work', '--format', 'json').exits(0).out)
        assert [m['role'] for m in told['messages']] == ['user', 'assistant'] * 120, len(told['messages'])
        assert profile.threads() == [], 'showing keeps nothing'
        profile.bobbin('show', thread, '--account', 'Elsewhere').exits(2).complains('Elsewhere')


def test_show_again_from_the_server():
    with Profile() as profile, Service('agentflow') as server:
        server.add(profile).exits(0)
        profile.bobbin('ask', 'plain').exits(0)
        thread = profile.threads()[0]
        server.call('POST', f'/v1/threads/{thread["server_id"]}/messages',
                    {'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'from a phone'}]}]})
        assert 'from a phone' not in profile.bobbin('show', thread['thread']).exits(0).out
        assert 'from a phone' in profile.bobbin('show', thread['thread'], '--remote').exits(0).out


def test_show_where_nothing_is_kept():
    with Profile() as profile:
        profile.bobbin('accounts', 'add', '--name', 'Work', '--service', 'nebelus', '--base-url', 'http://127.0.0.1:1').exits(0)
        profile.bobbin('show', 'th_1', '--account', 'Work').complains()


def test_provider_key():
    with Profile() as profile, Service('entities') as server:
        done = server.add(profile, '--key-stdin', '--provider-key-stdin', stdin=f'{server.key}\nsk-provider-9876543210\n').exits(0)
        # Without a keyring both are said to be missing; what they are is told nowhere.
        assert 'provider' in done.err and 'sk-provider' not in done.out + done.err, done.err
        server.add(profile, '--key-stdin', '--provider-key-stdin', stdin='only-one-line\n').exits(2).complains('two lines')
    with Profile() as profile, Service('agentflow') as server:
        server.add(profile, '--provider-key-stdin', stdin='sk-provider-9876543210\n').exits(2).complains('provider')


def test_metadata():
    for name in ('assistants', 'entities'):
        with Profile() as profile, Service(name) as server:
            server.add(profile).exits(0)
            key = server.key + '\n'
            profile.bobbin('ask', '--account-key-stdin', 'hello', stdin=key).exits(0)
            thread = profile.threads()[0]['thread']
            profile.bobbin('metadata', thread, 'set', '--account-key-stdin', '{"place": "kitchen"}', stdin=key).exits(0)
            told = json.loads(profile.bobbin('metadata', thread, '--account-key-stdin', stdin=key).exits(0).out)
            assert told['place'] == 'kitchen', told
            profile.bobbin('state', thread, '--account-key-stdin', stdin=key).exits(1).complains('state')
            told = json.loads(profile.bobbin('metadata', thread, 'clear', '--account-key-stdin', stdin=key).exits(0).out)
            assert 'place' not in told, told


def test_limited():
    """A server that takes no messages for a while: said, and nothing is sent again by itself."""
    with Profile() as profile, Service('agentflow') as server:
        server.add(profile).exits(0)
        fault = {'match': 'POST /v1/graph/stream', 'status': 429, 'headers': {'Retry-After': '1'},
                 'body': {'error': {'code': 'RATE_LIMIT_EXCEEDED', 'message': 'Too many requests.'}}}
        server.call('POST', '/_test/faults', fault)
        profile.bobbin('ask', 'plain').exits(5).complains()
        sent = [r for r in server.call('GET', '/_test/requests')['requests'] if r['path'] == '/v1/graph/stream']
        assert len(sent) == 1, sent


def test_outputs():
    """The results of tools that the agent asks for are given along; without them the question stays."""
    for name, said in (('assistants', 'The shop says in April.'), ('entities', 'The office says in April.')):
        with Profile() as profile, Service(name) as server:
            server.add(profile).exits(0)
            key = server.key + '\n'
            done = profile.bobbin('ask', '--account-key-stdin', '--output', 'in April', 'use a tool', stdin=key).exits(0)
            assert said in done.out, done.out
            profile.bobbin('ask', '--account-key-stdin', '--output', 'one', 'two tools', stdin=key).exits(1).complains('2')
            done = profile.bobbin('ask', '--account-key-stdin', '--output', 'one', '--output', 'two', 'two tools', stdin=key).exits(0)
            assert 'one and two' in done.out, done.out
            profile.bobbin('ask', '--account-key-stdin', 'use a tool', stdin=key).exits(1).complains('--output')


def test_outputs_at_a_terminal():
    """A person is asked for each result that was not given along, by the name of its tool."""
    with Profile() as profile, Service('assistants') as server:
        server.add(profile).exits(0)
        master, slave = os.openpty()
        process = profile.start('ask', '--account-key-stdin', '--output', 'one', 'two tools', stdin=slave, start_new_session=True)
        os.close(slave)
        read_until(process.stderr.fileno(), b'type the key')
        os.write(master, (server.key + '\n').encode())
        read_until(process.stderr.fileno(), b'Result of ')
        os.write(master, 'zwei €\n'.encode())
        out = process.stdout.read().decode()
        assert process.wait() == 0 and 'one and zwei €' in out, (out, process.stderr.read())
        os.close(master)
        process.stdout.close()
        process.stderr.close()


def test_pause():
    """A pause is told with the way to answer it, and any message does."""
    with Profile() as profile, Service('agentflow') as server:
        server.add(profile).exits(0)
        done = profile.bobbin('ask', 'approve').exits(0)
        thread = profile.threads()[0]['thread']
        assert 'APPROVAL' in done.err and thread in done.err, done.err
        done = profile.bobbin('ask', '--thread', thread, 'yes').exits(0)
        assert 'Approved and filed.' in done.out, done.out


if __name__ == '__main__':
    main([value for name, value in list(globals().items()) if name.startswith('test_')])
