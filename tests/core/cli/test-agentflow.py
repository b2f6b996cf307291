#!/usr/bin/python3
"""The command line with an AgentFlow server: a real process, faithful to the reference."""

import json
import os
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli_harness import Profile, main, poll


class AgentFlow:
    """tests/servers/agentflow in a process of its own."""

    def __init__(self, *args):
        self.process = subprocess.Popen([sys.executable, os.environ['AGENTFLOW'], '--port', '0', *args],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.url = self.process.stdout.readline().decode().split()[-1]
        while self.process.stdout.readline().decode().split()[:1] not in (['ready'], []):
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def open_account(profile, server, *extra):
    profile.bobbin('accounts', 'add', '--name', 'Tides', '--service', 'agentflow', '--base-url', server.url, *extra).exits(0)


def blocks_of(done, kind):
    return [event for event in done.of('block') if event['kind'] == kind]


def test_check():
    with Profile() as profile, AgentFlow() as server:
        open_account(profile, server)
        done = profile.bobbin('accounts', 'check', 'Tides').exits(0)
        assert 'AgentFlow' in done.out, done.out
        assert profile.threads() == []


def test_check_with_a_wrong_key():
    with Profile() as profile, AgentFlow('--key', 'sk-tide-0123456789') as server:
        open_account(profile, server)
        profile.bobbin('accounts', 'check', '--account-key-stdin', 'Tides', stdin='sk-tide-0123456789\n').exits(0)
        profile.bobbin('accounts', 'check', '--account-key-stdin', 'Tides', stdin='another-key-0123456789\n').exits(3).complains()


def test_ask_and_what_the_server_keeps():
    with Profile() as profile, AgentFlow('--names') as server:
        open_account(profile, server)
        first = profile.bobbin('ask', '--json', 'tide Cadiz').exits(0)
        calls = blocks_of(first, 'tool-call')
        assert calls, first.out
        assert first.of('stop')[-1]['state'] == 'complete'
        listed = profile.bobbin('threads', '--remote', '--json').exits(0).events
        assert len(listed) == 1, listed
        local = profile.threads()
        assert local[0]['server_id'] == listed[0]['server_id']

        profile.bobbin('ask', '--thread', local[0]['thread'], 'plain again').exits(0)
        shown = profile.show(local[0]['thread'])
        assert [message['role'] for message in shown['messages']] == ['user', 'assistant', 'user', 'assistant'], shown


def test_ask_with_a_file():
    with Profile() as profile, AgentFlow() as server:
        open_account(profile, server)
        path = os.path.join(profile.dir, 'chart.txt')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('depth 12 m')
        done = profile.bobbin('ask', '--attach', path, 'plain').exits(0)
        assert done.out.strip(), done


def test_a_pause_stays_in_the_conversation():
    with Profile() as profile, AgentFlow() as server:
        open_account(profile, server)
        done = profile.bobbin('ask', 'approve')
        assert done.code != 2, done.err
        state = json.loads(profile.bobbin('state', profile.threads()[0]['thread']).exits(0).out)
        assert state['execution_meta']['status'].startswith('interrupted'), state['execution_meta']


def test_stop():
    with Profile() as profile, AgentFlow() as server:
        open_account(profile, server)
        process = profile.start('ask', '--json', 'slow')
        poll(lambda: b'"delta"' in process.stdout.readline())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 1, err
        assert b'"stopped"' in out, out
        # The thread is not stuck afterwards.
        profile.bobbin('ask', '--thread', profile.threads()[0]['thread'], 'plain').exits(0)


def test_state():
    with Profile() as profile, AgentFlow() as server:
        open_account(profile, server)
        profile.bobbin('ask', 'plain').exits(0)
        thread = profile.threads()[0]['thread']
        state = json.loads(profile.bobbin('state', thread).exits(0).out)
        assert state['berth'] == '' and len(state['context']) >= 2, state

        state = json.loads(profile.bobbin('state', thread, 'set', '{"berth": "B7", "counters": {"a": 1}}').exits(0).out)
        assert state['berth'] == 'B7', state
        profile.bobbin('state', thread, 'set', '{"berth": 7}').exits(2).complains('berth')
        profile.bobbin('state', thread, 'set', '[1]').exits(2).complains()
        profile.bobbin('state', thread, 'set').exits(2).complains()
        profile.bobbin('state', thread, 'drop').exits(2).complains()
        kept = profile.bobbin('state', thread, 'set', '{"berth": null}').exits(0)
        assert json.loads(kept.out)['berth'] == 'B7' and 'berth' in kept.err, kept.err

        state = json.loads(profile.bobbin('state', thread, 'clear', '--keep', 'berth').exits(0).out)
        assert state.get('berth') == 'B7' and not state.get('context'), state
        state = json.loads(profile.bobbin('state', thread, 'clear').exits(0).out)
        assert not state.get('berth'), state
        profile.bobbin('metadata', thread).exits(1).complains('metadata')


def test_errors_have_their_exit_status():
    with Profile() as profile, AgentFlow() as server:
        open_account(profile, server)
        profile.bobbin('ask', 'boom').exits(5).complains()
        server.process.kill()
        server.process.wait()
        profile.bobbin('ask', 'plain').exits(4).complains()
        profile.bobbin('threads', '--remote').exits(4).complains()


if __name__ == '__main__':
    main([value for name, value in list(globals().items()) if name.startswith('test_')])
