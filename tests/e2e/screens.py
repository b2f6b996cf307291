"""The screens and states of the program, act by act, for screenshots.py. An act is one run of the program that goes from
screen to screen and asks for a picture of each."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time

from gi.repository import GLib

from bobbin import BUTTONS, Bobbin
from driver import ONLY_TOLD, DragSource, Failure, Screen, pace, scratch, shell
from nebelus import Nebelus
from proxy import Line
from service import Service

SIZES = {'wide': (1000, 720), 'narrow': (360, 640), 'low': (360, 294)}
DAY_US = 24 * 60 * 60 * 1000000


def database(app):
    """What the program keeps, to be written by hand: its index asks for two functions of the program's own."""
    db = sqlite3.connect(os.path.join(app.data_dir, 'bobbin.db'))
    for name in ('bobbin_words', 'bobbin_grams'):
        db.create_function(name, 1, lambda text: text, deterministic=True)
    return db


class Stage:
    """An act at work: the program, and where its pictures go."""

    keyring = True

    def __init__(self, build, directory, look):
        self.build, self.directory, self.look = build, directory, look
        self.failures = []
        if os.environ.get('BOBBIN_DPI'):
            shell('xprop', '-root', '-f', 'RESOURCE_MANAGER', '8s', '-set', 'RESOURCE_MANAGER',
                  f'Xft.dpi:\t{os.environ["BOBBIN_DPI"]}\n')
        preload = os.environ.get('BOBBIN_PRELOAD')
        self.app = Bobbin(os.path.join(build, 'src', 'bobbin'), env={'LD_PRELOAD': preload} if preload else {})

    # pictures

    def path(self, name, kind):
        return os.path.join(self.directory, f'{name}-{self.look}-{kind}.png')

    def shot(self, name, size):
        """A picture of the main window at a size."""
        Screen.resize(self.app, *SIZES[size])
        Screen.shot(self.path(name, size), self.app)
        print(self.path(name, size), flush=True)

    def screen(self, name):
        """A picture of all of the screen: what lies over the window is a window of its own."""
        Screen.shot(self.path(name, 'screen'))
        print(self.path(name, 'screen'), flush=True)

    def active(self, name, width=360, height=640):
        """A picture of the window on top, made as narrow as it can be."""
        window = shell('xdotool', 'getactivewindow').strip()
        shell('xdotool', 'windowsize', window, str(width), str(height))
        pace(0.3)
        shell('import', '-silent', '-window', window, self.path(name, 'narrow'))
        print(self.path(name, 'narrow'), flush=True)

    # steps

    def attempt(self, name, *steps):
        """Steps that may fail without the rest."""
        try:
            for step in steps:
                step()
        except (Failure, AttributeError, IndexError, OSError, subprocess.SubprocessError, sqlite3.Error) as failure:
            self.failures.append(f'{name}: {failure}'.replace('\n', ' ')[:600])

    def show(self, name, *steps, sizes=('wide', 'narrow')):
        """Steps, then pictures of the main window."""
        self.attempt(name, *steps, *[lambda size=size: self.shot(name, size) for size in sizes])

    def over(self, name, *steps, close='Escape', narrow=False, wait=True):
        """Steps that open something over the window; its picture; closed again."""
        def step():
            before = len(self.app.windows)
            for one in steps:
                one()
            if wait:
                self.app.wait(lambda: len(self.app.windows) > before, what=f'the window of {name}')
            self.screen(name)
            if narrow:
                self.active(name)
            Screen.key(close)
            self.app.wait(lambda: len(self.app.windows) <= before, what=f'{name} to close')
        self.attempt(name, step)

    def wide(self):
        Screen.resize(self.app, *SIZES['wide'])

    def put(self, text):
        self.app.put(text)

    def ask(self, text):
        self.app.ask(text)

    def new(self):
        Screen.key('ctrl+n')
        self.app.wait(lambda: self.app.composer().text == '', what='a new conversation')

    def entry(self, title, text):
        self.app.entry(title).set_text(text)

    def perform(self):
        try:
            self.attempt('act', self.act)
            if self.app.process is not None:
                self.attempt('quit', self.app.quit)
            self.failures += [f'log: {line}' for line in self.app.complaints() if not ONLY_TOLD.search(line)]
        finally:
            self.app.stop()
            self.clean()

    def act(self):
        raise NotImplementedError

    def clean(self):
        pass


