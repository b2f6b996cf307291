#!/usr/bin/python3
"""The window against a server that breaks every rule, and over a profile it cannot use: it says so, and nothing is lost."""

import os
import sqlite3
import sys

from bobbin import program
from driver import check, equal, run
from rogue import Rogue

app = program()
server = Rogue()
GAP = 'could not be read and was left out'
ENDED = "SELECT count(*) FROM messages WHERE delivery IN ('queued', 'sending', 'accepted', 'answering')"


def ask(fault):
    """Sends the name of a fault; returns delivery and text of the answer, (None, '') without one."""
    answers = len(app.messages('assistant'))
    asked = server.chats.get(fault, 0)
    app.put(fault)
    app.wait(lambda: server.chats.get(fault, 0) > asked and app.query(ENDED) == [(0,)] and not app.answering(),
             what=f'the end of "{fault}"')
    new = app.messages('assistant')[answers:]
    return (new[-1][2], ''.join(m[3] for m in new)) if new else (None, '')


def connect():
    """a conversation with it"""
    app.cli('accounts', 'add', '--name', 'Rogue', '--service', 'nebelus', '--base-url', f'http://127.0.0.1:{server.port}',
            '--agent', 'good', '--transport', 'ws', '--key-stdin', stdin='made-up\n')
    app.start('--new')
    equal(ask('good'), ('complete', 'before after'), 'answer')


def nonsense():
    """values of wrong kinds, repeated and out of order: what can be read is there"""
    for fault, text in (('numbers', 'before '), ('duplicates', 'one '), ('disorder', 'first second '),
                        ('markup', '<b>&amp;</b> & <i>')):
        delivery, answer = ask(fault)
        check(text in answer, f'{fault}: {answer!r}')
        equal(delivery, 'complete', fault)


def characters():
    """NUL, lone surrogates and bytes that are no UTF-8 are replaced, and what follows them is there"""
    equal(ask('nul'), ('complete', 'before a\ufffdb after'), 'nul')
    equal(ask('utf8'), ('complete', 'before caf\ufffd\ufffd after'), 'utf8')
    delivery, answer = ask('surrogate')
    check(delivery == 'complete' and '\ufffd' in answer and answer.endswith('lone after'), f'surrogate: {answer!r}')


def gap():
    """JSON 128,000 levels deep is left out, and the answer says so once"""
    count = "SELECT count(*) FROM blocks WHERE kind = 'notice'"
    before = app.query(count)[0][0]
    equal(ask('deep'), ('complete', 'before after'), 'deep')
    app.wait_text(GAP)
    equal(app.query(count)[0][0], before + 1, 'notices')


def huge():
    """100 MB in one frame or in pieces: the answer is interrupted, keeps what came, and says so"""
    for fault in ('huge', 'fragments'):
        equal(ask(fault), ('interrupted', 'before '), fault)
    app.wait_text('a message that is too large')
    equal(ask('good'), ('complete', 'before after'), 'the next answer')


def errors():
    """an error whose fields are numbers or markup is told in words of ours, and the text before it stays"""
    equal(ask('error-numbers')[1], 'before ', 'error-numbers')
    ask('error-html')
    app.wait_text('fault of its own')
    app.wait_text('<b>bad</b> & worse line x')


def kept():
    """nothing was sent twice, everything is there after a start"""
    texts = [m[3] for m in app.messages('user')]
    before = app.messages()
    for fault in server.chats:
        equal(server.chats[fault], texts.count(fault), f'"{fault}" at the server')
    app.quit()
    app.check_integrity()
    app.start()
    equal(app.messages(), before, 'messages')
    app.quit()


def newer():
    """a profile of a newer version is not touched, and the window says what to do"""
    path = os.path.join(app.data_dir, 'bobbin.db')
    with sqlite3.connect(path) as db:
        db.execute('PRAGMA user_version = 999')
    db.close()
    app.start()
    app.wait_text('newer version')
    app.quit()
    equal(app.query('PRAGMA user_version'), [(999,)], 'version')


if __name__ == '__main__':
    sys.exit(run([connect, nonsense, characters, gap, huge, errors, kept, newer], app, server.close))
