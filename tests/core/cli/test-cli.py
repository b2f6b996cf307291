#!/usr/bin/python3
"""The real program as a script runs it: every command, every exit status, no display, no keyring."""

import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli_harness import BOBBIN, KEY, Profile, Server, main, poll, read_until


def test_version_and_help():
    with Profile() as profile:
        version = profile.bobbin('--version').exits(0)
        assert re.fullmatch(r'bobbin \d+\.\d+\.\d+\n', version.out), version.out
        text = profile.bobbin('--help').exits(0).out
        for command in ('accounts', 'ask', 'threads', 'show', 'search', 'state', 'metadata', 'export', 'import', 'demo-server'):
            assert 'bobbin ' + command in text, command
        assert profile.bobbin('help').exits(0).out == text
        assert '--attach' in profile.bobbin('ask', '--help').exits(0).out
        assert not os.path.exists(profile.data), 'help made a profile'


def test_usage():
    with Profile() as profile:
        for args in (['nonsense'], ['export', 'x'], ['export', '--all'], ['export', 'x', 'y'], ['export', '--backup', '--all', 'x'], ['import'], ['import', 'x', 'y'], ['state'], ['state', 'x'], ['metadata', 'x'], ['state', 'x', 'drop'], ['threads', '--search', 'x'], ['ask'], ['ask', ''],
                     ['ask', '  '], ['ask', '--thread', 'x', '--new', 'y'], ['ask', '--nonsense', 'x'], ['threads', 'x'],
                     ['show'], ['show', 'a', 'b'], ['show', 'a', '--format', 'pdf'], ['search'], ['accounts', 'nonsense'],
                     ['accounts', 'check'], ['accounts', 'remove'], ['accounts', 'check', 'Nobody'], ['accounts', 'remove', 'Nobody'],
                     ['ask', '--account', 'Nobody', 'x'], ['ask', 'x'], ['ask', '--thread', 'nowhere', 'x'], ['show', 'nowhere'],
                     ['ask', '--account-key-stdin', '-'], ['threads', '--account', 'Nobody'], ['demo-server', '--port', 'x']):
            profile.bobbin(*args).exits(2).complains()


def test_window_options():
    """A mistake ends with a sentence and the status of usage; --verbose goes with the window too. There is no display here."""
    with Profile() as profile:
        for args in (['--frob'], ['-x'], ['--thread'], ['--demo', '--frob'], ['--verbose', '--frob']):
            profile.bobbin(*args).exits(2).complains('bobbin --help')
        text = profile.bobbin('--help').out
        assert profile.bobbin('--demo', '--help').exits(0).out == text and profile.bobbin('-v', '--help').exits(0).out == text
        assert profile.bobbin('--new', '--version').exits(0).out.startswith('bobbin ')
        plain = profile.bobbin()
        assert 'display' in plain.err, plain.err
        for args in (['--verbose'], ['-v'], ['--new', '-v']):
            done = profile.bobbin(*args).exits(plain.code)
            assert 'display' in done.err, done.err


def test_accounts_add_usage():
    good = {'--name': 'Work', '--service': 'nebelus', '--base-url': 'https://api.example', '--agent': 'a'}
    with Profile() as profile:
        for change in ({'--name': None}, {'--name': ''}, {'--name': 'a\tb'}, {'--service': None}, {'--service': 'demo'},
                       {'--service': 'nonsense'}, {'--transport': 'pigeon'}, {'--base-url': 'ftp://x'},
                       {'--base-url': 'http://api.example'}, {'--base-url': 'http://10.0.0.1'}, {'--base-url': 'https://'},
                       {'--base-url': 'not an address'}):
            args = [word for option, value in {**good, **change}.items() if value is not None for word in (option, value)]
            profile.bobbin('accounts', 'add', *args).exits(2).complains()
        for key in ('', '\n', 'a\nb\n', 'a\0b\n', 'x' * 70000):
            args = [word for pair in good.items() for word in pair]
            profile.bobbin('accounts', 'add', *args, '--key-stdin', stdin=key).exits(2).complains('key')
        assert profile.bobbin('accounts').exits(0).out == ''


