#!/usr/bin/python3
"""Conversations out and in through the window: export, PDF, backup and import, with real file choosers, by keyboard."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

from gi.repository import GLib

from bobbin import program
from driver import Screen, check, equal, part, poll, run, scratch

app = program()
out = scratch('out')


def path(name):
    return os.path.join(out, name)


def menu(key, label):
    """An entry of a menu that opens with a key."""
    app.settle()
    Screen.key(key)
    try:
        app.press(label, 'menu item')
    except GLib.Error:
        app.settle()  # the answer waits for the dialog that opens, which may take longer than an answer may


def choose(name, button):
    """In the file chooser: the whole name, and its button."""
    app.wait_for(button)
    app.settle()
    if button == 'Save':
        Screen.key('ctrl+a')
    Screen.type(path(name))
    app.settle()
    Screen.key('Return')


def saved(name):
    poll(lambda: os.path.exists(path(name)), what=f'{name}', alive=app.alive)
    equal(os.stat(path(name)).st_mode & 0o777, 0o600, 'mode')


def show_page(title, name):
    """A page of a window by its tab, with the mouse: tabs of a view switcher have no action."""
    app.wait_for(name)
    app.settle()
    frame = next(w for w in app.windows if w.named(title))
    wx, wy, ww, wh = Screen.geometry(Screen.x_window(app.pid, title))
    _, _, fw, fh = frame.extents
    x, y, w, h = frame.find(name).extents
    subprocess.run(['xdotool', 'mousemove', str(int(wx + (ww - fw) / 2 + x + w / 2)), str(int(wy + (wh - fh) / 2 + y + h / 2)),
                    'sleep', '0.05', 'click', '1'], check=True)


def look(name):
    """A picture, where somebody wants to look."""
    if os.environ.get('BOBBIN_PICTURES'):
        Screen.shot(os.path.join(os.environ['BOBBIN_PICTURES'], name + '.png'))


def begin():
    """a conversation"""
    app.start()
    app.press('Try the Demo Agent')
    app.ask('show a table')


def export():
    """it is saved as a web page, from its menu"""
    menu('ctrl+m', 'Export…')
    app.wait_for('Web Page')
    look('export')
    app.press('Export…')
    choose('talk.html', 'Save')
    saved('talk.html')
    with open(path('talk.html'), encoding='utf-8') as file:
        text = file.read()
    check('<table' in text and text.endswith('</html>\n'), text[-200:])


def pdf():
    """the same as a PDF, whose text can be read"""
    menu('ctrl+m', 'Save as PDF…')
    choose('talk.pdf', 'Save')
    saved('talk.pdf')
    text = subprocess.run(['pdftotext', '-layout', path('talk.pdf'), '-'], check=True, capture_output=True).stdout.decode()
    check('show a table' in text and 'Page 1 of ' in text, text[:300])


def backup():
    """everything but the keys, from the preferences"""
    Screen.key('ctrl+comma')
    show_page('Preferences', 'Data')
    app.wait_for('Back Up', 'push button')
    look('data')
    app.press('Back Up')
    choose('all.zip', 'Save')
    saved('all.zip')
    with zipfile.ZipFile(path('all.zip')) as archive:
        check('bobbin.db' in archive.namelist(), archive.namelist())

    def closed():
        if any(w.named('Preferences') for w in app.windows):
            Screen.key('Escape')
            app.settle()
        return not any(w.named('Preferences') for w in app.windows)
    app.wait(closed, what='the preferences to close')


def imported():
    """what came from elsewhere is in the list"""
    with open(path('in.json'), 'w', encoding='utf-8') as file:
        json.dump({'thread': 'abc', 'title': 'From elsewhere', 'messages': [{'role': 'user', 'content': 'ahoy there'}]}, file)
    menu('F10', 'Import…')
    choose('in.json', 'Import')
    app.wait_text('1 conversation imported.')
    look('imported')
    app.press('Close')
    app.open_row('From elsewhere')
    app.wait_text('ahoy there')
    equal(len(app.query("SELECT id FROM threads WHERE title = 'From elsewhere'")), 1, 'conversations')


def end():
    """the database is sound"""
    app.quit()
    app.check_integrity()
    shutil.rmtree(app.data_dir)


if __name__ == '__main__':
    sys.exit(run(part({'one': [begin, export, pdf, end], 'all': [begin, backup, imported, end]}), app))
