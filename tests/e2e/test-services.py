#!/usr/bin/python3
"""test-services.py BUILD SERVICE: the same work at each kind of server. In the window: an account is added and checked, a conversation
made elsewhere is found, a file goes along, a tool runs and the person answers where asked, an answer is stopped, another one breaks
off, and all of it is there after a restart. Then the same by the command line."""

import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
import zlib

from bobbin import BUTTONS, keyring_has, program
from driver import Failure, Screen, check, equal, poll, run, scratch
from services import ANSWER, LABELS, QUESTION, SERVICES

ENDED = ('complete', 'stopped', 'interrupted', 'failed')
app = program()
server = SERVICES[sys.argv[2]]()
picture = os.path.join(scratch('files'), 'chart.png')


def png():
    """A picture of 16 by 16 blue points."""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    lines = b''.join(b'\0' + bytes((30, 90, 200)) * 16 for _ in range(16))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 16, 16, 8, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(lines)) +
            chunk(b'IEND', b''))


def entry(title):
    """The text of a row of the account editor."""
    def titled(node):
        return any(a.name == title or a.name.startswith(title + ' ') for a in node.around())
    return app.wait(lambda: next((n for n in app.window.shown() if n.editable and n.visible and titled(n)), None),
                    what=f'the row "{title}"')


def fill(title, text):
    app.wait(lambda: entry(title).text == text or entry(title).set_text(text), what=f'"{title}" to be filled in')


def blocks(kind):
    """(name, state, result) of blocks in the conversation that was used last, oldest first."""
    return app.query('SELECT b.name, b.state, b.result FROM blocks b JOIN messages m ON m.id = b.message_id WHERE b.kind = ? AND '
                     'm.thread_id = (SELECT id FROM threads ORDER BY last_used_us DESC LIMIT 1) ORDER BY m.id, b.position', kind)


def last():
    """(id, role, delivery, text) of the newest answer."""
    return app.messages('assistant')[-1]


def choose_service():
    """The list below a combo row has no actions and tells wrong places, so it is worked by keys. On a busy machine it may take the
    keys before it is all there: what was chosen is looked at, and corrected from there."""
    def chosen():
        names = {n.name for n in app.wait_for(re.compile('^Service')).shown() if n.role == 'label' and n.visible}
        return next((i for i, label in enumerate(LABELS) if label in names), None)

    def choose():
        steps = server.place - app.wait(lambda: [chosen()] if chosen() is not None else None)[0]
        if steps == 0:
            return True
        Screen.click(app, app.wait_for(re.compile('^Service')))
        app.wait(lambda: any(n.role == 'list item' and n.visible and any(m.name == LABELS[-1] for m in n.walk())
                             for n in app.window.shown()), what='the list of services')
        Screen.key(*['Down' if steps > 0 else 'Up'] * abs(steps), 'Return')
        app.wait(lambda: not any(m.name == LABELS[-1] and m.visible for m in app.window.shown()) or chosen() == server.place,
                 what='the list to go')
        return chosen() == server.place
    app.wait(choose, what=f'{server.label} to be chosen')


def open_only():
    """Opens the only conversation; the row above it is the heading of its day."""
    Screen.click(app, app.wait(lambda: app.rows()[-1] if len(app.rows()) > 1 else None, what='the row'))


# In the window

def account():
    """an account is added in the window and its connection is checked"""
    server.start()
    with open(picture, 'wb') as f:
        f.write(png())
    app.start()
    app.press(app.ADD_ACCOUNT)
    app.wait_for('Check Connection')
    choose_service()
    fill('Address', server.url)
    fill('Key', server.key)
    if server.keeps_agent:
        fill('Agent ID', server.agent)
    fill('Name', 'Test')
    app.press('Check Connection')
    app.wait_text('The connection works', 30)
    app.press('Add')
    app.composer()
    equal(app.query('SELECT name, service FROM accounts'), [('Test', server.service)], 'accounts')
    app.wait(lambda: keyring_has(server.key), what='the key in the keyring')


def elsewhere():
    """a conversation made elsewhere is found, and what was said in it"""
    thread = server.seed()
    if server.lists:
        app.quit()
        app.start()
        app.wait(lambda: app.query('SELECT 1 FROM threads WHERE server_id = ?', thread), what='the conversation in the list')
        open_only()
    else:
        app.activate('win.open-thread-by-id', path='/io/github/bobbin_chat/Bobbin/window/1') if False else Screen.key('ctrl+o')
        field = app.wait(lambda: next((n for n in app.window.shown() if n.editable and n.visible and
                                       n.named('Conversation ID')), None), what='the field for the id')
        field.set_text(thread)
        app.press('Open')
    app.wait_text(ANSWER)
    check(app.reads(QUESTION), 'the question is missing')


def file():
    """a question with a file, in the conversation found"""
    if server.attaches:
        Screen.copy_as('text/uri-list', f'file://{picture}\r\n'.encode())
        Screen.click(app, app.composer())
        Screen.key('ctrl+v')
        app.wait_text('chart.png')
    words = 'plain and a tool' if server.service == 'aibtc' else 'plain'
    app.ask(words)
    equal(last()[2], 'complete', 'the state of the answer')
    said = server.said.format(words)
    check(said in last()[3] and (server.about_file or '') in last()[3], last()[3])
    app.wait_text(re.compile(re.escape(said)))