def test_key_as_argument_is_refused():
    with Profile() as profile:
        for args in (['accounts', 'add', '--key', 'hush-hush-1'], ['ask', '--key=hush-hush-1', 'x'], ['ask', '--api-key=hush-hush-1', 'x']):
            done = profile.bobbin(*args).exits(2)
            assert 'hush' not in done.err + done.out, done.err


def test_accounts():
    with Profile() as profile, Server() as server:
        assert profile.add(server).out == 'Work\tnebelus\t%s\t%s\n' % (server.url, server.agent)
        profile.bobbin('accounts', 'add', '--name', 'Work', '--service', 'nebelus', '--base-url', server.url).exits(2).complains('already')
        profile.add(server, 'Zuhause é', '--transport', 'sse')
        assert [line.split('\t')[0] for line in profile.bobbin('accounts').exits(0).out.splitlines()] == ['Work', 'Zuhause é']
        assert profile.bobbin('accounts', '--json').exits(0).events[1] == {
            'name': 'Zuhause é', 'service': 'nebelus', 'base_url': server.url, 'agent': server.agent, 'transport': 'sse',
            'allow_unencrypted': False}
        profile.bobbin('accounts', 'remove', 'Work').exits(0)
        assert [account['name'] for account in profile.bobbin('accounts', '--json').events] == ['Zuhause é']


def test_key_without_a_keyring():
    with Profile() as profile, Server() as server:
        done = profile.bobbin('accounts', 'add', '--name', 'Work', '--service', 'nebelus', '--base-url', server.url,
                              '--agent', server.agent, '--key-stdin', stdin=KEY + '\r\n')
        done.exits(0).complains('saved without its key', 'accounts key NAME --key-stdin')
        assert KEY not in done.out + done.err
        profile.bobbin('accounts', 'add', '--name', 'Other', '--service', 'entities').exits(0)
        profile.bobbin('accounts', 'key', 'Other', '--provider-key-stdin', stdin=KEY).exits(3).complains('key NAME --provider-key-stdin')
        profile.bobbin('accounts', 'remove', 'Other').exits(0)
        # Not "the key is wrong": nobody keeps keys here, and that is what to say.
        profile.bobbin('ask', 'hello').exits(3).complains('no Secret Service', '--account-key-stdin')
        profile.bobbin('accounts', 'check', 'Work').exits(3).complains('no Secret Service', '--account-key-stdin')
        profile.ask('hello').exits(0)
        done = profile.ask('hello', key='wrong-key-9').exits(3).complains('accounts key NAME --key-stdin')
        assert 'Secret Service' not in done.err and 'remove the account' not in done.err, done.err


def test_demo_agent_of_the_window():
    """It runs inside the window: asking it here says so and leaves nothing behind."""
    with Profile() as profile, Server() as server:
        subprocess.run([os.environ['MAKE_PROFILE'], os.path.join(profile.data, 'bobbin'), '1'], check=True,
                       stdout=subprocess.DEVNULL, env=profile.env)
        (name,) = [account['name'] for account in profile.bobbin('accounts', '--json').events]
        (thread,) = [thread['thread'] for thread in profile.threads()]
        before = profile.show(thread)['messages']
        for args in (['hello'], ['--account', name, 'hello'], ['--thread', thread, 'hello'], ['--account', name, '--thread', 'x', 'hello']):
            profile.bobbin('ask', *args).exits(1).complains('window')
        profile.bobbin('accounts', 'check', name).exits(1).complains('window')
        assert len(profile.threads()) == 1 and profile.show(thread)['messages'] == before
        # The first account that answers is another then.
        profile.add(server)
        assert profile.ask('hello').exits(0).out.startswith('Hello!')


def test_check():
    with Profile() as profile, Server() as server:
        profile.add(server)
        done = profile.bobbin('accounts', 'check', 'Work', '--account-key-stdin', stdin=KEY).exits(0)
        assert 'Authentication: passed' in done.out and 'Stream: passed' in done.out and KEY not in done.out
        done = profile.bobbin('accounts', 'check', 'Work', '--account-key-stdin', stdin='wrong-key-1').exits(3)
        assert 'Authentication: failed' in done.out and 'wrong-key-1' not in done.out + done.err
        server.stop()
        done = profile.bobbin('accounts', 'check', 'Work', '--account-key-stdin', stdin=KEY).exits(4)
        assert 'TCP: failed' in done.out


