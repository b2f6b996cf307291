#!/usr/bin/python3
"""Export, import and backup on the command line: what is written, full disks, kills in the middle, bad files."""

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import zipfile

from cli_harness import BOBBIN, KEY, Profile, Server, main, poll

MAKE_PROFILE = os.environ['MAKE_PROFILE']


def without_time(path):
    """What an export says of conversations, but when it was made."""
    with open(path, encoding='utf-8') as file:
        threads = json.load(file)['threads']
    for thread in threads:
        del thread['exported_at']
    return sorted(threads, key=lambda thread: thread['thread'])


def fill(profile, *args):
    os.makedirs(profile.data, exist_ok=True)
    subprocess.run([MAKE_PROFILE, os.path.join(profile.data, 'bobbin'), *args], check=True, stdout=subprocess.DEVNULL, env=profile.env)


def query(profile, sql):
    with sqlite3.connect('file:%s?mode=ro' % os.path.join(profile.data, 'bobbin', 'bobbin.db'), uri=True) as db:
        return db.execute(sql).fetchone()[0]


def test_round_trip():
    with Profile() as profile, Profile() as other, Server() as server:
        profile.add(server)
        other.add(server)
        profile.ask('show everything')
        profile.ask('show math').exits(0)
        one, all_, again = (os.path.join(profile.dir, name) for name in ('one.md', 'all.json', 'again.json'))
        thread = profile.threads()[0]['thread']
        assert '1 conversation, 2 messages' in profile.bobbin('export', thread, one).exits(0).out
        with open(one, encoding='utf-8') as file:
            assert '## You' in file.read()
        assert os.stat(one).st_mode & 0o777 == 0o600
        assert '2 conversations, 4 messages' in profile.bobbin('export', '--all', all_).exits(0).out
        with open(all_, encoding='utf-8') as file:
            text = file.read()
        assert KEY not in text and profile.dir not in text
        assert '2 conversations imported\n4 messages added' in other.bobbin('import', all_).exits(0).out
        assert '2 conversations were here already' in other.bobbin('import', all_).exits(0).out
        other.bobbin('export', '--all', again).exits(0)
        assert without_time(all_) == without_time(again)


def test_formats():
    with Profile() as profile, Server() as server:
        profile.add(server)
        profile.ask('show everything')
        for name, begins in (('a.md', b'# '), ('a.HTML', b'<!DOCTYPE'), ('a.txt', b'show'), ('a.json', b'{"threads"'), ('a.zip', b'PK')):
            path = os.path.join(profile.dir, name)
            profile.bobbin('export', '--all', path).exits(0)
            with open(path, 'rb') as file:
                assert file.read(9).startswith(begins[:9]), name
        path = os.path.join(profile.dir, 'm.zip')
        profile.bobbin('export', '--all', '--format', 'md', path).exits(0)
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            assert archive.testzip() is None
            text = archive.read(next(name for name in names if name.endswith('.md'))).decode()
        files = [name for name in names if name.startswith('files/')]
        assert len(files) == 2 and all('](<%s>)' % name in text for name in files), names