class Welcome(Stage):
    """Before there is an account; the account editor with the connection doctor."""

    SERVICES = ('nebelus', 'agentflow', 'entities', 'assistants', 'aibtc')

    server = None

    def clean(self):
        if self.server is not None:
            self.server.stop()

    def act(self):
        app = self.app
        self.server = Nebelus().start()
        app.start()
        self.show('welcome', lambda: app.wait_for(app.TRY_DEMO), sizes=('wide', 'narrow', 'low'))
        self.wide()
        for index, service in enumerate(self.SERVICES):
            self.over(f'add-{service}', lambda: app.press(app.ADD_ACCOUNT), lambda: app.wait_for('Add Account', 'label'),
                      lambda n=index: self.choose_service(n), narrow=True)
        self.doctor()
        self.editor()

    def choose_service(self, number):
        if number > 0:
            Screen.click(self.app, self.app.wait_for('Service'))
            Screen.key(*['Down'] * number, 'Return')
            pace(0.5)

    def doctor(self):
        app = self.app
        self.attempt('account', lambda: app.press(app.ADD_ACCOUNT), lambda: app.wait_for('Check Connection'),
                     lambda: self.entry('Address', 'http://example.com/'), lambda: self.screen('account-insecure'),
                     lambda: self.entry('Address', f'http://127.0.0.1:{self.server.port}'), lambda: self.entry('Key', 'sk-wrong'),
                     lambda: self.entry('Agent ID', self.server.agent))
        self.attempt('doctor-failed', lambda: app.press('Check Connection'), lambda: app.wait_for('Copy Report', BUTTONS),
                     lambda: self.screen('doctor-failed'), lambda: self.active('doctor-failed'))
        self.attempt('doctor-passed', lambda: self.entry('Key', self.server.key), lambda: app.press(re.compile('^Check')),
                     lambda: app.wait_text('The connection works'), lambda: self.screen('doctor-passed'))
        self.attempt('added', lambda: app.press('Add'), lambda: app.composer(), self.wide)

    def editor(self):
        app = self.app
        self.over('preferences-accounts', lambda: app.activate('preferences'), narrow=True)
        self.attempt('edit-account', lambda: app.activate('preferences'), lambda: app.wait_for('Privacy'),
                     lambda: Screen.click(app, app.wait_for('Nebelus')), lambda: app.wait_for(re.compile('Remove Account')),
                     lambda: self.screen('edit-account'), lambda: app.press(re.compile('Remove Account')), lambda: pace(0.5),
                     lambda: self.screen('remove-account'), lambda: Screen.key('Escape', 'Escape', 'Escape'))