def test_ask():
    with Profile() as profile, Server() as server:
        profile.add(server)
        done = profile.ask('hello', 'there').exits(0)
        assert done.out.startswith('Hello!') and done.out.endswith('\n') and done.err == '', done.err
        assert [chat['text'] for chat in server.chats] == ['hello there']
        profile.bobbin('ask', '--account', 'Work', '-', stdin='no key\n').exits(3)
        assert len(profile.threads()) == 2


def test_text_from_stdin():
    text = 'line one\n\nline “three” 🎉'
    with Profile() as profile, Server('--fault', '{"auth":"both"}') as server:
        profile.add(server)
        thread = profile.ask('--json', 'hello').of('thread')[-1]['thread']
        # The key of the run before is gone with it, so a file takes the place of the pipe.
        done = profile.bobbin('ask', '--thread', thread, '-', stdin=text + '\n').exits(3).complains('key')
        assert text.splitlines()[0] not in done.err
        stored = profile.show(thread)['messages'][-1]
        assert stored['content'][0]['text'] == text, stored
        profile.bobbin('ask', '-', stdin=b'a\0b').exits(2).complains()
        profile.bobbin('ask', '-', stdin=b'\xff\xfe').exits(2).complains('UTF-8')
        profile.bobbin('ask', '-', stdin=b'\n').exits(2).complains()


def test_json_events():
    with Profile() as profile, Server() as server:
        profile.add(server)
        done = profile.ask('--json', 'run a tool').exits(0)
        kinds = [event['type'] for event in done.events]
        assert kinds[0] == 'thread' and 'message-start' in kinds and kinds.index('stop') > kinds.index('message-start')
        start, stop = done.of('message-start')[0], done.of('stop')[0]
        assert stop['message'] == start['message'] and stop['state'] == 'complete' and stop['reason'] == 'end_turn'
        assert done.of('usage')[-1]['total_tokens'] > 0
        blocks = [event for event in done.of('block') if event['state'] != 'open']
        assert [block['block'] for block in blocks] == list(range(len(blocks)))
        tool = next(block for block in blocks if block['kind'] == 'tool-call')
        assert tool['name'] and isinstance(tool['data'], dict) and tool['result'] is not None
        for block in blocks:
            if block['kind'] == 'text':
                deltas = [d['text'] for d in done.of('delta') if d['block'] == block['block']]
                assert ''.join(deltas) == block['text'] != ''
        assert done.of('title')


def test_every_block():
    with Profile() as profile, Server() as server:
        profile.add(server)
        done = profile.ask('--json', 'show everything').exits(1)
        kinds = {event['kind'] for event in done.of('block')}
        assert kinds >= {'text', 'thinking', 'tool-call', 'table', 'chart', 'code', 'json', 'image', 'file', 'unknown', 'approval'}, kinds
        for event in done.of('block'):
            if event['kind'] in ('image', 'file'):
                with open(event['attachment']['path'], 'rb') as file:
                    assert hashlib.sha256(file.read()).hexdigest() == event['attachment']['sha256']
        text = profile.ask('show everything').exits(1).out
        assert '```python\n' in text and '| Invoice | Customer |' in text and '| January |' in text
        assert text.count('```') % 2 == 0 and '\n\n\n\n' not in text
        quiet = profile.ask('run a tool').exits(0)
        assert 'get_weather' not in quiet.out + quiet.err
        verbose = profile.ask('--verbose', 'run a tool').exits(0)
        assert 'get_weather' in verbose.err and verbose.out == quiet.out


def test_resume():
    with Profile() as profile, Server() as server:
        profile.add(server)
        profile.ask('my name is Ada').exits(0)
        thread = profile.threads()[0]
        for number, id in enumerate((thread['thread'], thread['thread'].upper(), thread['server_id']), 2):
            done = profile.ask('--thread', id, '--json', 'and again').exits(0)
            assert {event['thread'] for event in done.of('thread')} == {thread['thread']}
            assert len(profile.show(thread['thread'])['messages']) == 2 * number
        assert len({chat['thread_id'] for chat in server.chats}) == 1
        # A thread of the server that this profile has never seen.
        done = profile.ask('--account', 'Work', '--thread', 'from-elsewhere', '--json', 'hello').exits(0)
        assert done.of('thread')[-1]['server_id'] == 'from-elsewhere' == server.chats[-1]['thread_id']
        assert len(profile.threads()) == 2


