#!/usr/bin/python3
"""Pictures of every screen, light and dark, wide and narrow: screenshots.py BUILD DIRECTORY [LOOK]...
Looks: light dark (both without any), each at 1000x720 and 360x640. Run it through tests/support/with-desktop.sh."""

import os
import shutil
import subprocess
import sys

from bobbin import Bobbin
from driver import Failure, Screen, scratch

SIZES = {'wide': (1000, 720), 'narrow': (360, 640)}
QUESTION = 'Show a table and some code'


class Gallery:
    def __init__(self, build, directory, look):
        self.build, self.directory, self.look = build, directory, look
        self.home = scratch(f'home-{look}')
        settings = os.path.join(self.home, '.config', 'gtk-4.0')
        os.makedirs(settings)
        shutil.copy(os.path.expanduser('~/.config/gtk-4.0/settings.ini'), settings)
        scheme = 'prefer-dark' if look == 'dark' else 'prefer-light'
        self.app = Bobbin(os.path.join(build, 'src', 'bobbin'), home=self.home,
                          env={'ADW_DEBUG_COLOR_SCHEME': scheme})
        self.failures = []

    def shot(self, name, size=None):
        if size is not None:
            Screen.resize(self.app, *SIZES[size])
        path = os.path.join(self.directory, f'{name}-{self.look}-{size}.png' if size else f'{name}-{self.look}.png')
        Screen.shot(path, self.app)
        print(path, flush=True)

    def attempt(self, name, step):
        try:
            step()
        except (Failure, AttributeError, OSError, subprocess.SubprocessError) as failure:
            self.failures.append(f'{name} ({self.look}): {failure}')
            print(self.failures[-1], file=sys.stderr, flush=True)

    def both(self, name):
        for size in ('narrow', 'wide'):
            self.attempt(name, lambda size=size: self.shot(name, size))

    def dialog(self, name, open_it, closing='Escape'):
        """A window over the main one: opened, shot, closed."""
        def step():
            before = len(self.app.windows)
            open_it()
            self.app.wait(lambda: len(self.app.windows) > before, what=f'the window of {name}')
            path = os.path.join(self.directory, f'{name}-{self.look}.png')
            Screen.shot(path)
            print(path, flush=True)
            Screen.key(closing)
            self.app.wait(lambda: len(self.app.windows) == before, what=f'{name} to close')
        self.attempt(name, step)

    def converse(self):
        app = self.app
        app.press(app.TRY_DEMO)
        for words in (QUESTION, 'think', 'run a tool', 'show an image', 'show a chart', 'failing tool'):
            app.ask(words)

    def run(self):
        app = self.app
        app.start()
        self.attempt('welcome', lambda: app.wait_for(app.TRY_DEMO))
        self.both('welcome')
        self.dialog('add-account', lambda: app.press(app.ADD_ACCOUNT))
        self.attempt('conversation', self.converse)
        self.both('conversation')
        self.attempt('table', lambda: (Screen.key('ctrl+n'), app.ask(QUESTION)))
        self.both('table')
        self.attempt('approval', lambda: (app.put('ask for approval'), app.wait_for('Approve')))
        self.both('approval')
        self.attempt('approve', lambda: (app.press('Approve'), app.wait_answer()))
        self.attempt('long', lambda: app.put('write 300 words'))
        self.attempt('answering', lambda: (app.wait(app.answering, what='an answer'), self.shot('answering', 'wide')))
        self.attempt('long', app.wait_answer)
        self.attempt('interrupted', lambda: (app.put('drop the connection'), app.wait_text('nterrupted', 30)))
        self.both('interrupted')
        self.attempt('list', lambda: (Screen.resize(app, *SIZES['narrow']), Screen.key('alt+Left'),
                                      self.shot('list', 'narrow'), Screen.resize(app, *SIZES['wide'])))
        self.dialog('preferences', lambda: app.activate('preferences'))
        self.dialog('about', lambda: app.activate('about'))
        self.dialog('shortcuts', lambda: Screen.key('ctrl+question'))
        self.dialog('open-thread', lambda: Screen.key('ctrl+o'))
        self.attempt('search', lambda: (Screen.key('ctrl+f'), Screen.type('invoice'),
                                        self.shot('search', 'wide')))
        self.attempt('quit', app.quit)
        app.stop()


def main():
    arguments = sys.argv[1:]
    build, directory = os.path.abspath(arguments[0]), os.path.abspath(arguments[1])
    failures = []
    for look in arguments[2:] or ['light', 'dark']:
        gallery = Gallery(build, directory, look)
        gallery.run()
        failures += gallery.failures
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
