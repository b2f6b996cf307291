#!/usr/bin/python3
"""Adding an account through the window: the connection doctor, the key in the keyring and nowhere else."""

import re
import subprocess
import sys

from bobbin import holds, keyring_has, program
from driver import check, equal, run
from nebelus import Nebelus

KEY = 'sk-ns-org-marker-0815-never-to-be-seen'
app = program(env={'G_MESSAGES_DEBUG': 'all'})
server = Nebelus(key=KEY)


def fill():
    """the dialog takes name, address, key and agent"""
    server.start()
    app.start()
    app.press(app.ADD_ACCOUNT)
    app.wait_for('Check Connection')
    app.entry('Address').set_text(f'http://127.0.0.1:{server.port}')
    app.entry('Key').set_text(KEY)
    app.entry('Agent ID').set_text(server.agent)
    name = app.entry('Name')
    name.set_text('Work')
    equal(name.text, 'Work', 'the name')


def wrong_address():
    """plain http to another computer is refused in words"""
    app.entry('Address').set_text('http://example.com')
    app.wait_text(re.compile('https'))
    app.entry('Address').set_text(f'http://127.0.0.1:{server.port}')


def doctor():
    """the connection doctor passes every step"""
    app.press('Check Connection')
    app.wait_text('The connection works', 30)
    check(not app.reads(re.compile('^Failed')), 'a step failed')


def save():
    """it is saved, and the window shows a conversation"""
    app.press('Add')
    app.composer()
    equal(app.query('SELECT name, service, agent_id FROM accounts'), [('Work', 'nebelus', server.agent)], 'accounts')


def chat():
    """an answer comes"""
    app.ask('hello')
    equal(server.texts(), ['hello'], 'messages at the server')


def secret():
    """the key is in the keyring, and nowhere else"""
    check(keyring_has(KEY), 'the keyring does not hold the key')
    elsewhere = [p for p in holds(KEY, app.home) if '/keyrings/' not in p]
    equal(elsewhere, [], 'files that hold the key')
    check(KEY not in app.output(), 'the key is in the log')
    for part in ('cmdline', 'environ'):
        with open(f'/proc/{app.pid}/{part}', 'rb') as f:
            check(KEY.encode() not in f.read(), f'the key is in {part}')
    done = subprocess.run(['ps', 'axeww'], capture_output=True, text=True, check=True)
    check(KEY not in done.stdout, 'the key is in the list of processes')


def next_day():
    """after quitting and starting the key is found again"""
    app.quit()
    app.start('--new')
    app.ask('hello again')
    app.quit()
    app.check_integrity()
    done = app.cli('accounts')
    check(KEY not in done.stdout + done.stderr and 'Work' in done.stdout, done.stdout)
    elsewhere = [p for p in holds(KEY, app.home) if '/keyrings/' not in p]
    equal(elsewhere, [], 'files that hold the key')


def edit(save='Save', **rows):
    """The account is edited through its dialog, whatever runs."""
    app.activate('edit-account', f"'{account_id()}'")
    app.wait_for(re.compile('^Remove Account'))
    for title, text in rows.items():
        app.entry(re.compile('^(New )?' + title)).set_text(text)
    app.press(save)
    app.wait_gone(re.compile('^Remove Account'))


def account_id():
    """As the program's actions take it: 13 digits to the base of 32 (bobbin-id.c)."""
    number = app.query('SELECT id FROM accounts')[0][0]
    return ''.join('0123456789abcdefghjkmnpqrstvwxyz'[number >> shift & 31] for shift in range(60, -1, -5))


def answer_under_way(words):
    before = len(app.messages('assistant'))
    app.put(words)
    app.wait(lambda: len(app.messages('assistant')) > before and app.messages('assistant')[-1][3] and app.answering(),
             what='an answer under way')


def changed_while_answering():
    """the key is changed while an answer streams: it is finished; the next message waits for the right key"""
    app.start('--new')
    answer_under_way('write 60 words')
    edit(Key='sk-ns-org-of-somebody-else')
    app.wait_answer()
    equal([m[2] for m in app.messages()[-2:]], ['complete', 'complete'], 'what ran')
    app.put('with which key?')
    app.wait_text('did not accept the key')
    equal([(m[2], m[3]) for m in app.messages()[-1:]], [('queued', 'with which key?')], 'the message that was not taken')
    check('with which key?' not in server.texts(), 'it went out')
    edit(Key=KEY)
    app.wait(lambda: app.messages()[-1][1:3] == ('assistant', 'complete'), 60, 'the answer')
    equal(server.texts().count('with which key?'), 1, 'times it was sent')


def removed_while_answering():
    """the account is removed while an answer streams: all of it goes, and the first page is back"""
    answer_under_way('write 2000 words')
    app.activate('edit-account', f"'{account_id()}'")
    app.press(re.compile('^Remove Account'))
    app.press('Remove')
    app.wait_for(app.TRY_DEMO)
    app.wait(lambda: app.query('SELECT count(*) FROM messages') == [(0,)] and app.query('SELECT count(*) FROM accounts') == [(0,)],
             what='everything of it to be gone')
    check(not keyring_has(KEY), 'the key is still in the keyring')
    app.quit()
    app.check_integrity()


if __name__ == '__main__':
    sys.exit(run([fill, wrong_address, doctor, save, chat, secret, next_day, changed_while_answering,
                  removed_while_answering], app, server.stop))