def test_attachments():
    files = {'blob.bin': os.urandom(3000001), 'empty.txt': b'', 'naïve “q” 🎉.csv': 'a,b\r\n1,é\n'.encode()}
    for transport in ('ws', 'sse'):
        with Profile() as profile, Server() as server:
            profile.add(server, 'Work', '--transport', transport)
            args = []
            for name, data in files.items():
                path = os.path.join(profile.dir, name)
                with open(path, 'wb') as file:
                    file.write(data)
                args += ['--attach', path]
            told = profile.ask(*args, 'look at these').exits(0).err
            # nebelus.md, section 7: what is not listed is sent, with a warning
            assert 'blob.bin' in told and 'does not list' in told and '.csv' not in told, told
            chat = poll(lambda: server.chats)[0]
            assert chat['transport'] == transport
            assert {f['name']: f['sha256'] for f in chat['attachments']} == {
                name: hashlib.sha256(data).hexdigest() for name, data in files.items()}, chat
            thread = profile.threads()[0]['thread']
            profile.ask(*args[:2], '--thread', thread, 'on a resumed thread').exits(0)
            assert server.chats[-1]['attachments'][0]['sha256'] == hashlib.sha256(files['blob.bin']).hexdigest()


def test_attachments_refused():
    with Profile() as profile, Server() as server:
        profile.add(server)
        big = os.path.join(profile.dir, 'big.bin')
        with open(big, 'wb') as file:
            file.truncate(10 * 1024 * 1024 + 1)
        fits = os.path.join(profile.dir, 'fits.bin')
        with open(fits, 'wb') as file:
            file.truncate(9 * 1024 * 1024)
        fifo = os.path.join(profile.dir, 'fifo')
        os.mkfifo(fifo)
        for args, word in ((['--attach', big], 'big.bin'), (['--attach', fits] * 3, 'MiB'), (['--attach', profile.dir], 'bobbin-cli-'),
                           (['--attach', '/nonexistent/x.txt'], 'x.txt'), (['--attach', fifo], 'fifo')):
            profile.ask(*args, 'look').exits(1).complains(word)
        assert server.chats == []


def test_draft_survives():
    """What the person typed in the window for a thread is not lost when a script asks in it, nor sent."""
    with Profile() as profile, Server() as server:
        profile.add(server)
        thread = profile.ask('--json', 'hello').of('thread')[-1]['thread']
        database = sqlite3.connect(os.path.join(profile.data, 'bobbin', 'bobbin.db'))
        with database:
            database.execute("INSERT INTO drafts SELECT id, 'half typed', 4 FROM threads")
        profile.ask('--thread', thread, 'a script asks').exits(0)
        assert database.execute('SELECT text, cursor FROM drafts').fetchall() == [('half typed', 4)]
        profile.ask('--thread', thread, '--attach', '/nonexistent/x', 'not sent').exits(1)
        assert database.execute('SELECT text, cursor FROM drafts').fetchall() == [('half typed', 4)]
        assert database.execute('SELECT count(*) FROM draft_attachments').fetchone() == (0,)
        database.close()
        assert [chat['text'] for chat in server.chats] == ['hello', 'a script asks']
        assert len(profile.show(thread)['messages']) == 4


def test_exit_statuses():
    with Profile() as profile, Server() as server:
        profile.add(server)
        profile.ask('hello', key='wrong-key-9').exits(3).complains('key')
        profile.add(server, 'Off')
        server.stop()
        done = profile.ask('--json', 'hello').exits(4).complains('cannot reach')
        assert done.of('error')[-1]['code'] == 'network' and done.of('error')[-1]['status'] == 4
    for fault, status in (('{"refuse":503,"times":0}', 5), ('{"refuse":403,"times":0}', 3),
                          ('{"script":[{"event":"message_start","data":{}},{"drop":true}]}', 4),
                          ('{"script":[{"event":"error","data":{"type":"insufficient_credits","message":"no funds"}}]}', 5)):
        with Profile() as profile, Server('--fault', fault) as server:
            profile.add(server)
            profile.ask('hello').exits(status).complains()


