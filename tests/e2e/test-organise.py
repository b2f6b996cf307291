#!/usr/bin/python3
"""Conversations kept in order by keyboard alone: many picked, put away, taken back, labelled, deleted for good; back and forward."""

import os
import re
import shutil
import subprocess
import sys

from bobbin import build_dir, program
from driver import Screen, check, part, run

N = 110
app = program()
UNDO = re.compile('^(Undo|Undo Undo)$')


def states():
    return app.query('SELECT id, pinned, archived, unread, deleted_us FROM threads ORDER BY id')


def number(where):
    return app.query(f'SELECT count(*) FROM threads WHERE {where}')[0][0]


def focus_list():
    """F6 goes from pane to pane."""
    for _ in range(3):
        if any(node.has('focused') for row in app.rows() for node in row.walk()):
            return
        Screen.key('F6')
        app.settle()


def opens():
    """a profile with more conversations than are read at once"""
    subprocess.run([os.path.join(build_dir(), 'tests', 'support', 'make-profile'), app.data_dir, str(N)], check=True,
                   stdout=subprocess.DEVNULL)
    app.start()
    app.wait(lambda: len(app.rows()) > 3, what='the rows')
    app.open_row('About the')


def many():
    """Ctrl+Space and Shift+Down pick, the button archives, one Undo brings all back"""
    before = states()
    focus_list()
    Screen.key('ctrl+space')
    app.wait_for(re.compile('^1 Selected$'))
    Screen.key('shift+Down')
    Screen.key('shift+Down')
    app.wait_for(re.compile('^3 Selected$'))
    app.press('Archive')
    app.wait(lambda: number('archived = 1') == 3, what='three to be archived')
    app.press(UNDO)
    app.wait(lambda: states() == before, what='all to be as it was')


def everything():
    """Ctrl+A means those that were not read yet too; Escape leaves"""
    before = states()
    focus_list()
    Screen.key('ctrl+a')
    app.wait_for(f'{N} Selected')
    app.press('Archive')
    app.wait(lambda: number('archived = 1') == N, what='all to be archived')
    app.wait_for('No Conversations Yet')
    Screen.key('ctrl+z')
    app.wait(lambda: states() == before, what='all to be as it was')
    app.wait(lambda: len(app.rows()) > 3, what='the rows')
    focus_list()
    Screen.key('ctrl+space')
    app.wait_for('1 Selected')
    Screen.key('Escape')
    app.wait(lambda: app.find('1 Selected') is None or not app.find('1 Selected').visible, what='the selection to end')


def labelled():
    """a label is made, given to two, said by their rows, and narrows the list"""
    focus_list()
    Screen.key('ctrl+space')
    Screen.key('shift+Down')
    app.wait_for('2 Selected')
    app.press('Labels…')
    app.wait_for('New Label…')
    Screen.click(app, app.wait_for('New Label…'))
    app.wait_focused('Name')
    Screen.type('Work')
    Screen.key('Return')
    app.wait(lambda: app.query('SELECT name, color FROM labels') == [('Work', 'blue')], what='the label')
    app.press('Apply')
    app.wait(lambda: app.query('SELECT count(*) FROM thread_labels')[0][0] == 2, what='two to have it')
    app.wait(lambda: any('Labels: Work' in node.name for row in app.rows() for node in row.walk()), what='a row to say so')


def binned():
    """what is deleted lies in the bin with its day, and goes for good when it is emptied"""
    focus_list()
    Screen.key('ctrl+space')
    app.wait_for('1 Selected')
    Screen.key('Delete')
    app.wait(lambda: number('deleted_us <> 0') == 1, what='one to be deleted')
    Screen.key('F10')
    app.settle()
    Screen.key('d')
    app.wait(lambda: any('Removed on' in node.name for row in app.rows() for node in row.walk()), what='the day of removal')
    app.press(re.compile('^Empty…'))
    app.press(re.compile('^Delete( Delete)?$'))
    app.wait(lambda: number('1') == N - 1, what='it to be gone')
    app.press('Back to Conversations')
    app.wait(lambda: len(app.rows()) > 3, what='the rows')


def travelled():
    """Alt+Left goes back to what was open, Alt+Right forward again, and so do the buttons"""
    titles = [row[0] for row in app.query('SELECT title FROM threads ORDER BY length(title) DESC')]
    shown = [title for row in app.rows()[:6] for node in row.walk() for title in titles if node.name.startswith(title)]
    first, second = list(dict.fromkeys(shown))[:2]
    app.open_row(first)
    app.open_row(second)
    app.wait(lambda: app.window.name == second, what='the second')
    Screen.key('alt+Left')
    app.wait(lambda: app.window.name == first, what='the first again')
    app.press('Forward')
    app.wait(lambda: app.window.name == second, what='the second again')
    app.press('Back')
    app.wait(lambda: app.window.name == first, what='the first by the button')
    Screen.key('alt+Right')
    app.wait(lambda: app.window.name == second, what='the second by the key')


def end():
    """the database is sound"""
    app.quit()
    app.check_integrity()
    check(number('1') >= N - 1, 'conversations were lost')
    shutil.rmtree(app.data_dir)


if __name__ == '__main__':
    sys.exit(run(part({'many': [opens, many, everything, end], 'one': [opens, labelled, binned, travelled, end]}), app))
