#!/usr/bin/python3
"""Keys stay secret: a whole session with a real keyring, everything logged and the session bus recorded, then a search for the key
in all that was written, said or could be seen by another program."""

import base64
import glob
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli_harness import Profile, Server, main, poll

MARKER = 'sk-MARKER-7f3a9c51e2d84b60-do-not-leak'
EVERYTHING = {'BOBBIN_DEBUG': 'all', 'G_MESSAGES_DEBUG': 'all'}
LOGIN = '/org/freedesktop/secrets/collection/login'
BUS_CONF = """<busconfig><type>session</type><listen>unix:dir=%s</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""


class Keyring(Profile):
    """A profile with a private bus and an unlocked keyring. The bus starts nothing by itself, so a prompt is dismissed at once."""

    def __init__(self):
        super().__init__()
        conf = os.path.join(self.dir, 'bus.conf')
        with open(conf, 'w', encoding='ascii') as file:
            file.write(BUS_CONF % self.run_dir)
        # The bus and the daemon are other programs: their warnings are not ours.
        self.tool_env = {k: v for k, v in self.env.items() if k != 'G_DEBUG'}
        self.bus = subprocess.Popen(['dbus-daemon', '--config-file=' + conf, '--nofork', '--print-address=1'], env=self.tool_env,
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        address = self.bus.stdout.readline().decode().strip()
        self.env['DBUS_SESSION_BUS_ADDRESS'] = self.tool_env['DBUS_SESSION_BUS_ADDRESS'] = address
        self.daemon = subprocess.Popen(['gnome-keyring-daemon', '--unlock', '--foreground', '--components=secrets'], env=self.tool_env,
                                       stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.daemon.stdin.write(b'test')
        self.daemon.stdin.close()
        poll(lambda: 'true' in self.call('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets'))

    def call(self, *args):
        dest, path, method, *rest = args
        return subprocess.run(['dbus-send', '--session', '--print-reply', '--dest=' + dest, path, method, *rest], env=self.tool_env,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout.decode()

    def lock(self):
        self.call('org.freedesktop.secrets', '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock', 'array:objpath:' + LOGIN)

    def items(self):
        return self.call('org.freedesktop.secrets', LOGIN, 'org.freedesktop.DBus.Properties.Get',
                         'string:org.freedesktop.Secret.Collection', 'string:Items').count('object path')

    def __exit__(self, *args):
        self.daemon.send_signal(signal.SIGCONT)
        for process in (self.daemon, self.bus):
            process.terminate()
            process.wait()
        self.bus.stdout.close()
        super().__exit__(*args)


def forms(secret):
    """The secret as it may look in a file: as it is, in the three alignments of Base64, in hex, in UTF-16."""
    raw = secret.encode()
    yield raw
    for shift in range(3):
        # Only what no neighbour can change.
        coded = base64.b64encode(b'\0' * shift + raw)
        yield coded[(shift * 8 + 5) // 6:(shift + len(raw)) * 8 // 6]
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield raw.hex(' ').encode()
    yield secret.encode('utf-16-le')


def find_leaks(named):
    return ['%s: %r' % (name, form) for name, data in named for form in forms(MARKER) if form in data]


def files_of(folder):
    for path in glob.glob(os.path.join(folder, '**'), recursive=True, include_hidden=True):
        if os.path.isfile(path):
            with open(path, 'rb') as file:
                yield path, file.read()


def test_search_finds():
    """The search itself works: it finds every form, between other bytes too."""
    raw = MARKER.encode()
    for lead in (b'', b'x', b'xy', b'xyz'):
        for data in (lead + raw + b'z', base64.b64encode(lead + raw + b'zz'), (lead + raw).hex().encode()):
            assert find_leaks([('here', data)]), data
    assert not find_leaks([('here', b'sk-MARKER' * 100)])


def see_process(process, seen):
    """What any program of the same user can read of a running one."""
    for name in ('cmdline', 'environ'):
        try:
            with open('/proc/%d/%s' % (process.pid, name), 'rb') as file:
                seen.append(('/proc ' + name, file.read()))
        except OSError:
            pass
    return process.poll() is not None


def test_key_is_replaced():
    """Another key takes the place of the one that is kept; without a keyring it is refused and the account stays."""
    with Keyring() as profile, Server() as server:
        profile.bobbin('accounts', 'add', '--name', 'Work', '--service', 'nebelus', '--base-url', server.url, '--agent', server.agent,
                       '--key-stdin', stdin='sk-old-0123456789\n').exits(0)
        profile.bobbin('ask', 'hello').exits(3)
        profile.bobbin('accounts', 'key', 'Work', '--key-stdin', stdin=server.key + '\n').exits(0)
        assert profile.items() == 1, 'the old key is still there'
        profile.bobbin('ask', 'hello').exits(0)
        profile.bobbin('accounts', 'key', 'Work').exits(2).complains('--key-stdin')
        profile.bobbin('accounts', 'key', 'Nobody', '--key-stdin', stdin='x\n').exits(2).complains('Nobody')
        profile.bobbin('accounts', 'key', 'Work', '--provider-key-stdin', stdin='x\n').exits(2).complains('model provider')
        profile.lock()
        done = profile.bobbin('accounts', 'key', 'Work', '--key-stdin', stdin='sk-new-0123456789\n')
        assert done.code == 3 and 'sk-new' not in done.out + done.err, (done.code, done.err)


def test_nothing_leaks():
    with Keyring() as profile, Server(speed=3, key=MARKER) as server:
        said, record = [], os.path.join(profile.dir, 'bus.record')
        with open(record, 'wb') as file:
            monitor = subprocess.Popen(['dbus-monitor', '--session', '--binary'], env=profile.tool_env, stdout=file, stderr=subprocess.DEVNULL)
        poll(lambda: os.path.getsize(record) > 0)

        def run(*args, code=0, **kwargs):
            done = profile.bobbin(*args, env=EVERYTHING, **kwargs).exits(code)
            said.append((' '.join(args), (done.out + done.err).encode()))
            return done

        run('accounts', 'add', '--name', 'Work', '--service', 'nebelus', '--base-url', server.url, '--agent', server.agent, '--key-stdin',
            stdin=MARKER + '\n')
        assert profile.items() == 1, 'the key is not in the keyring'
        # A run of its own: the key comes from the keyring, over the bus.
        with tempfile.TemporaryFile() as output:
            process = profile.start('ask', '--verbose', 'run a tool', env={**profile.env, **EVERYTHING}, stdin=subprocess.DEVNULL,
                                    stdout=output, stderr=subprocess.STDOUT)
            poll(lambda: see_process(process, said))
            output.seek(0)
            said.append(('ask', output.read()))
        assert process.returncode == 0, said[-1]
        thread = run('threads').out.split('\t')[0]
        for args in (['show', thread], ['show', thread, '--format', 'json'], ['search', 'MARKER'], ['accounts', '--json'],
                     ['accounts', 'check', 'Work'], ['ask', '--thread', thread, '--json', 'hello']):
            run(*args)
        # And the ways that fail.
        run('ask', '--account-key-stdin', 'hello', stdin=MARKER + 'x\n', code=3)
        server.stop()
        run('ask', 'hello', code=4)
        run('accounts', 'check', 'Work', code=4)
        assert any(b'debug' in data for _, data in said), 'the log was not on'

        monitor.terminate()
        monitor.wait()
        files = list(files_of(profile.dir))
        assert any(path.endswith('bobbin.db') for path, _ in files)
        bus = next(data for path, data in files if path == record)
        assert b'org.freedesktop.Secret.Service' in bus and b'CreateItem' in bus and b'GetSecret' in bus
        leaks = find_leaks(said + files)
        assert not leaks, '\n'.join(leaks)

        run('accounts', 'remove', 'Work')
        assert profile.items() == 0, 'the key is still in the keyring'
        assert not find_leaks(files_of(profile.dir))


def test_locked():
    with Keyring() as profile, Server(key=MARKER) as server:
        profile.add(server, 'Work', '--key-stdin', stdin=MARKER)
        profile.lock()
        profile.bobbin('ask', 'hello').exits(3).complains('keyring')
        profile.ask('hello', key=MARKER).exits(0)
        profile.add(server, 'Second', '--key-stdin', stdin=MARKER).complains('saved without its key')
        done = profile.bobbin('accounts', 'remove', 'Work')
        assert done.code != 0 and 'keyring' in done.err, 'a key that stays behind is not told: %s' % done.err


def test_hung():
    """A keyring that does not answer holds nobody up for longer than five seconds."""
    with Keyring() as profile, Server(key=MARKER) as server:
        profile.daemon.send_signal(signal.SIGSTOP)
        start = time.monotonic()
        profile.add(server, 'Work', '--key-stdin', stdin=MARKER).complains('saved without its key')
        # without the limit of 5 s it would wait for ever; a busy machine needs some seconds for the rest
        assert time.monotonic() - start < 15, time.monotonic() - start
        assert [account['name'] for account in profile.bobbin('accounts', '--json').events] == ['Work']


def test_killed():
    with Keyring() as profile, Server(key=MARKER) as server:
        profile.add(server, 'Work', '--key-stdin', stdin=MARKER)
        profile.daemon.kill()
        profile.daemon.wait()
        profile.bobbin('ask', 'hello').exits(3).complains('key')
        profile.ask('hello', key=MARKER).exits(0)


if __name__ == '__main__':
    main([value for name, value in list(globals().items()) if name.startswith('test_')])