def test_answer_is_cut_off():
    """Half an answer was printed: the server was reached, so that is not what is said."""
    with Profile() as profile, Server() as server:
        profile.add(server)
        done = profile.ask('drop the connection').exits(4).complains('cut off', 'is kept')
        assert done.out and 'cannot reach' not in done.err, done.err
        error = profile.ask('--json', 'drop the connection').exits(4).of('error')[-1]
        assert error['code'] == 'interrupted' and error['status'] == 4, error
        assert profile.show(profile.threads()[0]['thread'])['messages'][-1]['state'] == 'interrupted'


def test_nothing_leaves_later():
    """What a script gave up, or was killed over, is not sent by the next command."""
    with Profile() as profile, Server() as server:
        profile.add(server)
        server.stop()
        profile.ask('given up').exits(4)
        killed = profile.start('ask', '--account-key-stdin', 'killed')
        killed.stdin.write((KEY + '\n').encode())
        killed.stdin.close()
        poll(lambda: [t for t in profile.threads() if t['title'] == 'killed'])
        killed.kill()
        killed.wait()
        killed.stdout.close()
        killed.stderr.close()
        with Server(port=server.port) as back:
            profile.ask('hello').exits(0)
            assert [chat['text'] for chat in back.chats] == ['hello']
        states = {t['title']: profile.show(t['thread'])['messages'][0]['state'] for t in profile.threads()}
        assert states['given up'] == 'stopped' and states['killed'] in ('queued', 'sending'), states


def test_approval_waits():
    with Profile() as profile, Server() as server:
        profile.add(server)
        done = profile.ask('--json', 'ask for approval').exits(1).complains('approval')
        assert done.events[-1]['type'] == 'error' and done.events[-1]['code'] == 'approval'
        card = profile.show(done.of('thread')[-1]['thread'])['messages'][-1]['content'][-1]
        assert card['kind'] == 'approval' and 'result' not in card, card


def test_approval_without_words():
    with Profile() as profile, Server() as server:
        profile.add(server)
        done = profile.ask('--json', 'ask without words').exits(1).complains('approval: open')
        assert '()' not in done.err, done.err
        shown = profile.bobbin('show', done.of('thread')[-1]['thread'], '--format', 'txt').exits(0).out
        assert 'Approval' in shown and 'Approval:' not in shown, shown


def on_terminal(profile, *args):
    """Starts the program with a terminal of its own for standard input; the key comes by it too."""
    master, slave = os.openpty()
    process = profile.start('ask', '--account-key-stdin', *args, stdin=slave, start_new_session=True)
    os.close(slave)
    return master, process


def test_approval_at_a_terminal():
    for answer, word in (('y', 'approved'), ('n', 'rejected')):
        with Profile() as profile, Server() as server:
            profile.add(server)
            master, process = on_terminal(profile, '--json', 'ask for approval')
            read_until(process.stderr.fileno(), b'type the key')
            os.write(master, (KEY + '\n').encode())
            for reply in ('what?', answer):
                read_until(process.stderr.fileno(), b'[y/n] ')
                os.write(master, (reply + '\n').encode())
            out = process.stdout.read().decode()
            assert process.wait() == 0, (out, process.stderr.read())
            os.close(master)
            process.stdout.close()
            process.stderr.close()
            card = profile.show(profile.threads()[0]['thread'])
            results = [b.get('result') for m in card['messages'] for b in m['content'] if b['kind'] == 'approval']
            assert results and results[0] is not None, (word, card)


def test_approval_by_option():
    for options, how in ((('--approve', 'send_mail'), 'approve'), (('--approve', '*'), 'approve'), (('--reject',), 'reject'),
                         (('--approve', 'another_tool'), None)):
        with Profile() as profile, Server() as server:
            profile.add(server)
            done = profile.ask('--json', *options, 'ask for approval').exits(1 if how is None else 0)
            card = profile.show(done.of('thread')[-1]['thread'])
            results = [b.get('result') for m in card['messages'] for b in m['content'] if b['kind'] == 'approval']
            assert len(results) == 1 and (results[0] is None if how is None else how in json.dumps(results[0])), (options, results)


def read_some(process):
    return read_until(process.stdout.fileno(), b' ')