def test_disk_is_full():
    """What does not fit is not there, and what was there under that name stays."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000))

    with Profile() as profile:
        fill(profile, '--threads', '40', '--messages', '60')
        out = os.path.join(profile.dir, 'out')
        os.mkdir(out)
        for name in ('a.md', 'a.html', 'a.json', 'a.txt'):
            with open(os.path.join(out, name), 'w', encoding='utf-8') as file:
                file.write('before')
            done = subprocess.run([BOBBIN, 'export', '--all', os.path.join(out, name)], env=profile.env, capture_output=True,
                                  preexec_fn=limit, check=False)
            assert done.returncode == 1 and b'could not be written' in done.stderr and b'nothing of it was kept' in done.stderr, done.stderr
            with open(os.path.join(out, name), encoding='utf-8') as file:
                assert file.read() == 'before'
        assert sorted(os.listdir(out)) == ['a.html', 'a.json', 'a.md', 'a.txt']


def test_killed_import():
    """However it ends, a conversation is there whole or not at all, and doing it again finishes the work."""
    with Profile() as profile, Profile() as other:
        fill(profile, '--threads', '120', '--messages', '40')
        path = os.path.join(profile.dir, 'all.json')
        profile.bobbin('export', '--all', path).exits(0)
        wanted = {t['thread']: len(t['messages']) for t in without_time(path)}
        other.bobbin('accounts', 'add', '--name', 'N', '--service', 'assistants', '--base-url', 'https://x.example').exits(0)
        for n in (1, 20, 60):
            process = other.start('import', path)
            poll(lambda: query(other, 'SELECT count(*) FROM threads') >= min(n + random.randrange(10), 100))
            process.kill()
            process.communicate()
            assert query(other, "SELECT count(*) FROM threads t WHERE (SELECT count(*) FROM messages WHERE thread_id = t.id) <> 40") == 0
        assert query(other, 'SELECT count(*) FROM threads') < 120
        other.bobbin('import', path).exits(0)
        again = os.path.join(other.dir, 'again.json')
        other.bobbin('export', '--all', again).exits(0)
        assert {t['thread']: len(t['messages']) for t in without_time(again)} == wanted
        assert query(other, 'SELECT count(*) FROM messages') == 120 * 40


def test_stopped():
    with Profile() as profile:
        fill(profile, '--threads', '10', '--long', '3000')
        out = os.path.join(profile.dir, 'out')
        os.mkdir(out)
        process = profile.start('export', '--all', os.path.join(out, 'x.json'))
        poll(lambda: process.poll() is not None or os.listdir(out))
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1].decode()
        assert (process.returncode == 1 and 'nothing was written' in said and os.listdir(out) == []) or process.returncode == 0, said


def test_backup():
    with Profile() as profile, Profile() as other, Server() as server:
        profile.add(server)
        profile.ask('show everything')
        path = os.path.join(profile.dir, 'b.zip')
        profile.bobbin('export', '--backup', path).exits(0)
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist()[:2] == ['bobbin-backup.json', 'bobbin.db'] and len(archive.namelist()) == 4
            assert all(KEY.encode() not in archive.read(name) for name in archive.namelist())
        other.bobbin('import', path).exits(2).complains('--restore')
        assert 'asks for its key' in other.bobbin('import', '--restore', path).exits(0).out
        assert other.bobbin('accounts').out == profile.bobbin('accounts').out
        other.bobbin('export', '--all', os.path.join(other.dir, 'b.json')).exits(0)
        profile.bobbin('export', '--all', os.path.join(profile.dir, 'a.json')).exits(0)
        assert without_time(os.path.join(profile.dir, 'a.json')) == without_time(os.path.join(other.dir, 'b.json'))
        damaged = os.path.join(profile.dir, 'damaged.zip')
        with zipfile.ZipFile(damaged, 'w') as archive:
            archive.writestr('bobbin-backup.json', '{}')
            archive.writestr('../../../evil', 'x')
            archive.writestr('bobbin.db', b'SQLite format 3\0' + bytes(5000))
            archive.writestr('attachments/../../evil', 'x')
        done = other.bobbin('import', '--restore', damaged)
        assert done.code in (0, 1), done.err
        assert not os.path.exists(os.path.join(other.dir, 'evil'))
        assert len(other.threads()) == 1


def test_bad_files():
    with Profile() as profile:
        profile.bobbin('import', '/dev/null').exits(1).complains()
        profile.bobbin('import', profile.dir).exits(1).complains()
        profile.bobbin('import', os.path.join(profile.dir, 'absent')).exits(1).complains('absent')
        fifo = os.path.join(profile.dir, 'fifo')
        os.mkfifo(fifo)
        profile.bobbin('import', fifo).exits(1).complains()
        given = os.path.join(profile.dir, 'given.json')
        with open(given, 'w', encoding='utf-8') as file:
            file.write('{"messages": [{"role": "user", "content": "hello"}]}')
        profile.bobbin('import', given).exits(2).complains('account')
        profile.bobbin('export', 'x', os.path.join(profile.dir, 'x.md')).exits(2).complains('no conversation')
        profile.bobbin('export', '--all', os.path.join(profile.dir, 'x.md')).exits(2).complains('no conversations')
        profile.bobbin('export', '--all', '/nowhere/x.md').exits(2).complains()


if __name__ == '__main__':
    main([value for name, value in list(globals().items()) if name.startswith('test_')])
