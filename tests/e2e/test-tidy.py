#!/usr/bin/python3
"""Labels, cleaning up and what is put away by itself, in the window: every step shown before, and taken back afterwards."""

import os
import re
import subprocess
import sys

from bobbin import BUTTONS, build_dir, program
from driver import Screen, check, equal, poll, run, scratch

N = 24
SCHEMA = 'io.github.bobbin_chat.Bobbin'
app = program()
out = scratch('out')


def number(where):
    return app.query(f'SELECT count(*) FROM threads WHERE {where}')[0][0]


def look(name):
    """A picture, where somebody wants to look."""
    if os.environ.get('BOBBIN_PICTURES'):
        Screen.shot(os.path.join(os.environ['BOBBIN_PICTURES'], name + '.png'))


def command(words, window):
    """An action by its name in the palette, and the window it opens."""
    Screen.key('ctrl+k')
    app.wait_focused()
    Screen.type(words)
    app.wait(lambda: app.reads(words), what=f'“{words}” in the palette')
    app.settle()
    Screen.key('Return')
    app.wait(lambda: any(w.named(window) for w in app.windows), what=f'the window “{window}”')
    app.settle()


def setting(key, value):
    subprocess.run(['gsettings', 'set', SCHEMA, key, value], check=True, env=app.environment)


def labels():
    """a label is made with a colour, renamed, deleted, and taken back"""
    subprocess.run([os.path.join(build_dir(), 'tests', 'support', 'make-profile'), app.data_dir, str(N)], check=True,
                   stdout=subprocess.DEVNULL)
    app.start()
    app.wait(lambda: len(app.rows()) > 3, what='the rows')
    command('Edit labels', 'Labels')
    Screen.click(app, app.wait_for('New Label…'))
    app.wait_focused('Name')
    look('label-new')
    Screen.type('Work')
    app.press('Red', None)
    app.press('Add')
    app.wait(lambda: app.query('SELECT name, color FROM labels') == [('Work', 'red')], what='the label')
    app.press('Edit “Work”')
    app.wait_focused('Name')
    look('label-edit')
    Screen.key('ctrl+a')
    Screen.type('Office')
    Screen.key('Return')
    app.wait(lambda: app.query('SELECT name, color FROM labels') == [('Office', 'red')], what='the other name')
    look('labels')
    app.press('Edit “Office”')
    app.press('Delete')
    app.wait(lambda: app.query('SELECT count(*) FROM labels')[0][0] == 0, what='the label to go')
    Screen.key('Escape')
    app.wait(lambda: not any(w.named('Labels') for w in app.windows), what='the dialog to close')
    Screen.key('ctrl+z')
    app.wait(lambda: app.query('SELECT name, color FROM labels') == [('Office', 'red')], what='the label to be back')


def cleaned():
    """what was not used for so many days is shown, one is kept, the rest goes, and comes back"""
    command('Clean up', 'Clean Up')
    app.wait_text('Nothing to Clean Up')
    Screen.click(app, app.wait_for('Days Without Use', ('spin button', 'entry', 'text')))
    Screen.key('ctrl+a')
    Screen.type('30')
    Screen.key('Return')
    app.wait_text(f'{N} conversations, ')
    look('clean-up')
    Screen.click(app, next(n for n in app.window.shown() if n.role == 'check box' and n.visible))
    app.wait_text(f'{N - 1} conversations, ')
    app.press('Move to Bin')
    app.wait(lambda: number('deleted_us <> 0') == N - 1, what='the rest to go')
    app.press(re.compile('^Undo'))
    app.wait(lambda: number('deleted_us <> 0') == 0, what='all to be back')


def kept():
    """by itself, at the start: but what is pinned, holds a draft, or was open last stays; and it can be taken back"""
    names = [node.name for row in app.rows()[:6] for node in row.walk() if node.name.startswith('About')]
    rows = list(dict.fromkeys(name.split(',')[0] for name in names))
    app.open_row(rows[0])
    Screen.key('ctrl+d')
    app.wait(lambda: number('pinned = 1') == 1, what='one to be pinned')
    app.open_row(rows[1])
    app.composer().set_text('to be finished')
    app.wait(lambda: app.query('SELECT count(*) FROM drafts')[0][0] == 1, what='the draft')
    app.open_row(rows[2])
    app.quit()
    setting('retention-days', '30')
    app.start()
    app.wait(lambda: number('deleted_us <> 0') == N - 3, what='what is not used to go')
    app.wait_text(f'{N - 3} unused conversations moved to the bin')
    look('retired')
    app.press(re.compile('^Undo'))
    app.wait(lambda: number('deleted_us <> 0') == 0, what='all to be back')
    app.quit()
    setting('retention-days', '0')
    app.start()
    app.wait(lambda: len(app.rows()) > 3, what='the rows')
    equal(number('deleted_us <> 0'), 0, 'conversations in the bin')


def exported():
    """two that are picked, to one file"""
    for _ in range(3):
        if any(node.has('focused') for row in app.rows() for node in row.walk()):
            break
        Screen.key('F6')
        app.settle()
    Screen.key('ctrl+space')
    app.wait_for('1 Selected')
    Screen.key('shift+Down')
    app.wait_for('2 Selected')
    look('picking')
    app.press('Export…', BUTTONS)
    app.wait_text('Export Conversations')
    app.press('Export…', BUTTONS)
    app.wait_for('Save')
    app.settle()
    Screen.key('ctrl+a')
    path = os.path.join(out, 'two.html')
    Screen.type(path)
    app.settle()
    Screen.key('Return')
    poll(lambda: os.path.exists(path), what='the file', alive=app.alive)
    app.wait_text('2 conversations exported')
    with open(path, encoding='utf-8') as file:
        text = file.read()
    titles = [row[0] for row in app.query('SELECT title FROM threads')]
    equal(sum(f'>{title}<' in text for title in titles), 2, 'conversations in the file')


def end():
    """the database is sound"""
    app.quit()
    app.check_integrity()
    check(app.query('SELECT count(*) FROM threads')[0][0] == N, 'conversations were lost')


if __name__ == '__main__':
    sys.exit(run([labels, cleaned, kept, exported, end], app))