def start_long(profile):
    process = profile.start('ask', '--account-key-stdin', 'write 2000 words')
    process.stdin.write((KEY + '\n').encode())
    process.stdin.close()
    return process


def test_streams():
    with Profile() as profile, Server(speed=10) as server:
        profile.add(server)
        process = start_long(profile)
        first = read_some(process)
        assert 0 < len(first) < 500, 'the answer did not come while it was written'
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        errors = process.stderr.read().decode()
        assert process.wait(30) == 1, errors
        process.stdout.close()
        process.stderr.close()
        assert 'stopped' in errors, errors
        message = profile.show(profile.threads()[0]['thread'])['messages'][-1]
        assert message['state'] == 'stopped', message['state']
        stored = message['content'][-1]['text']
        assert stored.strip() == (first + rest).decode().strip(), 'printed and stored differ'


def test_second_interrupt_quits():
    fault = '{"script":[{"event":"message_start","data":{}},{"event":"content_block",' \
            '"data":{"content_type":"text","state":"delta","index":0,"data":{"text":"one "}}},{"stall":true}]}'
    with Profile() as profile, Server('--fault', fault) as server:
        profile.add(server)
        process = start_long(profile)
        poll(lambda: [m for t in profile.threads() for m in profile.show(t['thread'])['messages'] if m['role'] == 'assistant'])
        process.send_signal(signal.SIGINT)
        read_until(process.stderr.fileno(), b'stopping')
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 1
        process.stdout.close()
        process.stderr.close()


def test_reader_leaves():
    with Profile() as profile, Server(speed=5) as server:
        profile.add(server)
        process = start_long(profile)
        read_some(process)
        process.stdout.close()
        errors = process.stderr.read().decode()
        assert process.wait(30) == 1 and errors == '', errors
        process.stderr.close()
        assert profile.show(profile.threads()[0]['thread'])['messages'][-1]['state'] == 'stopped'


def test_output_cannot_be_written():
    """One line says so; only a reader who leaves is met with silence."""
    with Profile() as profile, Server() as server:
        profile.add(server)
        profile.ask('hello').exits(0)
        thread = profile.threads()[0]['thread']
        for args in (['ask', '--account-key-stdin', 'hello'], ['ask', '--account-key-stdin', '--json', 'hello'], ['show', thread],
                     ['threads'], ['accounts'], ['--help'], ['--version']):
            for where in ('>/dev/full', '>&-'):
                done = subprocess.run(['sh', '-c', '"$@" ' + where, 'sh', BOBBIN, *args], input=(KEY + '\n').encode(),
                                      stderr=subprocess.PIPE, env=profile.env, check=False)
                said = done.stderr.decode()
                assert done.returncode == 1 and said.count('\n') == 1, (args, where, done.returncode, said)
                assert said.startswith('bobbin: standard output cannot be written'), (args, where, said)


