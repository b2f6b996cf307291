#!/usr/bin/python3
"""test-services.py BUILD SERVICE: the same work at another kind of server, by command line and window: check, ask with a file, a tool
that the person answers, stop, a lost connection, and all of it there after a restart."""

import json
import os
import re
import sys

from bobbin import program
from driver import check, equal, run, scratch
from service import Service

NAME = sys.argv[2]
SLOW = 'be slow'
TOOL = {'assistants': 'shop', 'entities': 'office'}[NAME]
app = program()
server = Service(NAME, '--speed', '5')


def account():
    """an account is added, and its connection checked"""
    server.start()
    server.add_account(app)
    done = app.cli('accounts', 'check', 'Test')
    check('Test' in app.cli('accounts').stdout, 'the account is not listed')
    check(server.key not in done.stdout + done.stderr, 'the key is told')


def command_line():
    """a question with a file by the command line, then the next in the same conversation"""
    path = os.path.join(scratch('files'), 'grit.txt')
    with open(path, 'w', encoding='utf-8') as f:
        f.write('Start with 1000 grit.')
    done = app.cli('ask', '--account', 'Test', '--attach', path, 'Which grit?')
    check('You said: Which grit?' in done.stdout, done.stdout)
    check('grit.txt' in done.stdout, 'the file did not arrive: ' + done.stdout)
    thread = json.loads(app.cli('threads', '--json').stdout.splitlines()[0])['thread']
    done = app.cli('ask', '--account', 'Test', '--thread', thread, 'and then?')
    check('You said: and then?' in done.stdout, done.stdout)
    shown = app.cli('show', thread).stdout
    check('Which grit?' in shown and 'and then?' in shown, shown)


def window():
    """the window opens it, and an answer streams"""
    app.start()
    app.open_row('Which grit?')
    app.ask('hello from the window')
    app.wait_text(re.compile('You said: hello from the window'))


def stop():
    """Stop ends the answer here and on the server"""
    before = len(app.messages('assistant'))
    app.put(SLOW)
    app.wait(lambda: len(app.messages('assistant')) > before and 'step3' in app.messages('assistant')[-1][3], what='some of the answer')
    app.press(app.STOP)
    app.wait_answer()
    equal(app.messages('assistant')[-1][2], 'stopped', 'the state of the answer')
    check(server.count('POST', '/cancel') == 1, 'the server was not asked to stop')


def lost():
    """a lost connection: what came is kept, nothing is sent twice"""
    sent = server.count('POST', '/messages')
    app.put('reset the connection')
    app.wait(lambda: app.messages('user')[-1][3] == 'reset the connection' and
             app.messages('user')[-1][2] not in ('queued', 'sending', 'accepted', 'answering'), what='the end of the turn')
    equal(server.count('POST', '/messages'), sent + 1, 'messages sent')


def restart():
    """after quitting and starting all is there"""
    before = app.messages()
    app.quit()
    app.check_integrity()
    app.start()
    app.open_row('Which grit?')
    app.wait_text(re.compile('You said: hello from the window'))
    check([m[3] for m in before if m[1] == 'user'] == [m[3] for m in app.messages('user')], 'messages were lost')
    app.ask('still there?')
    app.wait_text(re.compile('You said: still there'))


if __name__ == '__main__':
    sys.exit(run([account, command_line, window, stop, lost, restart], app, server.stop))
