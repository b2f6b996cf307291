#!/usr/bin/python3
"""Rough use: the window is resized, closed, clicked and fed beyond reason while an answer streams."""

import re
import sys

from bobbin import BUTTONS, program
from driver import Screen, check, equal, poll, run

app = program()
WORDS = 'write 60 words'
PASTED = 'a line that was pasted, with ünïcode\n' * 140000


def started(words=WORDS):
    app.put(words)
    app.wait(app.answering, what='an answer to begin')


def resize():
    """resized from wide to the least and back while an answer streams"""
    app.start()
    app.press(app.TRY_DEMO)
    app.composer()
    started()
    for size in ((360, 294), (1000, 720), (500, 300), (360, 640), (900, 700)):
        Screen.resize(app, *size)
    app.wait_answer()
    equal([m[2] for m in app.messages()], ['complete', 'complete'], 'deliveries')


def close():
    """closed while an answer streams: it is waited for, and there at the next start"""
    started()
    Screen.key('ctrl+w')
    app.wait(lambda: not app.windows, what='the window to close')
    poll(lambda: app.process.poll() is not None, 60, 'the program to end')
    equal(app.process.returncode, 0, 'exit status')
    app.process = None
    equal([m[2] for m in app.messages()], ['complete'] * 4, 'deliveries')
    app.start()
    app.wait_text(WORDS)


def clicks():
    """many quick clicks on New, Send and the rows: one empty conversation, nothing sent twice"""
    before = len(app.messages('user'))
    button = app.wait_for('New Conversation', BUTTONS)
    for _ in range(8):
        button.press()
    # the last of the clicks must not come after what is typed next
    app.settle()
    app.wait_text('see what it can do')
    app.composer().set_text('once only')
    send = app.wait_for(app.SEND, BUTTONS)
    for _ in range(5):
        send.press()
    app.settle()
    app.wait(lambda: len(app.messages('user')) > before, what='the message')
    app.wait_answer()
    equal(len(app.messages('user')), before + 1, 'messages of mine')
    for _ in range(6):
        Screen.key('ctrl+Page_Down', 'ctrl+Page_Up')
    app.composer()


def paste():
    """five megabytes are pasted: taken as text or offered as a file, and the window lives"""
    check(len(PASTED.encode()) > 5 * 1000 * 1000, 'not enough')
    Screen.click(app, app.composer())
    Screen.copy_text(PASTED)
    Screen.key('ctrl+v')
    app.wait(lambda: len(app.composer().text) > 1000 or app.find(re.compile(r'\.txt')), 60, 'what was pasted')
    Screen.key('ctrl+a', 'Delete')
    app.wait(lambda: app.composer().text == '', 60, 'an empty composer')


def delete():
    """deleted while it answers, and brought back: what had come is there"""
    Screen.key('ctrl+n')
    started()
    Screen.key('ctrl+shift+Delete')
    app.press(re.compile('Undo'))
    app.wait_text(WORDS)
    app.wait_answer()
    check(app.query('SELECT count(*) FROM threads WHERE deleted_us != 0')[0][0] == 0, 'it is still in the bin')


def end():
    """the database is sound"""
    app.quit()
    app.check_integrity()


if __name__ == '__main__':
    sys.exit(run([resize, close, clicks, paste, delete, end], app))
