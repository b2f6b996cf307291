"""What the tests of the command line share: a throw-away profile, the real program, the demo server, TAP.

The programs come by environment: BOBBIN (the program), NEBELUS (tests/servers/nebelus). Nothing here has a display."""

import concurrent.futures
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback

KEY = 'sk-test-0123456789abcdef'
BOBBIN = os.environ['BOBBIN']
NEBELUS = os.environ['NEBELUS']
TIMEOUT_S = 30


def poll(condition, timeout_s=TIMEOUT_S):
    """Waits until condition() is true and returns it."""
    end = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError('nothing happened for %d s: %s' % (timeout_s, condition))
        time.sleep(0.01)


def read_until(fd, wanted, timeout_s=TIMEOUT_S):
    """Reads from fd until the bytes wanted have come, and returns all that came."""
    said = b''
    end = time.monotonic() + timeout_s
    while wanted not in said:
        ready = select.select([fd], [], [], max(0, end - time.monotonic()))[0]
        got = os.read(fd, 4096) if ready else b''
        assert got, 'waited for %r, got %r' % (wanted, said)
        said += got
    return said


class Profile:
    """A home of its own. bus: the address of a session bus, None for none at all."""

    def __init__(self, bus=None):
        self.dir = tempfile.mkdtemp(prefix='bobbin-cli-')
        self.data = os.path.join(self.dir, 'data')
        self.run_dir = os.path.join(self.dir, 'run')
        os.mkdir(self.run_dir, 0o700)
        self.env = {k: v for k, v in os.environ.items() if k not in ('DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'BOBBIN_DEBUG')}
        self.env.update(HOME=self.dir, XDG_DATA_HOME=self.data, XDG_CONFIG_HOME=os.path.join(self.dir, 'config'),
                        XDG_CACHE_HOME=os.path.join(self.dir, 'cache'), XDG_RUNTIME_DIR=self.run_dir,
                        DBUS_SESSION_BUS_ADDRESS=bus or 'unix:path=' + os.path.join(self.dir, 'no-bus'))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir, ignore_errors=True)

    def start(self, *args, **kwargs):
        kwargs = {'stdin': subprocess.PIPE, 'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE, 'env': self.env, **kwargs}
        return subprocess.Popen([BOBBIN, *args], **kwargs)

    def bobbin(self, *args, stdin=b'', env=None, timeout_s=TIMEOUT_S):
        """Runs the program to its end."""
        if isinstance(stdin, str):
            stdin = stdin.encode()
        done = subprocess.run([BOBBIN, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env={**self.env, **(env or {})}, timeout=timeout_s, check=False)
        return Done(args, done.returncode, done.stdout.decode(), done.stderr.decode())

    def add(self, server, name='Work', *extra, stdin=b''):
        done = self.bobbin('accounts', 'add', '--name', name, '--service', 'nebelus', '--base-url', server.url,
                           '--agent', server.agent, *extra, stdin=stdin)
        done.exits(0)
        return done

    def ask(self, *args, key=KEY, **kwargs):
        return self.bobbin('ask', '--account-key-stdin', *args, stdin=key + '\n', **kwargs)

    def threads(self, *args):
        return self.bobbin('threads', '--json', *args).exits(0).events

    def show(self, thread):
        return json.loads(self.bobbin('show', thread, '--format', 'json').exits(0).out)


class Done:
    """A finished run."""

    def __init__(self, args, code, out, err):
        self.args, self.code, self.out, self.err = args, code, out, err

    def exits(self, code):
        assert self.code == code, 'bobbin %s ended with %d, not %d\nstdout: %s\nstderr: %s' % (
            ' '.join(self.args), self.code, code, self.out[-2000:], self.err[-2000:])
        return self

    def complains(self, *words):
        """One line "bobbin: what happened: what to do", with the words in it."""
        lines = [line for line in self.err.splitlines() if not line.startswith('dbus')]
        assert lines and all(line.startswith('bobbin: ') for line in lines), self.err
        for word in words:
            assert word in self.err, '“%s” is missing in: %s' % (word, self.err)
        return self

    @property
    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, kind):
        return [event for event in self.events if event['type'] == kind]


class Server:
    """The demo agent in a process of its own."""

    def __init__(self, *args, speed=0, port=0, key=KEY):
        self.key = key
        self.process = subprocess.Popen([NEBELUS, '--port', str(port), '--speed', str(speed), '--key-stdin', *args],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdin.write((key + '\n').encode())
        self.process.stdin.close()
        self.url = self.process.stdout.readline().decode().split()[-1]
        self.agent = self.process.stdout.readline().decode().split()[-1]
        self.port = int(self.url.rsplit(':', 1)[1])
        self.chats = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.chats.append(json.loads(line))

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(TIMEOUT_S)
        self.reader.join(TIMEOUT_S)
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def verdict(test):
    try:
        test()
    except Exception:
        return False, ''.join('\n# ' + line for line in traceback.format_exc().splitlines())
    return True, ''


def main(tests):
    """Runs functions as TAP, some at a time: they mostly wait. Names on the command line choose among them."""
    chosen = [test for test in tests if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]]
    print('1..%d' % len(chosen), flush=True)
    failed = False
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for n, (test, (passed, more)) in enumerate(zip(chosen, pool.map(verdict, chosen)), 1):
            failed = failed or not passed
            name = test.__name__.removeprefix('test_').replace('_', '-')
            print('%s %d %s%s' % ('ok' if passed else 'not ok', n, name, more), flush=True)
    sys.exit(failed)