class Talk(Stage):
    """The demo agent: a conversation with all that an answer may hold."""

    def act(self):
        app = self.app
        app.start()
        self.show('new', lambda: app.press(app.TRY_DEMO), lambda: app.composer(), sizes=('wide', 'narrow', 'low'))
        self.wide()
        for words in ('Show a table and some code', 'think', 'run several tools', 'show markdown', 'show an image'):
            self.show(re.sub('[^a-z]+', '-', words.lower()), lambda words=words: self.ask(words))
            if words == 'think':
                self.attempt('unfolded', self.wide, lambda: app.press(re.compile('^Thought')), lambda: self.shot('thinking', 'wide'))
        self.windows()
        self.panels()
        self.menus()

    def windows(self):
        app = self.app
        self.attempt('wide', self.wide)
        self.over('image-window', lambda: app.press(re.compile('^(Image|Show|Enlarge|Open).*'), BUTTONS))
        self.over('rename', lambda: Screen.key('ctrl+r'), narrow=True)
        self.over('open-by-id', lambda: Screen.key('ctrl+o'), narrow=True)
        self.over('shortcuts', lambda: Screen.key('ctrl+question'))
        self.over('about', lambda: app.activate('about'), narrow=True)
        self.over('preferences-general', lambda: app.activate('preferences'), lambda: app.wait_for('General'),
                  lambda: app.press('General', None), narrow=True)
        self.over('preferences-approvals', lambda: app.activate('preferences'), lambda: app.wait_for('Privacy'),
                  lambda: app.press('Privacy', None), narrow=True)

    def panels(self):
        app = self.app
        self.show('outline', self.wide, lambda: Screen.key('F8'), lambda: app.wait_for('Outline', ('list', 'list box')))
        self.show('outline-wider', lambda: Screen.resize(app, 1250, 720), lambda: Screen.shot(self.path('outline', 'wider'), app),
                  lambda: Screen.key('F8'), self.wide, sizes=())
        self.show('find', self.wide, lambda: Screen.key('ctrl+f'), lambda: Screen.type('invoice'),
                  lambda: app.wait_text(re.compile(r'\d of \d')))
        self.show('find-none', self.wide, lambda: Screen.type('zzz'), lambda: pace(0.5), sizes=('wide',))
        self.attempt('find-end', lambda: Screen.key('Escape'))
        self.show('search', self.wide, lambda: Screen.key('ctrl+shift+f'), lambda: Screen.type('invoice'),
                  lambda: pace(1))
        self.show('search-none', lambda: Screen.type('qqqq'), lambda: pace(1), sizes=('wide', 'narrow'))
        self.attempt('search-end', self.wide, lambda: Screen.key('Escape'), lambda: Screen.key('Escape'), lambda: Screen.key('ctrl+l'))

    def menus(self):
        app = self.app
        self.over('menu-main', lambda: Screen.key('F10'), wait=False)
        self.over('menu-conversation', lambda: Screen.key('ctrl+m'), wait=False)
        self.over('menu-row', lambda: Screen.key('F6'), lambda: Screen.key('shift+F10'), wait=False)
        self.attempt('composer', lambda: Screen.key('ctrl+l'))
        self.over('details', self.wide, lambda: Screen.key('alt+Up'), lambda: app.press('Details'), wait=False)
        self.over('menu-message', self.wide, lambda: Screen.key('alt+Up'), lambda: Screen.key('shift+F10'), wait=False)
        self.attempt('edit', lambda: app.press('Edit and Send Again'), lambda: pace(0.4), lambda: self.shot('edit', 'wide'),
                     lambda: self.shot('edit', 'narrow'), lambda: Screen.key('Escape'))
        self.attempt('focus', self.wide, lambda: Screen.key('ctrl+l'), lambda: Screen.key('alt+Up'), lambda: app.wait_for('Copy Message'),
                     lambda: self.shot('focus', 'wide'))
        self.attempt('undo', lambda: Screen.key('ctrl+shift+Delete'), lambda: app.wait_for(re.compile('Undo'), BUTTONS),
                     lambda: self.shot('undo', 'wide'), lambda: self.shot('undo', 'narrow'))


