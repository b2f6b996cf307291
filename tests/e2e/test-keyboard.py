#!/usr/bin/python3
"""From the first start to an answer and about in it with the keyboard alone, in a wide window and in the least there may be."""

import re
import sys

from bobbin import BUTTONS, program
from driver import Failure, Screen, equal, run
from nebelus import Nebelus

app = program()
server = Nebelus(speed=0)


def focused():
    window = app.window
    return next((n for n in window.shown() if n.has('focused')), None) if window is not None else None


def tab_to(name, role=None, key='Tab', most=40):
    """Tab until the keyboard is on a widget, as somebody without a mouse must."""
    for _ in range(most):
        node = focused()
        if node is not None and any(n.named(name) for n in [*node.around(5), *node.children]) and (role is None or node.role in role):
            return node
        Screen.key(key)
        app.wait(lambda before=node: (focused() and focused().path) != (before and before.path), what=f'{key} to move the keyboard')
    raise Failure(f'{key} does not lead to "{name}"')


def quits():
    """Ctrl+Q"""
    Screen.key('ctrl+q')
    code = app.process.wait(20)
    app.process = None
    equal(code, 0, f'exit status:\n{app.output()[-2000:]}\n')


def in_a_dialog():
    """Ctrl+Q in a dialog ends the program in good order"""
    app.start()
    app.press(app.ADD_ACCOUNT)
    app.wait_for('Check Connection')
    quits()


def fill(title, text):
    Screen.key('ctrl+a')
    Screen.type(text)
    app.wait(lambda: app.entry(title).text == text, what=f'"{title}" to be typed')


def first_run():
    """Tab and Return lead from the welcome page to the account, and the account is added"""
    server.start()
    app.start()
    tab_to(app.ADD_ACCOUNT, BUTTONS)
    Screen.key('Return')
    app.wait_for('Check Connection')
    tab_to('Service')
    # GTK 4.8 does not tell that the keyboard is in a row of text
    Screen.key('Tab', 'Tab')
    fill('Address', f'http://127.0.0.1:{server.port}')
    Screen.key('Tab')
    fill('Key', server.key)
    tab_to(re.compile('^Paste'))
    Screen.key('Tab')
    fill('Agent ID', server.agent)
    Screen.key('Return')
    app.wait_focused(app.COMPOSER)


def talk():
    """typed, sent, answered; the answer is copied and the composer is back"""
    Screen.type('show some code')
    Screen.key('Return')
    app.wait(lambda: len(app.messages('assistant')) == 1, what='an answer')
    app.wait_answer()
    tab_to(re.compile('^Copy'), BUTTONS, key='shift+Tab')
    Screen.key('ctrl+l')
    app.wait_focused(app.COMPOSER)
    Screen.key('Up')
    app.wait(lambda: app.composer().text == 'show some code', what='the earlier prompt')
    Screen.key('ctrl+a', 'Delete')


def least():
    """in 360x294: list, conversation, message, back"""
    Screen.resize(app, 360, 294)
    app.wait_focused(app.COMPOSER)
    Screen.type('hello')
    Screen.key('Return')
    app.wait(lambda: len(app.messages('assistant')) == 2, what='an answer')
    app.wait_answer()
    Screen.key('alt+Left')
    app.wait(lambda: app.window.find(app.SIDEBAR, ('list', 'list box')), what='the list')
    tab_to(app.SIDEBAR, ('list', 'list item'))
    Screen.key('Return')
    app.wait_focused(app.COMPOSER)
    equal([m[2] for m in app.messages()], ['complete'] * 4, 'messages')


def end():
    """and Ctrl+Q in the window"""
    quits()
    app.check_integrity()


if __name__ == '__main__':
    sys.exit(run([in_a_dialog, first_run, talk, least, end], app, server.stop))
