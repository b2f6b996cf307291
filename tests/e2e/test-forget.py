#!/usr/bin/python3
"""Forget this account: key, rows, index, files, thumbnails and drafts are gone from the profile, bytes and all; another account
keeps everything."""

import base64
import glob
import os
import sys

from bobbin import holds, keyring_has, program
from driver import check, equal, run, scratch, shell
from nebelus import Nebelus

app = program()
server = Nebelus()
other = Nebelus(key='sk-the-other-key')
MARKS = ('zebrafinch', 'quokkadraft', 'narwhalfile', 'ocelotname', 'Forgettable')
KEPT = 'pangolinkept'
PNG = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVQI12P4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC')


def fill():
    """Two accounts, each with a conversation, a file, a picture and a draft"""
    folder = scratch('files')
    text, picture = os.path.join(folder, 'ocelotname.txt'), os.path.join(folder, 'ocelotname.png')
    with open(text, 'w', encoding='utf-8') as file:
        file.write('narwhalfile ' * 2000)
    with open(picture, 'wb') as file:
        file.write(PNG + b'narwhalfile')
    server.start()
    other.start()
    server.add_account(app, name='Forgettable')
    other.add_account(app, name='Kept')
    app.cli('ask', '--account', 'Forgettable', '--attach', text, '--attach', picture, 'zebrafinch show a table')
    app.cli('ask', '--account', 'Kept', KEPT)
    app.start()
    app.open_row('zebrafinch')
    app.wait_text('zebrafinch')
    app.composer().set_text('quokkadraft is not sent')
    app.wait(lambda: app.query("SELECT count(*) FROM drafts WHERE text LIKE 'quokka%'")[0][0] == 1, what='the draft')
    check(len(glob.glob(os.path.join(app.data_dir, 'attachments', '**', '*'), recursive=True)) >= 2, 'the files are there')


def remove():
    """It is removed in the preferences, after a question that names it"""
    app.activate('preferences')
    app.wait_for('Forgettable')
    app.press('Remove Account…')
    app.wait_text('Remove “Forgettable”?')
    app.press('Remove')
    app.wait(lambda: app.query('SELECT count(*) FROM accounts')[0][0] == 1, what='the account to go')
    app.wait_gone('Forgettable')
    app.quit()


def nothing_is_left():
    """No byte of it is left in the profile, the cache or the settings, and the key is out of the keyring"""
    for mark in MARKS:
        left = [p for p in holds(mark, os.path.join(app.home, '.local'), os.path.join(app.home, '.config'), os.path.join(app.home, '.cache'))
                if '/keyrings/' not in p]
        equal(left, [], f'"{mark}"')
    check(not keyring_has(server.key), 'its key is in the keyring')
    equal(app.query('SELECT count(*) FROM threads')[0][0], 1, 'conversations')
    equal([p for p in glob.glob(os.path.join(app.data_dir, 'attachments', '**', '*'), recursive=True) if os.path.isfile(p)], [], 'files')


def the_other_is_whole():
    """The other account has all it had, key and words"""
    check(keyring_has(other.key), 'its key is gone')
    check(KEPT in app.cli('search', KEPT).stdout, 'its words cannot be found')
    app.cli('ask', '--account', 'Kept', 'again')
    # in a process of its own: this one still holds connections from before the file was written anew
    code = 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchall())'
    equal(shell(sys.executable, '-c', code, os.path.join(app.data_dir, 'bobbin.db')).strip(), "[('ok',)]", 'integrity')


def clean():
    server.stop()
    other.stop()


if __name__ == '__main__':
    sys.exit(run([fill, remove, nothing_is_left, the_other_is_whole], app, clean))
