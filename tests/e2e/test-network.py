#!/usr/bin/python3
"""A network that goes and comes back: cut in mid answer, server stopped and started, silence without an end."""

import re
import sys
import time

from bobbin import paced, program
from driver import GLib, check, equal, poll, run
from nebelus import Nebelus
from proxy import Line
from starved import Starved

app = program(env=paced())
server = Nebelus()
line = None
BEHIND = 0.6  # promised are 500 ms of the program's own time; the rest is the way of a byte
RECONNECTING = re.compile(r'connection (was lost|failed)|Reconnecting|offline', re.I)


def connect():
    """a conversation over a line that can be cut"""
    global line
    server.start()
    line = Line(server.port)
    server.add_account(app, port=line.port)
    app.start('--new')
    app.ask('hello')
    equal([m[2] for m in app.messages()], ['complete', 'complete'], 'states')


def due_of(starved):
    """What of the last answer must have been kept by now."""
    return line.answer_text(line.chats()[-1][0], starved.latest(time.monotonic(), BEHIND))


def cut():
    """cut in mid answer: what came stays, marked interrupted, and a countdown begins"""
    app.put('write 2000 words')
    starved = Starved(app.pid)
    app.wait(lambda: starved.look() or (len(app.messages('assistant')) == 2 and len(due_of(starved)) > 100), 60, 'part of the answer')
    due = due_of(starved)
    line.cut()
    app.wait(lambda: app.messages('assistant')[-1][2] == 'interrupted', what='the answer to be interrupted')
    kept = app.messages('assistant')[-1][3]
    # the line notes what passed a moment after it did
    poll(lambda: line.answer_text(line.chats()[-1][0]).startswith(kept), what=f'what was kept to have passed: {kept[-80:]!r}')
    check(len(kept) >= len(due), f'kept {len(kept)} of {len(due)} characters that passed {BEHIND} s before the cut')
    app.wait_text(re.compile('interrupted', re.I))


def restore():
    """the line returns: the next message is queued at once and goes out by itself"""
    app.put('are you there?')
    app.wait_for(app.TRY_NOW, timeout=40)
    app.wait_text(RECONNECTING)
    button = app.wait_for(app.TRY_NOW)
    line.restore()
    try:
        if button.visible:
            button.press()
    except GLib.Error:
        pass  # the countdown was faster
    app.wait(lambda: app.messages('assistant')[-1][2] == 'complete' and len(app.messages('assistant')) == 3, 60, 'the answer')
    app.wait_gone(app.TRY_NOW)


def restart():
    """the server is stopped and started: the connection comes back by itself"""
    server.stop()
    app.put('a message for later')
    app.wait_for(app.TRY_NOW, timeout=40)
    server.start(server.port)
    app.wait(lambda: app.messages('assistant')[-1][2] == 'complete' and len(app.messages('assistant')) == 4, 60, 'the answer')


def silence():
    """a line that dies in silence is noticed by the pings, and left"""
    line.silence()
    app.wait_for(app.TRY_NOW, timeout=110)
    line.restore()
    app.ask('and now?')


def once():
    """nothing was sent twice"""
    texts = [text for _, text in line.chats()]
    equal(sorted(texts), sorted(set(texts)), 'messages on the line')
    app.quit()
    app.check_integrity()


if __name__ == '__main__':
    sys.exit(run([connect, cut, restore, restart, silence, once], app, server.stop))
