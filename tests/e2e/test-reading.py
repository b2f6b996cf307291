#!/usr/bin/python3
"""A long conversation read with the keyboard: found in, walked, outlined, copied, and a message sent again."""

import os
import re
import subprocess
import sys

from bobbin import build_dir, program
from driver import Screen, check, equal, run

N = 600
app = program()
OF = re.compile(r'^\d+ of \d+$')


def clipboard(target):
    done = subprocess.run(['xclip', '-selection', 'clipboard', '-o', '-t', target], capture_output=True, text=True,
                          timeout=20)
    return done.stdout


def count():
    return next((text for text in app.texts() if OF.match(text)), None)


def opens():
    """a stored conversation of many messages opens at its end"""
    subprocess.run([os.path.join(build_dir(), 'tests', 'support', 'make-profile'), app.data_dir, '1', '--long', str(N - 1)],
                   check=True, stdout=subprocess.DEVNULL)
    app.start()
    app.open_row('About the')
    app.composer()
    app.wait_text(re.compile('What about the'))


def found():
    """Ctrl+F finds in all of it, Enter goes on, Escape closes"""
    # "harbour": each 24 messages, in prompts twice and in answers
    wanted = sum(text.lower().count('harbour') for _, _, _, text in app.messages())
    Screen.key('ctrl+f')
    app.wait_focused('Find in conversation')
    Screen.type('HARBOUR')
    app.wait(lambda: count() is not None and count().endswith(f' of {wanted}'), what='the count')
    before = count()
    Screen.key('Return')
    app.wait(lambda: count() not in (None, before), what='another match')
    Screen.key('shift+Return')
    app.wait(lambda: count() == before, what='the match before')
    Screen.key('Escape')
    app.wait(lambda: count() is None, what='the bar to close')


def walked():
    """Alt+Up goes from prompt to prompt, from the composer too"""
    Screen.click(app, app.composer())
    Screen.key('alt+Up')
    app.wait(lambda: any(node.has('focused') and node.name.startswith('You,') for node in app.window.shown()),
             what='a prompt with the keyboard')


def copied():
    """Ctrl+A twice takes the whole thread, Ctrl+C copies it as text, Markdown and HTML"""
    Screen.key('ctrl+a')
    Screen.key('ctrl+a')
    Screen.key('ctrl+c')
    app.wait(lambda: clipboard('UTF8_STRING').count('What about the') == N // 2, what='the whole thread on the clipboard')
    check('<p>What about' in clipboard('text/html'), 'no HTML')
    check('**' in clipboard('text/markdown'), 'no Markdown')


def outlined():
    """F8 shows the outline, Escape or F8 hides it and the keyboard is where it was"""
    Screen.key('ctrl+l')
    app.wait_focused(app.COMPOSER)
    Screen.key('F8')
    app.wait_focused('Outline', ('list', 'list box'))
    Screen.key('Escape')
    app.wait_gone('Outline', ('list', 'list box'))
    app.wait_focused(app.COMPOSER)
    Screen.key('F8')
    entries = app.wait_for('Outline', ('list', 'list box'))
    app.wait(lambda: len([n for n in entries.walk() if n.role == 'list item']) > 10, what='entries')
    Screen.key('F8')
    app.wait_gone('Outline', ('list', 'list box'))


def sent_again():
    """a prompt edited in its place is a new version; the old one is a step away"""
    app.quit()
    app.start('--demo')
    app.put('first words')
    app.wait(lambda: app.reads('You wrote'), what='an answer')
    app.wait(lambda: not app.answering(), what='its end')
    Screen.key('alt+Up')
    app.press('Edit and Send Again')
    app.wait_focused('Edit Message')
    Screen.key('ctrl+a')
    Screen.type('other words')
    Screen.key('Return')
    app.wait_text(re.compile('You wrote “other words”'))
    app.wait(lambda: not app.answering(), what='its end')
    app.wait_text('2 of 2')
    app.press('Previous Version')
    app.wait_text(re.compile('You wrote “first words”'))
    app.wait_text('1 of 2')
    equal(app.reads(re.compile('You wrote “other words”')), False, 'the other version is still shown')


if __name__ == '__main__':
    sys.exit(run([opens, found, walked, copied, outlined, sent_again], app))