def test_threads_show_search():
    with Profile() as profile, Server() as server:
        profile.add(server)
        profile.add(server, 'Other')
        profile.ask('hello <b>bold</b> zebra').exits(0)
        profile.ask('--account', 'Other', 'show code').exits(0)
        lines = [line.split('\t') for line in profile.bobbin('threads').exits(0).out.splitlines()]
        assert [len(line) for line in lines] == [4, 4] and lines[0][1] == 'Other' and lines[1][1] == 'Work'
        assert len(profile.threads('--account', 'Work')) == 1
        thread = lines[1][0]
        markdown = profile.bobbin('show', thread).exits(0).out
        assert markdown.startswith('# ') and '## You' in markdown and '<b>bold</b>' in markdown
        html = profile.bobbin('show', thread, '--format', 'html').exits(0).out
        assert html.startswith('<!DOCTYPE html>') and '&lt;b&gt;' in html and '<b>bold' not in html
        assert 'zebra' in profile.bobbin('show', thread, '--format', 'txt').exits(0).out
        shown = profile.show(thread)
        assert [m['role'] for m in shown['messages']] == ['user', 'assistant'] and shown['exported_at'].endswith('Z')
        for message in shown['messages']:
            assert message['content'] and message['timestamp'] and message['state'] == 'complete'
        hits = profile.bobbin('search', '--json', 'zebra').exits(0).events
        assert hits and all(hit['thread'] == thread for hit in hits) and 'zebra' in hits[0]['excerpt']
        assert profile.bobbin('search', 'zebra').out.startswith(thread + '\t')
        assert profile.bobbin('search', 'no-such-word-anywhere').exits(0).out == ''
        assert {hit['in'] for hit in hits} >= {'text'} and {hit['role'] for hit in hits if 'role' in hit} <= {'user', 'assistant'}
        found = lambda *args: profile.bobbin('search', '--json', *args).exits(0).events
        assert {hit['role'] for hit in found('--role', 'user', 'zebra')} == {'user'}
        assert found('--account', 'Work', 'zebra') and not found('--account', 'Other', 'zebra')
        assert found('--in', 'titles', 'hello') and not found('--in', 'code,files', 'zebra')
        assert found('--since', '2026-01-01', 'zebra') and not found('--until', '2026-01-01', 'zebra')
        assert not found('--with-files', 'zebra') and len(found('--limit', '1', 'zebra')) == 1
        assert found('--in', 'code', 'return') or found('--in', 'code', 'def'), 'code is searched'
        for args in (['--in', 'everything', 'x'], ['--role', 'nobody', 'x'], ['--since', 'soon', 'x'], ['--limit', '0', 'x']):
            profile.bobbin('search', *args).exits(2)
        assert profile.bobbin('search', '--account', 'Nowhere', 'x').code != 0
        for query in ('"', 'AND', 'a*', 'x OR', '-', 'NEAR(', "it's", '100%'):
            profile.bobbin('search', '--', query).exits(0)
        profile.bobbin('threads', '--remote').exits(1).complains('does not list')


def test_terminal_is_safe():
    """What an agent writes does not reach a terminal as commands; a pipe gets it as it is."""
    text = 'red \\u001b[31m bell \\u0007 end'
    fault = '{"script":[{"event":"message_start","data":{}},{"event":"content_block","data":' \
            '{"content_type":"text","state":"delta","index":0,"data":{"text":"%s"}}},{"event":"message_stop","data":{"stop_reason":"end_turn"}}],"times":0}' % text
    with Profile() as profile, Server('--fault', fault) as server:
        profile.add(server)
        assert '\x1b[31m' in profile.ask('hello').exits(0).out
        master, slave = os.openpty()
        subprocess.run([BOBBIN, 'ask', '--account-key-stdin', 'hello'], input=(KEY + '\n').encode(), stdout=slave, env=profile.env, check=True)
        os.close(slave)
        shown = os.read(master, 65536).decode()
        os.close(master)
        assert 'red' in shown and 'end' in shown and '\x1b' not in shown and '\x07' not in shown, repr(shown)


def test_profile_unfit():
    with Profile() as profile:
        os.makedirs(os.path.join(profile.data, 'bobbin'))
        with open(os.path.join(profile.data, 'bobbin', 'bobbin.db'), 'wb') as file:
            file.write(b'this is no database' * 1000)
        done = profile.bobbin('threads').exits(0)
        assert 'damaged' in done.err and done.out == '', done.err
    with Profile() as profile:
        with open(profile.data, 'w', encoding='ascii') as file:
            file.write('a file where the folder belongs')
        profile.bobbin('threads').exits(0).complains('profile')
        done = profile.bobbin('accounts', 'add', '--name', 'X', '--service', 'nebelus', '--agent', 'x').exits(1).complains('cannot be written')
        assert done.err.count('\n') == 1 and done.out == '', done.err


def test_demo_server():
    with Profile() as profile:
        process = profile.start('demo-server', '--port', '0', '--key-stdin')
        process.stdin.write((KEY + '\n').encode())
        process.stdin.close()
        lines = [process.stdout.readline().decode() for _ in range(2)]
        url, agent = lines[0].split()[-1], lines[1].split()[-1]
        profile.bobbin('accounts', 'add', '--name', 'Demo', '--service', 'nebelus', '--base-url', url, '--agent', agent).exits(0)
        profile.ask('hello').exits(0)
        process.terminate()
        assert process.wait(30) == 0
        assert KEY not in process.stderr.read().decode() + process.stdout.read().decode()
        process.stdout.close()
        process.stderr.close()


if __name__ == '__main__':
    main([value for name, value in list(globals().items()) if name.startswith('test_')])
