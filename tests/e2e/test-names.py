#!/usr/bin/python3
"""Every widget that takes the keyboard or can be pressed says what it is: the accessible names of every screen."""

import re
import sys

from bobbin import BUTTONS, program
from driver import Screen, check, part, run
from nebelus import Nebelus

app = program()
server = Nebelus(speed=0)
# A row is read with all that is in it.
READ_WITH_CONTENT = ('list item', 'table row', 'tree item')
# What holds others and scrolls; nothing is done with it.
HOLDERS = ('scroll pane', 'list', 'filler', 'label', 'viewport')
CONTROLS = (*BUTTONS, 'menu item', 'check box', 'switch', 'text', 'entry', 'combo box', 'link', 'page tab', 'slider', 'radio button')


def acts(node):
    return node.role in CONTROLS or (node.has('focusable') and node.role not in HOLDERS)


def says(node):
    if node.name.strip() and not node.name.startswith('Gtk'):
        return True
    return node.role in READ_WITH_CONTENT and any(n.text.strip() for n in node.tree.walk(node) if n is not node)


def unnamed():
    """Roles and places of what has no name, in the window on top: what lies below was looked at before."""
    found = []
    for node in app.window.shown():
        if acts(node) and node.sensitive and node.visible and not says(node):
            path = [n.role + (f' "{n.name}"' if n.name else '') for n in node.around(4)]
            found.append(' > '.join(reversed(path)))
    return sorted(set(found))


def named(what):
    found = unnamed()
    check(not found, f'{what}: without a name: ' + '; '.join(found))


def account():
    """adding an account, with a connection checked"""
    server.start()
    app.start()
    app.press(app.ADD_ACCOUNT)
    app.wait_for('Check Connection')
    app.entry('Address').set_text(f'http://127.0.0.1:{server.port}')
    app.press('Check Connection')
    app.wait_for('Copy Report', BUTTONS)
    named('the account editor')


def save():
    """a new conversation with that account"""
    app.entry('Key').set_text(server.key)
    app.entry('Agent ID').set_text(server.agent)
    app.press('Add')
    app.composer()
    named('an empty conversation')


def conversation():
    """a conversation with all that an answer may hold"""
    app.put('show everything')
    app.wait(lambda: app.query("SELECT 1 FROM blocks WHERE kind = 'approval' AND state = 'open'"), what='the approval')
    app.wait_for('Approve', BUTTONS)
    named('an answer with everything')
    app.press('Reject')
    app.wait_answer()
    Screen.key('ctrl+n')
    app.ask('run a tool')
    app.put('error: insufficient_credits')
    app.wait_for(app.RETRY, BUTTONS)
    named('a message that failed')


def panels():
    """search, outline, find"""
    Screen.key('F8')
    Screen.key('ctrl+f')
    Screen.type('weather')
    app.wait_text(re.compile(r'\d of \d'))
    named('the outline and the find bar')
    Screen.key('Escape')
    Screen.key('F8')
    Screen.key('ctrl+shift+f')
    Screen.type('invoice')
    app.wait(lambda: len(app.rows()) > 1, what='results')
    named('the search')
    Screen.key('Escape')


def end():
    """quit in good order"""
    app.quit()


def anew():
    """conversations of that account"""
    if not server.port:
        server.start()
        server.add_account(app)
    app.start('--new')
    app.ask('run a tool')


def organising():
    """many picked, the filters with their calendar, what else the list shows"""
    focus_list()
    Screen.key('ctrl+space')
    app.wait_for('1 Selected')
    named('many picked')
    Screen.key('Escape')
    app.wait_gone('1 Selected')
    Screen.key('ctrl+shift+f')
    Screen.type('weather')
    app.press('Date', None)
    app.settle()
    Screen.key('Up', 'Return')
    app.wait_for('Until: Any Day')
    named('the days of a search')
    Screen.key('Escape')
    app.wait_gone('Until: Any Day')
    Screen.key('Escape', 'Escape')
    for what in ('archive', 'bin', 'expires soon'):
        palette(f'Show the {what}' if what != 'expires soon' else 'Show what expires soon')
        app.wait_for('Back to Conversations', BUTTONS)
        named(what)
        app.press('Back to Conversations')


def focus_list():
    """F6 goes from pane to pane."""
    for _ in range(3):
        if any(node.has('focused') for row in app.rows() for node in row.walk()):
            return
        Screen.key('F6')
        app.settle()


def palette(words):
    """An action by its name."""
    Screen.key('ctrl+k')
    app.settle()
    named('the palette')
    Screen.type(words)
    app.settle()
    Screen.key('Return')
    app.settle()


def opened(words, window):
    """A window by the name of its action, looked at and closed."""
    before = len(app.windows)
    palette(words)
    app.wait(lambda: len(app.windows) > before, what=f'the window of “{words}”')
    named(window)
    Screen.key('Escape')
    app.wait(lambda: len(app.windows) == before, what=f'the window of “{words}” to close')


def tidying():
    """labels, cleaning up, exporting, the agent, a quick question"""
    opened('Edit labels', 'labels')
    opened('Labels of the conversation', 'labels of a conversation')
    opened('Clean up', 'cleaning up')
    opened('Export conversation', 'export')
    opened('Quick question', 'a quick question')


def windows():
    """preferences, shortcuts, renaming, opening by ID"""
    for key in ('ctrl+comma', 'ctrl+question', 'ctrl+r', 'ctrl+o'):
        before = len(app.windows)
        Screen.key(key)
        app.wait(lambda before=before: len(app.windows) > before, what=f'the window of {key}')
        named(key)
        Screen.key('Escape')
        app.wait(lambda before=before: len(app.windows) == before, what=f'the window of {key} to close')


if __name__ == '__main__':
    sys.exit(run(part({'conversation': [account, save, conversation, panels, end], 'lists': [anew, organising, end],
                       'windows': [anew, tidying, windows, end]}), app, server.stop))
