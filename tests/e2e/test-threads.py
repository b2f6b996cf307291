#!/usr/bin/python3
"""Threads the server no longer has: forgotten loudly, with 4004, with 404 over SSE, and silently."""

import re
import sys

from bobbin import program
from driver import check, equal, run
from nebelus import Nebelus
from proxy import Line

app = program()
server = Nebelus()
line = None
NOTICE = re.compile(r'new (conversation|thread)|earlier (messages|context)', re.I)


def reconnect():
    """Drops the connection, as a night would."""
    line.drop()


def fallen_back(words, transport=None):
    old = app.server_id()
    app.ask(words)
    reconnect()
    before = len(line.chats())
    app.ask('what did I say before?')
    new = app.server_id()
    check(new != old, 'the server still has the thread')
    sent = [text for _, text in line.chats()[before:]]
    check(1 <= len(sent) <= 2 and set(sent) == {'what did I say before?'}, f'on the line: {sent}')
    app.wait_text(NOTICE)
    equal(len(app.query('SELECT id FROM threads')), 1, 'number of threads')
    check(app.query('SELECT count(*) FROM thread_ids')[0][0] >= 2, 'the old id is not remembered')


def loud():
    """not_found: goes on in a new thread, with a notice, the message sent once"""
    global line
    server.start()
    line = Line(server.port)
    server.add_account(app, port=line.port)
    app.start('--new')
    app.ask('hello')
    fallen_back('expire this thread')


def close_code():
    """close code 4004: the same"""
    fallen_back('expire with 4004')


def silent():
    """a new id without a word: the same"""
    fallen_back('expire this thread silently')


def status():
    """HTTP 404 at the handshake: the same"""
    fallen_back('expire with 404')


def transcript():
    """the local transcript is whole, and can be sent along"""
    equal(len(app.messages('user')), 9, 'messages of mine')
    app.wait_for('Send It Along')


def end():
    """the database is sound"""
    app.quit()
    app.check_integrity()


if __name__ == '__main__':
    sys.exit(run([loud, close_code, silent, status, transcript, end], app, server.stop))