class States(Stage):
    """What a turn and a connection go through."""

    def clean(self):
        self.server.stop()

    def act(self):
        app = self.app
        self.server = Nebelus(speed=25).start()
        self.line = Line(self.server.port)
        self.server.add_account(app, port=self.line.port, name='Work')
        app.start('--new')
        self.wide()
        self.show('streaming', lambda: self.ask('write 60 words'), lambda: self.put('stall'), lambda: pace(3))
        self.show('queued', lambda: self.put('and then tell me more about it, please'), lambda: app.wait_for(re.compile('^Take Back')))
        self.show('stopped', lambda: app.press('Take Back'), lambda: pace(1), lambda: app.press(app.STOP), app.wait_answer)
        self.show('failed', lambda: self.put('error: insufficient_credits'), app.wait_answer)
        self.show('interrupted', lambda: self.put('reset the connection'), lambda: app.wait_text(re.compile('nterrupted')))
        self.show('approval', self.new, lambda: self.put('ask for approval'), lambda: app.wait_for('Approve', BUTTONS))
        self.show('approval-edit', lambda: app.press('Edit'), lambda: pace(1))
        self.attempt('approval-cancel', lambda: Screen.key('Escape'))
        self.show('approval-done', lambda: app.press(re.compile('^Approve')), app.wait_answer)
        self.show('rejected', lambda: self.put('ask for approval'), lambda: app.press('Reject'), app.wait_answer)
        self.show('fallback', self.new, lambda: self.ask('expire this thread'), lambda: self.ask('hello again'))
        self.connection()

    def connection(self):
        app = self.app
        self.show('backoff', self.new, lambda: self.ask('hello'), self.line.cut, lambda: self.put('are you there?'),
                  lambda: app.wait_text(re.compile('Next try in 1?[0-9] s'), 60))
        self.attempt('restored', self.restore)
        self.show('working', lambda: self.put('stall'), lambda: pace(4))
        self.attempt('stall', lambda: app.press(app.STOP), app.wait_answer)
        app.quit()
        app.cli('accounts', 'remove', 'Work')
        app.cli('accounts', 'add', '--name', 'Wrong', '--service', 'nebelus', '--base-url', f'http://127.0.0.1:{self.line.port}', '--agent',
                self.server.agent, '--key-stdin', stdin='sk-wrong\n')
        self.account('wrong-key')
        app.cli('accounts', 'remove', 'Wrong')
        app.cli('accounts', 'add', '--name', 'Without a key', '--service', 'nebelus', '--base-url', f'http://127.0.0.1:{self.line.port}',
                '--agent', self.server.agent)
        self.account('no-key')

    def restore(self):
        """The line returns. A countdown may be 36 s by now, and two of them, when the first try fails on a busy machine, are more than
        wait_answer() waits for: the button is pressed."""
        app = self.app
        button = app.wait_for(app.TRY_NOW)
        self.line.restore()
        try:
            if button.visible:
                button.press()
        except GLib.Error:
            pass  # the countdown was faster
        app.wait_answer()
        app.wait_gone(app.TRY_NOW)

    def account(self, picture):
        self.app.start('--new')
        self.show(picture, lambda: self.put('hello'), lambda: self.app.wait_text(re.compile(' key'), 30))
        self.app.quit()


