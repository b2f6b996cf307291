"""Drives the real program on a private desktop as a person would: through accessibility, keyboard, mouse and clipboard.

A test is a program that tests/support/with-desktop.sh runs; it makes one App, works it, and tells its cases as TAP
through run(). One process talks to one accessibility bus only, so there is one test program per desktop.

Nothing here sleeps for a guess: poll() waits for conditions, and pace() keeps the small distances between two moves of
the mouse that X clients need."""

import ctypes
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

from access import Bus, Failure, GLib, Tree

TIMEOUT = 20.0 * float(os.environ.get('BOBBIN_PATIENCE', '4' if os.environ.get('BOBBIN_SANITIZED') else '1'))
# The names a program in a sandbox may have on the accessibility bus; empty outside.
SANDBOXED = os.environ.get('BOBBIN_SANDBOXED', '').split()
# What no run may bring forth, as the program tells it, and as GLib does before that. (GLib's own warnings are about the desktop:
# nobody shows notifications.) One of GTK's is only told: a widget that asks for a size within a layout may leave those around it
# marked and undrawn. The transcript did so, and does no more (_bobbin_column_window_laid_out); whether others do is not known: once a
# GtkGizmo was told of while five megabytes were pasted.
UNWANTED = re.compile(r'\bCRITICAL\b|-critical \*\*|\b(Gtk|Gdk|Gsk|Adwaita|Pango|GtkSourceView|GLib|GLib-GObject)[ -](WARNING|warning)\b')
ONLY_TOLD = re.compile('without a current allocation')
HERE = os.path.dirname(os.path.abspath(__file__))


def pace(seconds=0.05):
    time.sleep(seconds)


def poll(condition, timeout=None, what=None, alive=None):
    """Waits until condition() is true and returns what it gave. alive() says whether waiting still makes sense."""
    end = time.monotonic() + (timeout or TIMEOUT)
    while True:
        try:
            value = condition()
        except GLib.Error:
            value = None  # the widget went away while it was read
        if value:
            return value
        if alive is not None:
            alive()
        if time.monotonic() > end:
            raise Failure('waited in vain for ' + (what or getattr(condition, '__name__', 'a condition')))
        time.sleep(0.05)


def shell(*command, **kwargs):
    return subprocess.run(command, check=True, capture_output=True, timeout=60, **kwargs).stdout.decode()


# --- the program --------------------------------------------------------------------------------------------

