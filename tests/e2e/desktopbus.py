"""The desktop around the program: the services of desktop-services.py, and the program as one the bus can start."""

import json
import os
import subprocess
import sys
import threading

from driver import HERE, Failure, Screen, die_with_parent, poll, shell

ID = 'io.github.bobbin_chat.Bobbin'
PATH = '/io/github/bobbin_chat/Bobbin'


class Services:
    """A process that owns names; calls is what it was asked, oldest first."""

    def __init__(self, *names):
        self.calls = []
        self.process = subprocess.Popen([sys.executable, os.path.join(HERE, 'desktop-services.py'), *names], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=die_with_parent)
        if json.loads(self.process.stdout.readline()) != 'ready':
            raise Failure('the services did not start')
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.calls.append(json.loads(line))

    def named(self, method):
        return [call[1:] for call in list(self.calls) if call[0] == method]

    def wait(self, method, count=1):
        """The arguments of the last call once there were so many."""
        poll(lambda: len(self.named(method)) >= count, what=f'{method} to be called {count} times; there was {self.calls}')
        return self.named(method)[-1]

    def tell(self, **command):
        self.process.stdin.write(json.dumps(command) + '\n')
        self.process.stdin.flush()

    def stop(self):
        self.process.kill()
        self.process.wait()


def bus(method, *arguments, dest='org.freedesktop.DBus', path='/org/freedesktop/DBus'):
    return shell('gdbus', 'call', '--session', '--timeout', '60', '--dest', dest, '--object-path', path, '--method', method, *arguments)


def runs():
    return 'true' in bus('org.freedesktop.DBus.NameHasOwner', ID)


def pid():
    out = bus('org.freedesktop.DBus.GetConnectionUnixProcessID', ID)
    return int(out.split('uint32 ')[1].split(',')[0])


def activate_action(name, target=None):
    """As a shell does for a notification: the bus starts the program where it does not run."""
    parameter = '[]' if target is None else f"[<'{target}'>]"
    bus('org.freedesktop.Application.ActivateAction', name, parameter, '{}', dest=ID, path=PATH)


def make_activatable(app):
    """A service file with the program where it was built, in its profile."""
    folder = os.path.join(os.environ['XDG_RUNTIME_DIR'], 'dbus-1', 'services')
    os.makedirs(folder, exist_ok=True)
    keep = ('HOME', 'GSETTINGS_SCHEMA_DIR', 'GSETTINGS_BACKEND', 'G_DEBUG', 'DISPLAY', 'LANG', 'GDK_BACKEND', 'GSK_RENDERER')
    env = ' '.join(f'{key}={value}' for key, value in app.environment.items() if key in keep)
    with open(os.path.join(folder, ID + '.service'), 'w', encoding='utf-8') as file:
        file.write(f'[D-BUS Service]\nName={ID}\nExec=/usr/bin/env {env} {app.binary} --gapplication-service\n')
    bus('org.freedesktop.DBus.ReloadConfig')
    poll(lambda: ID in bus('org.freedesktop.DBus.ListActivatableNames'), what='the bus to know the program')


def set_option(app, key, value):
    """A setting, written as another program would; the running one sees it."""
    subprocess.run(['gsettings', 'set', ID, key, value], env=app.environment, check=True, timeout=20)


class Elsewhere:
    """Another program's window, which takes the keyboard while it is open."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, os.path.join(HERE, 'drag-source.py'), '/dev/null'],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.window = poll(lambda: Screen.x_window(self.process.pid, 'Drag Source'), what='the other window')
        self.look()

    def look(self):
        shell('xdotool', 'windowactivate', str(self.window))
        poll(lambda: shell('xdotool', 'getactivewindow').strip() == str(self.window), what='the other window to be active')

    def close(self):
        self.process.kill()
        self.process.wait()
