#!/usr/bin/python3
"""The pictures of the metadata and the README, from the real program talking with its demo agent: showcase.py BUILD [DIRECTORY]
(data/screenshots by itself). Run it through tests/support/with-desktop.sh. Windows are 1000x700 and 360x640; corners and shadow
are added as a GNOME desktop shows them."""

import os
import shutil
import sys
import tempfile

from bobbin import Bobbin
from driver import Failure, Screen, scratch, shell

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WIDE, NARROW = (1000, 700), (360, 640)
RADIUS, SHADOW = 12, 40


def framed(picture, path, size):
    """Rounds the corners of a window and lays its shadow under it; the room around it is clear."""
    width, height = size
    mask = f'roundrectangle 0,0 {width - 1},{height - 1} {RADIUS},{RADIUS}'
    shell('convert', picture, '(', '-size', f'{width}x{height}', 'xc:black', '-fill', 'white', '-draw', mask, ')',
          '-alpha', 'off', '-compose', 'CopyOpacity', '-composite', '-compose', 'Over',
          '(', '+clone', '-background', 'black', '-shadow', '36x14+0+6', ')',
          '(', '-clone', '0', '-background', 'black', '-shadow', '28x1+0+0', ')',
          '-reverse', '-background', 'none', '-layers', 'merge', '+repage',
          '-gravity', 'center', '-extent', f'{width + 2 * SHADOW}x{height + 2 * SHADOW}',
          '-define', 'png:exclude-chunks=date,time', '-strip', path)


class Showcase:
    def __init__(self, build, directory, look):
        self.directory = directory
        home = scratch(f'showcase-{look}')
        settings = os.path.join(home, '.config', 'gtk-4.0')
        os.makedirs(settings)
        shutil.copy(os.path.expanduser('~/.config/gtk-4.0/settings.ini'), settings)
        self.app = Bobbin(os.path.join(build, 'src', 'bobbin'), home=home,
                          env={'ADW_DEBUG_COLOR_SCHEME': f'prefer-{look}'})
        self.app.start()
        self.app.press(self.app.TRY_DEMO)
        Screen.resize(self.app, *WIDE)

    def shot(self, name, size=WIDE):
        Screen.resize(self.app, *size)
        with tempfile.NamedTemporaryFile(suffix='.png') as bare:
            Screen.shot(bare.name, self.app)
            path = os.path.join(self.directory, f'{name}.png')
            framed(bare.name, path, size)
        print(path, flush=True)

    def talk(self, *questions):
        """A conversation of its own."""
        Screen.key('ctrl+n')
        for question in questions:
            self.app.ask(question)

    def end(self):
        self.app.quit()
        self.app.stop()


def light(build, directory):
    show = Showcase(build, directory, 'light')
    app = show.app
    app.ask('Run a tool, please')
    show.talk('Show math')
    show.talk('Show a chart')
    show.shot('chart')
    show.talk('Show some code')
    show.shot('code')
    show.talk('Show a table of the open invoices')
    show.shot('conversation')
    show.shot('narrow', NARROW)
    show.end()


def dark(build, directory):
    show = Showcase(build, directory, 'dark')
    app = show.app
    app.ask('Show some code')
    show.talk('Show math')
    show.talk('Show a chart')
    show.talk('Show a table of the open invoices')
    app.put('Ask for approval, please')
    app.wait_for('Approve')
    show.shot('approval')
    app.press('Reject')
    app.wait_answer()
    show.end()


def main():
    build = os.path.abspath(sys.argv[1])
    directory = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else os.path.join(TOP, 'data', 'screenshots'))
    os.makedirs(directory, exist_ok=True)
    try:
        light(build, directory)
        dark(build, directory)
    except Failure as failure:
        print(f'showcase.py: {failure}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
