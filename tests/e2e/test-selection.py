#!/usr/bin/python3
"""A long conversation under the mouse: parts of it selected, copied, scrolled and found, and the place kept that was read."""

import os
import re
import subprocess
import sys

from bobbin import build_dir, program
from driver import Screen, check, equal, pace, run, shell

N = 400
END = 'That is all about it.'
app = program()


def clipboard(target='UTF8_STRING'):
    done = subprocess.run(['xclip', '-selection', 'clipboard', '-o', '-t', target], capture_output=True, text=True, timeout=20)
    return done.stdout


def opens():
    subprocess.run([os.path.join(build_dir(), 'tests', 'support', 'make-profile'), app.data_dir, '1', '--long', str(N - 1)],
                   check=True, stdout=subprocess.DEVNULL)
    app.start()
    app.open_row('About the')
    app.composer()
    app.wait_text(END)


def paragraphs(text):
    """Those on the screen, from the top."""
    window = app.window.extents
    nodes = [n for n in app.window.shown() if n.text == text]
    return sorted((n for n in nodes if 90 < n.extents[1] < window[3] - 120), key=lambda n: n.extents[1])


def at(node, part=0.0, line=0.5):
    """A point in it: so far from its left edge, and from its top."""
    x, y = Screen.spot(app, node)
    _, _, w, h = node.extents
    return int(x - w / 2 + w * part) + 2, int(y - h / 2 + h * line)


def click(point, times):
    shell('xdotool', 'mousemove', str(point[0]), str(point[1]), 'sleep', '0.1', 'click', '--repeat', str(times), '--delay', '60', '1')


def copied(wanted, what):
    """What is selected, as text."""
    def there():
        Screen.key('ctrl+c')
        pace(0.1)
        return clipboard() == wanted
    app.wait(there, what=f'{what} on the clipboard')


def word():
    """two clicks take a word, three the line, Shift and an arrow more or less of it"""
    node = app.wait(lambda: paragraphs(END), what='an answer')[-1]
    click(at(node), 2)
    copied('That', 'a word')
    Screen.key('shift+Right', 'shift+Right', 'shift+Right')
    copied('That is', 'two words')
    pace(0.6)  # no fourth click
    click(at(node), 3)
    copied(END, 'the line')


def across():
    """the mouse takes parts of two messages; they are text, Markdown and HTML at once"""
    ends = app.wait(lambda: len(paragraphs(END)) > 1 and paragraphs(END), what='two answers')
    start, end = at(ends[-2]), at(ends[-1])
    Screen.drag(start, end)
    app.wait(lambda: (Screen.key('ctrl+c'), pace(0.1), clipboard().startswith(END))[2], what='the end of an answer')
    text = clipboard()
    check('What about' in text, f'no prompt in {text!r}')
    check('• first' in text or '- first' in text, f'no list in {text!r}')
    check('**' in clipboard('text/markdown'), 'no Markdown')
    check('<li>' in clipboard('text/html') and '<strong>' in clipboard('text/html'), 'no HTML')


def top():
    """The first thing that can be read of the conversation."""
    nodes = [n for n in app.window.shown() if re.match('What about the|The .* of ', n.text or '')]
    seen = sorted((n.extents[1], n.text) for n in nodes if n.extents[1] > 60)
    return seen[0][1] if seen else None


def kept():
    """where one has scrolled to is kept when the window is resized, when more is found, and after a restart"""
    x, y = Screen.spot(app, app.window)
    before = top()
    shell('xdotool', 'mousemove', str(x), str(y), 'sleep', '0.1', 'click', '--repeat', '40', '--delay', '20', '4')
    app.wait(lambda: top() not in (None, before), what='other messages')
    app.settle()
    here = top()
    Screen.resize(app, 700, 640)
    app.wait(lambda: top() == here, what='the same place in a narrower window')
    Screen.resize(app, 1000, 700)
    app.wait(lambda: top() == here, what='the same place in a wider window')
    app.quit()
    app.start()
    app.open_row('About the')
    app.wait(lambda: top() == here, what='the same place after a restart')


def jumped():
    """there is a way back to the end"""
    app.press('Jump to Latest')
    app.wait(lambda: any(n.text == END for n in paragraphs(END)), what='the end')
    equal(app.find('Jump to Latest') is None or not app.find('Jump to Latest').has('showing'), True, 'the button is gone')


if __name__ == '__main__':
    sys.exit(run([opens, word, across, kept, jumped], app))