class Expires(Stage):
    """A conversation the server is about to forget. Over SSE: a WebSocket would tell at once that it has been looked at."""

    def act(self):
        app = self.app
        with Nebelus(speed=5) as server:
            server.add_account(app, '--transport', 'sse', name='Work')
            app.start('--new')
            self.attempt('ask', lambda: self.ask('hello'))
            app.quit()
            with database(app) as db:
                db.execute('UPDATE threads SET expires_us = ?', (int(time.time() * 1e6) + 3 * DAY_US + DAY_US // 2,))
            app.start()
            self.show('expires', lambda: app.wait_text(re.compile('forgets this conversation')))
            app.quit()


class Files(Stage):
    """Attachments: chips, limits, dropping, pasting."""

    def act(self):
        app, folder = self.app, scratch('files')
        picture = os.path.join(folder, 'Holiday at the sea.png')
        shutil.copy(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'data', 'screenshots', 'narrow.png'), picture)
        text = self.file(folder, 'A report with quite a long name that somebody thought up.txt', 4200)
        huge = self.file(folder, 'Recording.flac', 11 * 1024 * 1024)
        large = [self.file(folder, f'Part {n}.bin', 9 * 1024 * 1024) for n in (1, 2, 3)]
        app.start()
        app.press(app.TRY_DEMO)
        app.composer()
        self.show('chips', self.wide, lambda: self.paste(picture, text))
        self.show('too-large', lambda: self.paste(huge))
        self.show('too-much', lambda: Screen.key('Escape'), lambda: self.paste(*large))
        self.attempt('removed', lambda: [app.press(re.compile('^Remove “Part')) or pace(0.5) for _ in range(2)])
        self.show('sent-files', lambda: self.ask('Here they are'))
        self.show('long-paste', lambda: Screen.copy_text('A line that goes on.\n' * 2000), lambda: Screen.click(app, app.composer()),
                  lambda: Screen.key('ctrl+v'), lambda: app.wait_for('Attach as File', BUTTONS))
        self.show('long-text', lambda: app.press('Keep as Text'), lambda: app.wait_gone('Attach as File'), sizes=('wide', 'narrow', 'low'))
        self.attempt('emptied', self.wide, lambda: Screen.key('ctrl+a', 'Delete'))
        self.attempt('drop', lambda: self.drop(text))

    @staticmethod
    def file(folder, name, size):
        path = os.path.join(folder, name)
        with open(path, 'wb') as f:
            f.write(b'a line of it\n' * (size // 13))
        return path

    def paste(self, *paths):
        Screen.copy_as('text/uri-list', ''.join(f'file://{p}\r\n'.replace(' ', '%20') for p in paths).encode())
        Screen.click(self.app, self.app.composer())
        Screen.key('ctrl+v')
        pace(1)

    def drop(self, path):
        """Held over the window, which says where it would go."""
        app, source = self.app, DragSource(path)
        try:
            shell('xdotool', 'windowmove', str(source.window), '980', '20', 'windowraise', str(source.window))
            pace(0.3)
            x, y, w, h = Screen.geometry(source.window)
            tx, ty = Screen.spot(app, app.composer())
            steps = ['mousemove', x + w // 2, y + h // 2, 'sleep', 0.2, 'mousedown', 1, 'sleep', 0.2, 'mousemove', x + w // 2 + 20, y + 20,
                     'sleep', 0.2, 'mousemove', tx - 3, ty - 200, 'sleep', 0.2, 'mousemove', tx, ty - 200, 'sleep', 0.4]
            shell('xdotool', *[str(s) for s in steps])
            shell('import', '-silent', '-window', 'root', self.path('drop', 'screen'))
            shell('xdotool', 'mouseup', '1')
        finally:
            source.close()


class Sidebar(Stage):
    """The list with every state a row may have, two accounts, the archive and the bin."""

    ROWS = (  # title, what it says, days ago, state
        ('Where the time goes', 'Reading takes up more of it than anything else.', 0, 'none'),
        ('Reminder for Acme', 'I can send Acme a reminder about invoice 118.', 0, 'approval'),
        ('Weather in Leeds', 'It rains.', 0, 'unread'),
        ('A question that failed', 'This account has no credit left.', 0.1, 'failed'),
        ('Waiting for the train', 'Messages you send now go out later', 1, 'queued'),
        ('A title that is so long that it does not fit into any list of this width', 'Nor does its last line, which goes on and on', 1, 'none'),
        ('Squares of a chessboard', 'There are 204 of them.', 4, 'draft'),
        ('An old one', 'It was long ago.', 27, 'expires-soon'),
        ('عنوان بالعربية', 'السلام عليكم ورحمة الله', 50, 'none'),
        ('', '', 90, 'none'),
    )

    def act(self):
        app = self.app
        server = Nebelus()
        with server.start():
            server.add_account(app, name='Work with a name that is rather long')
            app.start()
            app.quit()
            self.fill()
            app.start()
            self.show('list', lambda: app.wait_text('Weather in Leeds'), sizes=('wide', 'low'))
            self.show('list', lambda: Screen.resize(app, *SIZES['narrow']), lambda: Screen.key('alt+Left'), sizes=('narrow', 'low'))
            self.attempt('filter', self.wide, lambda: Screen.click(app, app.wait_for('Account')), lambda: pace(0.5),
                         lambda: self.screen('filter'), lambda: Screen.key('Escape'))
            self.show('archived', lambda: Screen.key('F10'), lambda: pace(0.5), lambda: Screen.key('r'), lambda: app.wait_text('Put away'))
            self.show('bin', self.wide, lambda: Screen.key('F10'), lambda: pace(0.5), lambda: Screen.key('d'),
                      lambda: app.wait_text('Nothing Deleted'))
            app.quit()

    def fill(self):
        app = self.app
        app.cli('ask', '--account', 'Work with a name that is rather long', '--new', 'hello')
        app.cli('accounts', 'add', '--name', 'Second', '--service', 'aibtc', '--base-url', 'https://chat.example.com')
        with database(app) as db:
            now = int(time.time() * 1e6)
            columns = [row[1] for row in db.execute('PRAGMA table_info(threads)') if row[1] not in ('id', 'folder')]
            names = ', '.join(columns)
            (base,) = db.execute('SELECT id FROM threads').fetchone(),
            for title, snippet, ago, activity in self.ROWS:
                ident = db.execute(f'INSERT INTO threads ({names}) SELECT {names} FROM threads WHERE id = ?', base).lastrowid
                expires = now + 2 * DAY_US if activity == 'expires-soon' else 0
                db.execute('UPDATE threads SET title = ?, snippet = ?, last_used_us = ?, activity = ?, expires_us = ?, unread = ?, '
                           'server_id = NULL, title_origin = ? WHERE id = ?',
                           (title, snippet, int(now - ago * DAY_US - 60000000), activity, expires, activity == 'unread', 'user', ident))
            db.execute('UPDATE threads SET pinned = 1 WHERE title IN (?, ?)', ('Where the time goes', 'An old one'))
            db.execute('UPDATE threads SET archived = 1, title = ? WHERE id = ?', ('Put away', *base))


class Organise(Sidebar):
    """Labels, many picked, the bin with its days, what expires, cleaning up."""

    LABELS = (('Work', 'blue'), ('Private', 'green'), ('Waiting for an answer', 'orange'))

    def act(self):
        app = self.app
        server = Nebelus()
        with server.start():
            server.add_account(app, name='Work with a name that is rather long')
            app.start()
            app.quit()
            self.fill()
            self.label()
            app.start()
            self.show('labels', lambda: app.wait_text('Weather in Leeds'), self.wide, lambda: app.open_row('Where the time goes'),
                      sizes=('wide',))
            self.over('clean-up', lambda: Screen.key('F10'), lambda: pace(0.5), lambda: Screen.key('c'), lambda: pace(1), narrow=True)
            self.show('binned', self.wide, lambda: Screen.key('F10'), lambda: pace(0.5), lambda: Screen.key('d'),
                      lambda: app.wait_text('Thrown away'), sizes=('wide',))
            self.show('binned', lambda: Screen.resize(app, *SIZES['narrow']), lambda: Screen.key('alt+Left'), sizes=('narrow',))
            self.show('picking', lambda: app.press('Back to Conversations'), lambda: Screen.key('F10'), lambda: pace(0.5),
                      lambda: Screen.key('s'), lambda: pace(0.3), lambda: Screen.key('ctrl+a'), sizes=('narrow', 'low'))
            app.quit()

    def label(self):
        with database(self.app) as db:
            now = int(time.time() * 1e6)
            for n, (name, color) in enumerate(self.LABELS):
                db.execute('INSERT INTO labels (id, name, color) VALUES (?, ?, ?)', (n + 1, name, color))
                db.execute('INSERT INTO thread_labels (thread_id, label_id) SELECT id, ? FROM threads WHERE id % 3 >= ?', (n + 1, n))
            db.execute('UPDATE threads SET deleted_us = ?, archived = 0, title = ? WHERE archived = 1', (now - 12 * DAY_US, 'Thrown away'))
            db.execute('UPDATE threads SET last_used_us = last_used_us - ? WHERE title = ?', (300 * DAY_US, ''))


class Services(Stage):
    """A service that keeps a state: its window; agents that the server lists."""

    def clean(self):
        self.server.stop()

    def act(self):
        app = self.app
        self.server = Service('agentflow', '--speed', '5').start()
        app.cli('accounts', 'add', '--name', 'Workshop', '--service', 'agentflow', '--base-url', self.server.url)
        app.start('--new')
        self.show('agentflow', self.wide, lambda: self.ask('hello'))
        self.over('state', lambda: Screen.key('ctrl+m'), lambda: pace(0.5), lambda: Screen.key('m'), lambda: pace(2), narrow=True)


class Pauses(Stage):
    """A service that pauses and keeps a state: the card of a pause, a message that is added."""

    def menu_item(self, name):
        try:
            self.app.press(name, 'menu item', settle=False)
        except GLib.Error:
            pass  # the answer waits for the dialog that opens

    def act(self):
        app, server = self.app, Service('agentflow', '--speed', '1', '--generation', 'S3', '--key', 'sk-tide-0123456789')
        server.start()
        try:
            server.add_account(app)
            app.start('--new')
            self.show('pause', lambda: self.put('approve the berth'), lambda: app.wait_for('Leave Paused', BUTTONS))
            self.over('add-message', self.wide, lambda: Screen.key('ctrl+m'), lambda: pace(0.5), lambda: self.menu_item('Add Message…'),
                      narrow=True)
            app.quit()
        finally:
            server.stop()


class Extras(Stage):
    """What the other services have in a conversation: results of tools, files the agent made, sources, uploads."""

    def act(self):
        app, server = self.app, Service('assistants', '--speed', '1')
        path = os.path.join(scratch('extras'), 'a rather long name of a report.txt')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('Long, long ago. ' * 700000)
        server.start()
        try:
            server.add_account(app, name='Kitchen')
            app.start('--new')
            self.show('outputs', lambda: self.put('two tools'), lambda: app.wait_for('Send Results', BUTTONS))
            self.attempt('outputs-end', lambda: app.press('Not Available'), app.wait_answer)
            self.show('made', lambda: self.ask('make a file'), lambda: self.ask('search the files'))
            self.attempt('slow', lambda: server.fault(match='POST /v1/files', slow_ms=20000),
                         lambda: Screen.copy_as('text/uri-list', ('file://' + path.replace(' ', '%20') + '\r\n').encode()),
                         lambda: Screen.click(app, app.composer()), lambda: Screen.key('ctrl+v'), lambda: pace(1))
            self.show('upload', lambda: self.put('read this'), lambda: app.wait_for(re.compile('^Cancel upload'), BUTTONS))
            self.attempt('upload-end', lambda: app.press(re.compile('^Cancel upload')), app.wait_answer)
            app.quit()
        finally:
            server.stop()


class NoKeyring(Stage):
    """A desktop without a Secret Service."""

    keyring = False

    def act(self):
        app = self.app
        with Nebelus() as server:
            app.start()
            app.press(app.ADD_ACCOUNT)
            app.wait_for('Check Connection')
            self.entry('Address', f'http://127.0.0.1:{server.port}')
            self.entry('Key', server.key)
            self.entry('Agent ID', server.agent)
            self.attempt('save', lambda: app.press('Add'), lambda: app.composer())
            self.show('no-keyring', lambda: app.wait_text(re.compile('no keyring')), sizes=('wide', 'narrow', 'low'))
            app.quit()


class LockedKeyring(Stage):
    """The keyring is locked, and its prompt is dismissed."""

    LOGIN = '/org/freedesktop/secrets/collection/login'

    def act(self):
        app = self.app
        with Nebelus() as server:
            server.add_account(app, name='Work')
            shell('gdbus', 'call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', '/org/freedesktop/secrets', '--method',
                  'org.freedesktop.Secret.Service.Lock', f"['{self.LOGIN}']")
            app.start('--new')
            self.attempt('locked', lambda: self.put('hello'), lambda: pace(3), lambda: self.screen('locked'), lambda: Screen.key('Escape'),
                         lambda: pace(2))
            self.show('dismissed', self.wide)
            app.quit()


class Desktop(Stage):
    """The palette, the small window, the preferences."""

    PAGES = ('Accounts', 'General', 'Desktop', 'History', 'Privacy')

    def act(self):
        app = self.app
        app.start()
        self.attempt('start', lambda: app.press(app.TRY_DEMO), lambda: app.composer(), self.wide)
        for words in ('hello', 'Show a table and some code'):
            self.attempt(words, lambda words=words: self.ask(words), self.new)
        self.over('palette', lambda: Screen.key('ctrl+k'), lambda: app.wait_text('New conversation'), narrow=True)
        self.over('palette-some', lambda: Screen.key('ctrl+k'), lambda: app.wait_focused(), lambda: Screen.type('con'),
                  lambda: pace(0.5), narrow=True)
        self.over('palette-none', lambda: Screen.key('ctrl+k'), lambda: app.wait_focused(), lambda: Screen.type('qqq'), lambda: pace(0.5))
        self.over('quick', lambda: app.activate('quick-ask'), lambda: pace(0.5), lambda: Screen.type('Why is the sky blue?'), narrow=True)
        for page in self.PAGES:
            self.over(f'preferences-{page.lower()}', lambda: app.activate('preferences'), lambda: app.wait_for(self.PAGES[0]),
                      lambda page=page: app.press(page, None), lambda: pace(0.3), narrow=True)


ACTS = {act.__name__.lower(): act for act in (Welcome, Talk, States, Expires, Files, Sidebar, Organise, Services, Pauses, Extras, Desktop,
                                              NoKeyring, LockedKeyring)}

if __name__ == '__main__':
    sys.exit('run screenshots.py')