class App:
    """The program under test, in the home of the desktop unless @home says otherwise."""

    everyone = []  # that was made

    def __init__(self, binary, home=None, env=None):
        self.binary = os.path.abspath(binary)
        self.home = home or os.environ['HOME']
        self.extra = dict(env or {})
        self.process = None
        self.bus_name = None  # on the accessibility bus, once it is there
        self.log = tempfile.NamedTemporaryFile(prefix='bobbin-log-', dir=os.environ['BOBBIN_DESKTOP'])
        self.looked_at = 0  # characters of its output
        App.everyone.append(self)

    @property
    def data_dir(self):
        """BOBBIN_DATA_DIR: where it is below the home, for a program in a sandbox."""
        return os.path.join(self.home, os.environ.get('BOBBIN_DATA_DIR') or os.path.join('.local', 'share', 'bobbin'))

    @property
    def environment(self):
        schemas = os.path.join(os.path.dirname(os.path.dirname(self.binary)), 'data')
        env = dict(os.environ, HOME=self.home, G_DEBUG='fatal-criticals', GSETTINGS_BACKEND='keyfile',
                   GSETTINGS_SCHEMA_DIR=schemas)
        env.pop('GTK_A11Y', None)
        env.update(self.extra)
        return env

    def start(self, *args, window=True):
        self.bus_name = None
        self.process = subprocess.Popen([self.binary, *args], env=self.environment, stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=subprocess.STDOUT)
        if window:
            self.wait(lambda: self.window, what='the window')
        return self

    def cli(self, *args, stdin=None, timeout=60, check=True):
        """Runs the command line front end in the same profile, without a display."""
        env = self.environment
        env.pop('DISPLAY', None)
        done = subprocess.run([self.binary, *args], env=env, input=stdin, text=True, capture_output=True,
                              timeout=timeout)
        if check and done.returncode != 0:
            raise Failure(f'bobbin {" ".join(args)}: exit status {done.returncode}: {done.stderr}')
        return done

    @property
    def pid(self):
        return self.process.pid

    def output(self):
        with open(self.log.name, encoding='utf-8', errors='replace') as f:
            return f.read()

    def complaints(self):
        """Lines of its output since the last look that should not be there."""
        text = self.output()
        new, self.looked_at = text[self.looked_at:], len(text)
        return [line for line in new.split('\n') if UNWANTED.search(line)]

    def alive(self):
        if self.process is not None and self.process.poll() is not None:
            raise Failure(f'the program ended with {self.process.returncode}:\n{self.output()[-4000:]}')

    def wait(self, condition, timeout=None, what=None):
        return poll(condition, timeout, what, self.alive)

    def quit(self, timeout=None):
        """Ends it in good order, through its own action, as the menu does."""
        self.activate('quit')
        try:
            poll(lambda: self.process.poll() is not None, timeout, 'the program to quit')
        except Failure:
            self.process.kill()
            self.process.wait()
            raise
        code, self.process = self.process.returncode, None
        if code != 0:
            raise Failure(f'quit with status {code}:\n{self.output()[-4000:]}')

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self):
        """For the end of a test: whatever state it is in."""
        self.kill()

    # what it shows

    @property
    def node(self):
        """The program on the accessibility bus, or None."""
        bus = Bus.get()
        if self.bus_name is None:
            # A program in a sandbox has another number there, and is the only one on its desktop.
            self.bus_name = next((name for name, pid in bus.programs()
                                  if pid == self.pid or (SANDBOXED and bus.title_of(name) in SANDBOXED)), None)
        return Tree(bus, self.bus_name).root if self.bus_name is not None else None

    @property
    def windows(self):
        node = self.node
        if node is None:
            return []
        return [w for w in node.children if w.visible]

    @property
    def window(self):
        """The window last opened."""
        windows = self.windows
        return windows[-1] if windows else None

    def find(self, name=None, role=None, index=0):
        for window in reversed(self.windows):
            node = window.find(name, role, index)
            if node is not None:
                return node
        return None

    def wait_for(self, name=None, role=None, timeout=None, index=0):
        try:
            return self.wait(lambda: self.find(name, role, index), timeout, f'{role or "widget"} "{name}"')
        except Failure as failure:
            seen = ', '.join(f'{n.role} "{n.name}"' for w in self.windows for n in w.shown() if n.name)
            raise Failure(f'{failure}; there is {seen[:1500]}') from None

    def wait_gone(self, name=None, role=None, timeout=None):
        self.wait(lambda: self.find(name, role) is None, timeout, f'{role or "widget"} "{name}" to go')

    def settle(self):
        """GTK clicks a button 250 ms after its accessibility action, on the program's own clock: lets that time pass, and
        the program answer twice afterwards, so that nothing that was pressed is still to come."""
        pace(0.3)
        for _ in range(2):
            try:
                len(self.windows)
            except GLib.Error:
                pass  # the press ended a window, or the program

    def press(self, name, role=('push button', 'button', 'toggle button'), timeout=None, settle=True):
        """Waits for a button that can be pressed, presses it, and has it clicked when this returns."""
        def ready():
            node = self.find(name, role)
            # around the button of a menu there is one that only says its name
            node = node and next((n for n in node.walk() if n.has_action), None)
            return node if node is not None and node.sensitive else None
        self.wait(ready, timeout, f'button "{name}"').press()
        if settle:
            self.settle()

    def wait_focused(self, name=None, role=None):
        """Until the keyboard goes to a widget: keys that are sent earlier go elsewhere."""
        def focused():
            node = self.find(name, role)
            return node if node is not None and any(n.has('focused') for n in node.walk()) else None
        return self.wait(focused, what=f'the keyboard in "{name}"')

    def texts(self):
        """Everything that can be read in the windows now, in order, without what a parent already said."""
        out = []
        for window in self.windows:
            for text in window.texts():
                if text and (not out or out[-1] != text):
                    out.append(text)
        return out

    def reads(self, words):
        """Whether words (text or pattern) can be read anywhere."""
        pattern = words if isinstance(words, re.Pattern) else re.compile(re.escape(words))
        return any(pattern.search(t) for t in self.texts())

    def wait_text(self, words, timeout=None):
        self.wait(lambda: self.reads(words), timeout, f'the text {words!r}')

    # D-Bus actions

    def activate(self, action, parameter=None, path='/io/github/bobbin_chat/Bobbin'):
        target = '[]' if parameter is None else f'[<{parameter}>]'
        shell('gdbus', 'call', '--session', '--dest', 'io.github.bobbin_chat.Bobbin', '--object-path', path, '--method',
              'org.gtk.Actions.Activate', action, target, '{}')

    def is_on_bus(self):
        """Whether it can be told to do something."""
        owner = shell('gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus',
                      '--method', 'org.freedesktop.DBus.NameHasOwner', 'io.github.bobbin_chat.Bobbin')
        return 'true' in owner

    # the profile on disk

    def query(self, sql, *args):
        """Rows of the database, read beside the running program."""
        path = os.path.join(self.data_dir, 'bobbin.db')
        with sqlite3.connect(f'file:{path}?mode=ro', uri=True, timeout=10) as db:
            return db.execute(sql, args).fetchall()

    def check_integrity(self):
        rows = self.query('PRAGMA integrity_check')
        if rows != [('ok',)]:
            raise Failure(f'integrity_check: {rows}')
        rows = self.query('PRAGMA foreign_key_check')
        if rows:
            raise Failure(f'foreign_key_check: {rows}')