def tool():
    """a tool runs, the person answers where asked, and the answer goes on"""
    before = len(app.messages('assistant'))
    app.put(server.tool)
    if server.answered is not None:
        app.wait_for(server.answered, BUTTONS)
        field = app.wait(lambda: next((n for n in app.window.shown() if n.editable and n.visible and
                                       n.named(f'Result of “{server.tool_name}”')), None), what='the field for the result')
        field.set_text(server.output)
        app.press(server.answered)
        app.wait_gone(server.answered, BUTTONS)
    app.wait(lambda: len(app.messages('assistant')) > before, what='an answer')
    app.wait_answer()
    equal(last()[2], 'complete', 'the state of the answer')
    check(server.tool_said in last()[3], last()[3])
    equal([b[:2] for b in blocks('tool-call')][-1], (server.tool_name, 'done'), 'the tool')


def pause():
    """a pause is answered on its card"""
    before = len(app.messages('assistant'))
    app.put('approve the berth')
    app.wait_for('Continue', BUTTONS)
    check(app.reads('The agent paused at “APPROVAL”'), 'the node is not named')
    app.wait_answer()
    app.press('Continue')
    app.wait_gone('Continue', BUTTONS)
    app.wait(lambda: len(app.messages('assistant')) > before + 1, what='the answer after the pause')
    app.wait_answer()
    check('Approved and filed.' in last()[3], last()[3])


def stop():
    """Stop ends the answer here and on the server"""
    before = len(app.messages('assistant'))
    app.put(server.slow)
    app.wait(lambda: len(app.messages('assistant')) > before and server.slow_shows in last()[3], what='some of the answer')
    app.press(app.STOP)
    app.wait_answer()
    equal(last()[2], 'stopped', 'the state of the answer')
    app.wait(server.stopped, what='the server to be done with it')


def lost():
    """a lost connection: nothing is sent twice, and the answer that the server finished arrives"""
    sent = server.sent()
    server.cut()
    app.put(server.lost)
    app.wait(lambda: app.messages('user')[-1][3] == server.lost and app.messages('user')[-1][2] in ENDED and
             server.kept in last()[3], what='what the server made of it')
    app.wait_answer()
    equal(server.sent(), sent + 1, 'messages sent')


def restart():
    """after quitting and starting all is there, and it goes on"""
    before = [(m[1], m[3]) for m in app.messages()]
    app.quit()
    app.check_integrity()
    app.start()
    open_only()
    app.wait_text(re.compile(re.escape(server.kept.split()[0])))
    equal([(m[1], m[3]) for m in app.messages()], before, 'the messages')
    app.ask('still there, tool?')
    check(server.said.format('still there, tool?') in last()[3], last()[3])
    app.quit()


# By the command line

def said_by(done, kind):
    return [event for event in map(json.loads, done.stdout.splitlines()) if event['type'] == kind]


def command_check():
    """by the command line: the account is checked and the server's list told"""
    done = app.cli('accounts', 'check', 'Test')
    check(server.key not in done.stdout + done.stderr, 'the key is told')
    check('Test' in app.cli('accounts').stdout, 'the account is not listed')
    listed = app.cli('threads', '--remote', check=server.lists)
    if server.lists:
        check(app.server_id() in listed.stdout, listed.stdout)
    else:
        check(listed.returncode == 1 and 'does not list' in listed.stderr, listed.stderr)
    check(server.kept in app.cli('show', app.server_id()).stdout, 'what was said is not shown')


def command_ask():
    """by the command line: a question with a file, and a tool"""
    words = ['plain and a tool'] if server.service == 'aibtc' else ['plain']
    done = app.cli('ask', '--account', 'Test', *(['--attach', picture] if server.attaches else []), *words)
    check(server.said.format(words[0]) in done.stdout and (server.about_file or '') in done.stdout, done.stdout)
    if server.answered is None:
        done = app.cli('ask', '--account', 'Test', '--thread', app.server_id(), '--json', server.tool)
        equal([b['state'] for b in said_by(done, 'block') if b['kind'] == 'tool-call' and b.get('name') == server.tool_name][-1:],
              ['done'], 'the tool')
        equal(said_by(done, 'stop')[-1]['state'], 'complete', 'the end')


def command_stop():
    """by the command line: Ctrl+C stops an answer"""
    env = app.environment
    env.pop('DISPLAY')
    process = subprocess.Popen([app.binary, 'ask', '--json', '--account', 'Test', '--thread', app.server_id(), server.slow], env=env,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    shown, end = '', time.monotonic() + 20
    while '"delta"' not in shown and time.monotonic() < end and select.select([process.stdout], [], [], 20)[0]:
        shown += process.stdout.readline()
    check('"delta"' in shown, 'no answer came')
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    equal(process.returncode, 1, f'exit status ({err})')
    check('"stopped"' in out, out)


def command_lost():
    """by the command line: a lost connection, and all is there afterwards"""
    sent = server.sent()
    server.cut()
    done = app.cli('ask', '--account', 'Test', '--thread', app.server_id(), server.lost, check=False)
    check(done.returncode in (0, 1, 4), f'exit status {done.returncode}: {done.stderr}')
    equal(server.sent(), sent + 1, 'messages sent')
    words = 'and now, tool?'
    done = app.cli('ask', '--account', 'Test', '--thread', app.server_id(), words)
    check(server.said.format(words) in done.stdout, done.stdout)
    shown = app.cli('show', app.server_id()).stdout
    check(server.lost in shown and words in shown, shown)
    app.check_integrity()


if __name__ == '__main__':
    sys.exit(run([account, elsewhere, file, tool, *([pause] if server.service == 'agentflow' else []), stop, lost, restart, command_check,
                  command_ask, command_stop, command_lost], app, server.stop))