# --- mouse, keyboard, clipboard, pictures -------------------------------------------------------------------

class Screen:
    """The X side of the desktop."""

    @staticmethod
    def x_windows(pid):
        which = ['--class', 'bobbin'] if SANDBOXED else ['--pid', str(pid)]
        done = subprocess.run(['xdotool', 'search', '--onlyvisible', *which], capture_output=True, text=True)
        return [int(line) for line in done.stdout.split()]

    @staticmethod
    def geometry(window):
        out = shell('xdotool', 'getwindowgeometry', '--shell', str(window))
        values = dict(re.findall(r'^(\w+)=(-?\d+)$', out, re.M))
        return tuple(int(values[k]) for k in ('X', 'Y', 'WIDTH', 'HEIGHT'))

    @classmethod
    def x_window(cls, pid, title=None):
        """The largest visible X window of a process, or the one with that title."""
        found = {}
        for window in cls.x_windows(pid):
            try:
                if title is None or shell('xdotool', 'getwindowname', str(window)).strip() == title:
                    found[window] = cls.geometry(window)
            except subprocess.CalledProcessError:
                pass  # closed since it was listed
        return max(found, key=lambda w: found[w][2] * found[w][3], default=None)

    @classmethod
    def spot(cls, app, node, frame=None):
        """The middle of a widget on the screen."""
        frame = frame or app.window
        x_window = poll(lambda: cls.x_window(app.pid), what='the X window')
        wx, wy, ww, wh = cls.geometry(x_window)
        _, _, fw, fh = frame.extents
        x, y, w, h = node.extents
        return int(wx + (ww - fw) / 2 + x + w / 2), int(wy + (wh - fh) / 2 + y + h / 2)

    @classmethod
    def click(cls, app, node, button=1):
        x, y = cls.spot(app, node)
        shell('xdotool', 'mousemove', str(x), str(y), 'sleep', '0.05', 'click', str(button))

    @staticmethod
    def key(*keys):
        shell('xdotool', 'key', '--clearmodifiers', *keys)

    @staticmethod
    def type(text):
        shell('xdotool', 'type', '--delay', '15' if text.isascii() else '60', '--', text)

    @staticmethod
    def resize(app, width, height):
        """The visible window becomes that large; what GTK adds around it for its shadow is added."""
        def fitted():
            frame = app.window
            if frame is None:
                return False
            _, _, fw, fh = frame.extents
            if (fw, fh) == (width, height):
                return True
            window = Screen.x_window(app.pid)
            _, _, ww, wh = Screen.geometry(window)
            shell('xdotool', 'windowsize', str(window), str(width + ww - fw), str(height + wh - fh))
            pace(0.2)
            return False
        poll(fitted, what=f'a window of {width}x{height}', timeout=TIMEOUT)

    @staticmethod
    def copy_text(text):
        subprocess.run(['xclip', '-selection', 'clipboard', '-i'], input=text.encode(), check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20)

    @staticmethod
    def copy_as(mime, data):
        subprocess.run(['xclip', '-selection', 'clipboard', '-t', mime, '-i'], input=data, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20)

    @staticmethod
    def drag(start, end):
        """Stepwise: what decides is the second move on the target."""
        (sx, sy), (tx, ty) = start, end
        steps = ['mousemove', sx, sy, 'sleep', 0.2, 'mousedown', 1, 'sleep', 0.2, 'mousemove', sx + 20, sy + 5, 'sleep', 0.2,
                 'mousemove', tx - 3, ty, 'sleep', 0.2, 'mousemove', tx, ty, 'sleep', 0.2, 'mouseup', 1]
        shell('xdotool', *[str(s) for s in steps])

    @classmethod
    def largest_gap(cls, pid):
        """The height of the largest band without any text in the middle of a program's conversation, in pixels."""
        window = cls.x_window(pid)
        _, _, width, height = cls.geometry(window)
        data = subprocess.run(['import', '-silent', '-window', str(window), '-colorspace', 'Gray', '-depth', '8', 'gray:-'],
                              check=True, capture_output=True, timeout=60).stdout
        largest = gap = 0
        for y in range(120, height - 180):
            line = data[y * width + width // 2:y * width + width * 4 // 5]
            gap = 0 if max(line) - min(line) > 96 else gap + 1
            largest = max(largest, gap)
        return largest

    @classmethod
    def shot(cls, path, app=None):
        """A picture of the screen, or of a program's window without its shadow, taken until two in a row are equal."""
        shell('xdotool', 'mousemove', '1279', '899')
        last = [None]
        window, crop = 'root', []
        if app is not None:
            window = cls.x_window(app.pid)
            _, _, ww, wh = cls.geometry(window)
            _, _, fw, fh = app.window.extents
            crop = ['-crop', f'{fw}x{fh}+{(ww - fw) // 2}+{(wh - fh) // 2}', '+repage']

        def same():
            data = subprocess.run(['import', '-silent', '-window', str(window), *crop, 'png:-'], check=True,
                                  capture_output=True, timeout=60).stdout
            pixels = subprocess.run(['convert', 'png:-', 'rgb:-'], input=data, check=True, capture_output=True,
                                    timeout=60).stdout
            equal, last[0] = pixels == last[0], pixels
            if equal:
                with open(path, 'wb') as f:
                    f.write(data)
            else:
                pace(0.1)
            return equal
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        poll(same, what=f'a still picture for {path}')


class DragSource:
    """Another program's window to drag files from."""

    def __init__(self, *paths):
        self.process = subprocess.Popen([sys.executable, os.path.join(HERE, 'drag-source.py'), *paths],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.window = poll(lambda: Screen.x_window(self.process.pid, 'Drag Source'), what='the drag source')

    def drop_on(self, app, node, tries=3):
        """A mouse that X moves while nobody has a processor for it lets go too early: that drag ends cancelled, with nothing
        dropped, and is made again."""
        shell('xdotool', 'windowmove', str(self.window), '980', '20')
        shell('xdotool', 'windowraise', str(self.window))
        poll(lambda: Screen.geometry(self.window)[0] > 900, what='the drag source to stand aside')
        x, y, w, h = Screen.geometry(self.window)
        line = ''
        for _ in range(tries):
            Screen.drag((x + w // 2, y + h // 2), Screen.spot(app, node))
            line = self.process.stdout.readline().strip()
            if line != 'drag-cancel':
                break
        if line != 'drag-end':
            raise Failure(f'the drag ended with "{line}"')

    def close(self):
        self.process.kill()
        self.process.wait()


# --- telling cases ------------------------------------------------------------------------------------------

def die_with_parent():
    """A server a test starts must not outlive it."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def artifacts():
    path = os.environ.get('BOBBIN_SHOTS') or os.path.join(tempfile.gettempdir(), f'bobbin-e2e-{os.getuid()}')
    os.makedirs(path, exist_ok=True)
    return path


def part(parts):
    """Of a program that runs in parts, each of which begins anew, the cases of the one its second argument names; without, of all."""
    if len(sys.argv) > 2:
        return parts[sys.argv[2]]
    return [case for cases in parts.values() for case in cases]


def run(cases, app=None, cleanup=None):
    """Runs functions in order as TAP cases. After a failure the later ones still run: they tell what else is broken."""
    print(f'TAP version 13\n1..{len(cases)}', flush=True)
    failed = 0
    for number, case in enumerate(cases, 1):
        name = (case.__doc__ or case.__name__).strip().split('\n')[0].rstrip('.')
        begun = time.monotonic()
        try:
            case()
            told = [line for one in App.everyone for line in one.complaints()]
            serious = [line for line in told if not ONLY_TOLD.search(line)]
            check(not serious, 'the program complains: ' + '\n'.join(serious[:10]))
            print(''.join(f'# {line}\n' for line in told), end='')
            print(f'ok {number} {name} # {time.monotonic() - begun:.1f} s'.replace(' #', ' -'), flush=True)
        except Exception as error:  # every failure is told
            failed += 1
            print(f'not ok {number} {name}', flush=True)
            lines = ''.join(traceback.format_exception(error)[-3:]).rstrip().split('\n')
            print('\n'.join('# ' + line for line in lines), flush=True)
            try:
                path = os.path.join(artifacts(), f'{os.path.basename(sys.argv[0])}-{number}.png')
                subprocess.run(['import', '-silent', '-window', 'root', path], timeout=30, check=True)
                print(f'# picture: {path}', flush=True)
                if os.environ.get('BOBBIN_E2E_DUMP') and app is not None and app.process is not None and app.node:
                    print('# ' + app.node.dump().replace('\n', '\n# '), flush=True)
                if app is not None:
                    told = [line for line in app.output().split('\n') if line and ' debug: ' not in line]
                    print('\n'.join('# ' + line for line in told[-15:]), flush=True)
            except Exception as second:
                print(f'# no picture: {second}', flush=True)
    if cleanup is not None:
        cleanup()
    if app is not None:
        app.stop()
    return 1 if failed else 0


def scratch(name):
    path = os.path.join(os.environ['BOBBIN_DESKTOP'], name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def memory_home():
    """A home whose files are in memory where there is such a place: no slow disk in what is measured. with-desktop.sh
    removes it."""
    shared = '/dev/shm'
    if not os.access(shared, os.W_OK):
        return scratch('home-of-its-own')
    path = os.path.join(shared, os.path.basename(os.environ['BOBBIN_DESKTOP']))
    shutil.copytree(os.environ['HOME'], path)
    return path


def check(condition, message):
    if not condition:
        raise Failure(message)


def equal(got, wanted, what='value'):
    if got != wanted:
        raise Failure(f'{what}: got {got!r}, wanted {wanted!r}')
