#!/usr/bin/python3
"""The benchmarks: ratios and counts, each measured beside its floor in the same run.

    run-benchmarks.py --build DIRECTORY [NAME]...

Run by `meson test --benchmark` on the private desktop. Writes benchmarks.json in the build directory, a list of
{"name", "value", "unit", "limit", "ok"}, and tells each as a TAP case. CPU is user + system time of all threads of a
process, read from outside; memory is PSS. Programs are given time by watching them fall silent."""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'e2e'))
from bobbin import Bobbin  # noqa: E402
from driver import Failure, Screen, die_with_parent, poll  # noqa: E402
from nebelus import Nebelus  # noqa: E402

TIMES = 5
PACED_TIMES = 2  # of 20 s each
HUMAN = 30       # speed of the server at which its pauses are what they are
BENCHMARKS = []


def benchmark(name, unit, limit):
    def add(function):
        BENCHMARKS.append((name, unit, limit, function))
        return function
    return add


# --- measuring ----------------------------------------------------------------------------------------------

def tasks(pid):
    try:
        return os.listdir(f'/proc/{pid}/task')
    except FileNotFoundError:
        raise Failure('the program ended while it was measured') from None


def cpu(pid):
    """Seconds of CPU of all threads: the finer of two counts, as one forgets threads that ended."""
    living = 0
    for task in tasks(pid):
        try:
            with open(f'/proc/{pid}/task/{task}/schedstat', encoding='ascii') as f:
                living += int(f.read().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass  # ended since it was listed, or since its file was opened
    with open(f'/proc/{pid}/stat', encoding='ascii') as f:
        ticks = f.read().rpartition(')')[2].split()
    return max(living / 1e9, (int(ticks[11]) + int(ticks[12])) / os.sysconf('SC_CLK_TCK'))


def pss(pid):
    """Bytes."""
    with open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as f:
        return int(re.search(r'^Pss:\s+(\d+) kB', f.read(), re.M).group(1)) * 1024


def switches(pid):
    total = 0
    for task in tasks(pid):
        try:
            with open(f'/proc/{pid}/task/{task}/status', encoding='ascii') as f:
                total += int(re.search(r'^voluntary_ctxt_switches:\s+(\d+)', f.read(), re.M).group(1))
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


def settled(pid, quiet=0.4, timeout=120):
    """Waits until a process has used next to nothing for a while; returns its CPU then."""
    last = [cpu(pid), time.monotonic()]

    def silent():
        now = cpu(pid)
        if now - last[0] > 0.004:
            last[0], last[1] = now, time.monotonic()
        return time.monotonic() - last[1] > quiet
    poll(silent, timeout, 'the program to settle')
    return last[0]


class Program:
    """A program with a window, measured from outside."""

    def __init__(self, bench, *command, home=None, env=None, **popen):
        env = dict(os.environ, GSETTINGS_SCHEMA_DIR=os.path.join(bench.build, 'data'), **(env or {}))
        env['HOME'] = home or env['HOME']
        self.process = subprocess.Popen(command, env=env, text=True, stderr=subprocess.DEVNULL,
                                        preexec_fn=die_with_parent, **popen)
        self.pid = self.process.pid

    def shown(self):
        def mapped():
            if self.process.poll() is not None:
                raise Failure(f'the program ended with {self.process.returncode}')
            return self.x_window()
        poll(mapped, 60, 'a window')
        return self

    def x_window(self):
        done = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(self.pid)], capture_output=True,
                              text=True)
        return done.stdout.split()

    def focus(self):
        window = poll(self.x_window, what='a window')[-1]
        subprocess.run(['xdotool', 'windowactivate', window], check=False, capture_output=True, timeout=20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # asked first: after a kill the next start checks every page of the database
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


class Bench:
    def __init__(self, build):
        self.build = os.path.abspath(build)
        self.bobbin = self.path('src/bobbin')
        self.dir = tempfile.mkdtemp(prefix='bobbin-bench-', dir=os.environ.get('BOBBIN_DESKTOP'))
        self.homes = {}
        self.turn = {}  # kind of stream: milliseconds of the longest turn of the main loop, the best of the runs

    def path(self, relative):
        return os.path.join(self.build, relative)

    def watched(self, turns):
        """The environment of a program whose main loop is watched."""
        return {'LD_PRELOAD': self.path('tests/benchmarks/turns.so'), 'BOBBIN_TURNS': turns}

    def profile(self, threads):
        """A home with that many cached threads; made once, copied for each use."""
        if threads not in self.homes:
            home = os.path.join(self.dir, f'home-{threads}')
            data = os.path.join(home, '.local', 'share', 'bobbin')
            os.makedirs(data)
            settings = os.path.join(home, '.config', 'gtk-4.0')
            os.makedirs(settings)
            shutil.copy(os.path.expanduser('~/.config/gtk-4.0/settings.ini'), settings)
            if threads:
                subprocess.run([self.path('tests/support/make-profile'), data, str(threads)], check=True, timeout=600,
                               stdout=subprocess.DEVNULL)
            self.homes[threads] = home
        return self.homes[threads]

    def start(self, program, *args, home=None):
        """(CPU at the first frame, CPU when all is quiet, PSS then) of a program that shows its window."""
        told = os.path.join(self.dir, 'first-frame')
        if os.path.exists(told):
            os.unlink(told)
        env = {'LD_PRELOAD': self.path('tests/benchmarks/first-frame.so'), 'BOBBIN_FIRST_FRAME': told}
        with Program(self, program, *args, home=home, env=env) as p:
            p.shown()
            quiet = settled(p.pid)
            poll(lambda: os.path.exists(told), 20, 'the first frame')
            with open(told, encoding='ascii') as f:
                return int(f.read()) / 1e6, quiet, pss(p.pid)


def best(what, function, times=TIMES):
    values = sorted(function() for _ in range(times))
    print(f'# {what}: {" ".join(f"{v:.4g}" for v in values)}', flush=True)
    return values[0]


# --- starting -----------------------------------------------------------------------------------------------

def start_ratio(bench, what, threads=10000):
    home = bench.profile(threads)
    bench.start(bench.bobbin, home=home)
    floor = best('floor', lambda: bench.start(bench.path('tests/benchmarks/floor-window'))[what])
    return best('bobbin', lambda: bench.start(bench.bobbin, home=home)[what]) / floor


@benchmark('start-cpu', 'x floor', 1.4)
def start_cpu(bench):
    """Start to the first frame with 10,000 cached threads: CPU."""
    return start_ratio(bench, 0)


@benchmark('start-settled-cpu', 'x floor', None)
def start_settled(bench):
    """The same until all is quiet; told, without a limit."""
    return start_ratio(bench, 1)


@benchmark('start-memory', 'x floor', 1.5)
def start_memory(bench):
    """Start with 10,000 cached threads: PSS when all is quiet."""
    return start_ratio(bench, 2)


@benchmark('sidebar-100000', 'x 1,000 threads', 1.3)
def sidebar(bench):
    """Opening the window with 100,000 threads against 1,000: CPU until all is quiet."""
    few, many = bench.profile(1000), bench.profile(100000)
    floor = best('1,000', lambda: bench.start(bench.bobbin, home=few)[1])
    return best('100,000', lambda: bench.start(bench.bobbin, home=many)[1]) / floor


# --- streaming ----------------------------------------------------------------------------------------------

def order(deltas, kind):
    return ' '.join(filter(None, ('bench', str(deltas), kind, 'deltas')))


def floor_stream(bench, deltas, kind='', speed=None):
    with Nebelus(bench.build, speed=speed) as server:
        url = f'ws://127.0.0.1:{server.port}/ws/agents/{server.agent}/chat/'
        with Program(bench, bench.path('tests/benchmarks/floor-stream'), url, server.key, order(deltas, kind),
                     stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:
            p.shown()
            if p.process.stdout.readline().strip() != 'ready':
                raise Failure('the floor program did not connect')
            before = settled(p.pid)
            p.process.stdin.write('go\n')
            p.process.stdin.flush()
            if p.process.stdout.readline().strip() != 'done':
                raise Failure('the floor program got no answer')
            return settled(p.pid) - before


class Conversation:
    """Bobbin in a conversation with the test server, worked by the keyboard, watched through its database."""

    def __init__(self, bench, transport='ws', speed=None):
        self.bench = bench
        self.turns = os.path.join(bench.dir, 'turns')
        self.home = tempfile.mkdtemp(dir=bench.dir)
        settings = os.path.join(self.home, '.config', 'gtk-4.0')
        os.makedirs(settings)
        shutil.copy(os.path.expanduser('~/.config/gtk-4.0/settings.ini'), settings)
        self.server = Nebelus(bench.build, speed=speed).start()
        self.app = Bobbin(bench.bobbin, home=self.home)
        self.server.add_account(self.app, '--transport', transport)
        self.program = Program(bench, bench.bobbin, '--new', home=self.home, env=bench.watched(self.turns))
        self.pid = self.program.pid

    def __enter__(self):
        self.program.shown()
        self.program.focus()
        settled(self.pid)
        self.say('hello')
        self.wait_answer(1)
        return self

    def __exit__(self, *_):
        self.program.__exit__()
        self.server.stop()

    def longest_turn(self):
        """Milliseconds the main loop was busy at one go since the last call."""
        with open(self.turns, 'r+b') as f:
            data = f.read(8)
            f.seek(0)
            f.write(bytes(8))
        return int.from_bytes(data, sys.byteorder) / 1e6

    def type(self, text):
        subprocess.run(['xdotool', 'type', '--delay', '15', text], check=True)

    def say(self, text):
        self.type(text)
        subprocess.run(['xdotool', 'key', 'Return'], check=True)

    def wait_answer(self, count, timeout=180):
        poll(lambda: self.app.query("SELECT count(*) FROM messages WHERE role = 'assistant' AND delivery = 'complete'")
             == [(count,)], timeout, f'answer number {count}')


def bobbin_stream(bench, deltas, transport='ws', kind='', speed=None):
    """CPU of the running program from sending to the end of the answer, stored and shown."""
    with Conversation(bench, transport, speed) as c:
        c.type(order(deltas, kind))
        before = settled(c.pid)
        c.longest_turn()
        subprocess.run(['xdotool', 'key', 'Return'], check=True)
        c.wait_answer(2)
        used = settled(c.pid) - before
        bench.turn[kind] = min(bench.turn.get(kind, 1e9), c.longest_turn())
        gap = Screen.largest_gap(c.pid)
        if gap > 130:
            raise Failure(f'the answer was stored, but {gap} pixels of the view are empty')
        return used


@benchmark('stream-200k', 'x floor', 2.0)
def stream(bench):
    """50,000 deltas (200 KB) over WebSocket, stored and shown, against a bare text view: CPU."""
    floor = best('floor', lambda: floor_stream(bench, 50000))
    return best('bobbin', lambda: bobbin_stream(bench, 50000)) / floor


@benchmark('stream-linear', 'x 100 KB', 2.2)
def stream_linear(bench):
    """200 KB against 100 KB: CPU."""
    half = best('100 KB', lambda: bobbin_stream(bench, 25000))
    return best('200 KB', lambda: bobbin_stream(bench, 50000)) / half


@benchmark('stream-sse', 'x WebSocket', 1.2)
def stream_sse(bench):
    """The same over SSE against WebSocket: CPU."""
    ws = best('WebSocket', lambda: bobbin_stream(bench, 50000))
    return best('SSE', lambda: bobbin_stream(bench, 50000, 'sse')) / ws


@benchmark('stream-mixed', 'x floor', 2.0)
def stream_mixed(bench):
    """50,000 deltas (200 KB) of headings, lists, tables, code and links, flat out: CPU."""
    floor = best('floor', lambda: floor_stream(bench, 50000, 'mixed'))
    return best('bobbin', lambda: bobbin_stream(bench, 50000, kind='mixed')) / floor


@benchmark('stream-mixed-turn', 'ms', 50)
def stream_mixed_turn(bench):
    """The longest turn of the main loop in it."""
    return turn(bench, 'mixed')


@benchmark('stream-line-turn', 'ms', 50)
def stream_line_turn(bench):
    """The same for one paragraph of 100 KB."""
    for _ in range(TIMES):
        bobbin_stream(bench, 25000, kind='line')
    return turn(bench, 'line')


@benchmark('stream-paced', 'x floor', 1.3)
def stream_paced(bench):
    """The same text at 500 deltas a second for 20 s: CPU."""
    return paced(bench, 'paced')


@benchmark('stream-paced-turn', 'ms', 50)
def stream_paced_turn(bench):
    """The longest turn of the main loop in it."""
    return turn(bench, 'paced')


@benchmark('stream-paced-line', 'x floor', 1.3)
def stream_paced_line(bench):
    """The same when all of it is one paragraph."""
    return paced(bench, 'paced line')


@benchmark('stream-paced-line-turn', 'ms', 50)
def stream_paced_line_turn(bench):
    """The longest turn of the main loop in it."""
    return turn(bench, 'paced line')


@benchmark('stream-2m', 'x 200 KB', 11)
def stream_2m(bench):
    """2 MB against 200 KB: CPU."""
    small = best('200 KB', lambda: bobbin_stream(bench, 50000, kind='mixed'))
    return best('2 MB', lambda: bobbin_stream(bench, 500000, kind='mixed'), 2) / small


@benchmark('stream-rebuilt', 'blocks', 0)
def stream_rebuilt(bench):
    """Finished blocks laid out again while 200 KB stream in."""
    return told(bench, 'transcript-stream', '50000', 'mixed')['rebuilt']


def paced(bench, kind):
    values = [(floor_stream(bench, 10000, kind, HUMAN), bobbin_stream(bench, 10000, kind=kind, speed=HUMAN))
              for _ in range(PACED_TIMES)]
    floor, used = (min(v) for v in zip(*values))
    print(f'# floor {floor:.4g}, bobbin {used:.4g}', flush=True)
    return used / floor


def turn(bench, kind):
    if kind not in bench.turn:
        bobbin_stream(bench, 50000 if kind == 'mixed' else 10000, kind=kind, speed=HUMAN if kind.startswith('paced') else None)
    return bench.turn[kind]


def told(bench, name, *args):
    """What a program with a window of its own says in its last line."""
    done = subprocess.run([bench.path(f'tests/benchmarks/{name}'), *args], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, GTK_A11Y='none', GSETTINGS_SCHEMA_DIR=bench.path('data')))
    if not done.stdout.strip():
        raise Failure(f'{name} ended with {done.returncode}: {done.stderr.strip()}')
    return json.loads(done.stdout.splitlines()[-1])


@benchmark('highlight-turn', 'ms', 20)
def highlight(bench):
    """The longest turn of the main loop while 2,000 lines of code are shown and coloured, which is not with the first frame."""
    return told(bench, 'highlight')['longest_ms']


# --- idle, codec, attachments -------------------------------------------------------------------------------

@benchmark('idle-switches', 'in 60 s', 12)
def idle(bench):
    """Voluntary context switches in 60 s with one live connection."""
    with Conversation(bench) as c:
        settled(c.pid, quiet=20)  # threads of pools that are done end after 15 s
        before, end = switches(c.pid), time.monotonic() + 60
        poll(lambda: time.monotonic() >= end, 70, 'a minute to pass')
        return switches(c.pid) - before


def instructions(bench, mode, events):
    """Instructions an event, of a replay of so many; what is outside the codec does not count."""
    out = os.path.join(bench.dir, 'callgrind')
    done = subprocess.run(['valgrind', '--tool=callgrind', f'--callgrind-out-file={out}', '--toggle-collect=codec_replay',
                           bench.path('tests/benchmarks/codec-replay'), mode, str(events)], check=True, capture_output=True,
                          text=True, timeout=600)
    return int(re.search(r'Collected : (\d+)', done.stderr).group(1)) / events


@benchmark('codec-growth', 'x per event of 2,000', 1.1)
def codec(bench):
    """Instructions per event of the codec: 20,000 events of one message against 2,000; the worse of WebSocket and SSE."""
    growth = []
    for mode in ('ws', 'sse'):
        small, big = instructions(bench, mode, 2000), instructions(bench, mode, 20000)
        print(f'# {mode}: {small:.0f} and {big:.0f} instructions per event', flush=True)
        bench.extra.append({'name': f'codec-instructions-{mode}', 'value': round(big), 'unit': 'per event', 'limit': None,
                            'ok': True})
        growth.append(big / small)
    return max(growth)


def attachment_growth(bench, transport):
    """(peak PSS growth, encoded size) in bytes of sending 25 MiB."""
    done = subprocess.run([bench.path('tests/benchmarks/attachment-memory'), transport], check=True, capture_output=True,
                          text=True, timeout=300)
    values = dict(re.findall(r'^(\w+)[=: ]+(\d+)', done.stdout, re.M))
    return int(values['growth']), int(values['encoded'])


@benchmark('attachments-sse', 'MiB', 8)
def attachments_sse(bench):
    """Peak PSS growth while a message with 25 MiB of attachments goes out over SSE."""
    return attachment_growth(bench, 'sse')[0] / 2**20


@benchmark('attachments-ws', 'x (2.2 encoded frames + 8 MiB)', 1.0)
def attachments_ws(bench):
    """The same over WebSocket, against 2.2 encoded frames and 8 MiB."""
    growth, encoded = attachment_growth(bench, 'ws')
    return growth / (2.2 * encoded + 8 * 2**20)


# --- a long thread ------------------------------------------------------------------------------------------

def thread(bench, name):
    """All of thread.c is one run; its values are taken from there."""
    if not hasattr(bench, 'thread'):
        done = subprocess.run([bench.path('tests/benchmarks/thread')], capture_output=True, text=True, timeout=900,
                              env=dict(os.environ, GTK_A11Y='none', GSETTINGS_SCHEMA_DIR=bench.path('data')))
        for line in done.stdout.splitlines():
            if line.startswith('#'):
                print(line, flush=True)
        bench.thread = {v['name']: v['value'] for v in map(json.loads, re.findall(r'^\{.*\}$', done.stdout, re.M))}
    if name not in bench.thread:
        raise Failure('the program with the long thread ended before')
    return bench.thread[name]


for _name, _unit, _limit in (
        ('thread-open', 'x 20 messages', 2.0),        # opening 10,000 messages at the end: CPU
        ('thread-find-first', 'ms', 50),               # CPU until the only match, in the oldest message, is known
        ('thread-find-stall', 'ms', 50),               # the longest turn of the main loop while a word is typed
        ('thread-goto', 'frames', 3),                  # from the wish to see a message, wherever it is, to seeing it
        ('thread-scroll-p99', 'ms', 16),               # CPU of the main thread a frame, through all of it
        ('thread-scroll-stall', 'ms', 50),
        ('thread-scroll-jump', 'px', 2),               # a line moved by other than what was scrolled
        ('thread-memory', 'MiB above 20 messages', 40)):
    benchmark(_name, _unit, _limit)(lambda bench, name=_name: thread(bench, name))


# --- export and import --------------------------------------------------------------------------------------

def spent(command, env):
    """(CPU seconds, peak resident bytes) of a program that runs to its end."""
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failure(f'{command[1]} ended with {process.returncode}')
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def transfer(bench, what, value):
    """Export and import of 1,000 and of 10,000 messages, in conversations of 1,000, once for all values."""
    if not hasattr(bench, 'transfer'):
        bench.transfer = {}
        for count in (1, 10):
            home = os.path.join(bench.dir, f'transfer-{count}')
            there = os.path.join(bench.dir, f'transfer-to-{count}')
            os.makedirs(home)
            file = os.path.join(bench.dir, f'transfer-{count}.json')
            env, env_there = (dict(os.environ, HOME=h, XDG_DATA_HOME=h) for h in (home, there))
            subprocess.run([bench.path('tests/support/make-profile'), os.path.join(home, 'bobbin'), '--threads', str(count),
                            '--messages', '1000'], check=True, stdout=subprocess.DEVNULL, timeout=600)
            add = [bench.bobbin, 'accounts', 'add', '--name', 'N', '--service', 'assistants', '--base-url', 'https://x.example']
            bench.transfer['export', count] = [spent([bench.bobbin, 'export', '--all', file], env) for _ in range(3)]
            runs = []
            for _ in range(3):
                shutil.rmtree(there, ignore_errors=True)
                os.makedirs(there)
                subprocess.run(add, env=env_there, check=True, capture_output=True, timeout=60)
                runs.append(spent([bench.bobbin, 'import', file], env_there))
            bench.transfer['import', count] = runs
    return [min(run[value] for run in bench.transfer[what, count]) for count in (1, 10)]


for _what in ('export', 'import'):
    def _linear(bench, what=_what):
        """CPU of ten times as much, as a part of ten times the CPU."""
        small, large = transfer(bench, what, 0)
        return large / (10 * small)

    def _memory(bench, what=_what):
        """Peak memory that ten times as much takes more."""
        small, large = transfer(bench, what, 1)
        return (large - small) / 2**20

    benchmark(f'{_what}-linear', 'x', 1.2)(_linear)
    benchmark(f'{_what}-memory', 'MiB', 12)(_memory)


# --- searching ----------------------------------------------------------------------------------------------

SEARCHED = 200000  # messages, of 500 bytes
LETTERS = 'landex'  # begins words that are nearly everywhere, as do its beginnings


def searched(bench):
    """A home with so many messages; made once, in one run."""
    if 'searched' not in bench.homes:
        home = os.path.join(bench.dir, 'home-searched')
        data = os.path.join(home, '.local', 'share', 'bobbin')
        os.makedirs(data)
        settings = os.path.join(home, '.config', 'gtk-4.0')
        os.makedirs(settings)
        shutil.copy(os.path.expanduser('~/.config/gtk-4.0/settings.ini'), settings)
        subprocess.run([bench.path('tests/benchmarks/search'), 'make', data, str(SEARCHED)], check=True, timeout=1200)
        bench.homes['searched'] = home
    return bench.homes['searched'], os.path.join(bench.homes['searched'], '.local', 'share', 'bobbin')


def ask_shell(database, text):
    return subprocess.run(['sqlite3', '-batch', '-readonly', database], input=text, capture_output=True, text=True, check=True,
                          timeout=300).stdout


def shell_ms(database, sql):
    """The least CPU, in milliseconds, of all statements of a question in one shell that has asked before."""
    said = ask_shell(database, '.output /dev/null\n.timer on\n' + (sql + '\n') * TIMES)
    each = [(float(user) + float(system)) * 1000 for user, system in re.findall(r'user ([\d.]+) sys ([\d.]+)', said)]
    n = len(each) // TIMES
    return min(sum(each[i:i + n]) for i in range(0, len(each), n))


@benchmark('search-page', 'x sqlite3 shell', 1.5)
def search_page(bench):
    """The first page of a question against the same one in the bare shell: CPU, the worst of ten; below 1 ms nobody counts."""
    _, data = searched(bench)
    done = subprocess.run([bench.path('tests/benchmarks/search'), 'measure', data], capture_output=True, text=True, check=True,
                          timeout=600)
    worst = 0
    for line in done.stdout.splitlines():
        asked = json.loads(line)
        floor = shell_ms(os.path.join(data, 'bobbin.db'), asked['sql'])
        ratio = max(asked['ms'], 1) / max(floor, 1)
        print(f'# {asked["name"]}: {asked["hits"]} hits, {asked["ms"]:.2f} ms, shell {floor:.2f} ms', flush=True)
        if not asked['hits']:
            raise Failure(f'nothing was found for {asked["query"]}')
        worst = max(worst, ratio)
    return worst


@benchmark('search-index', 'x text', 3.4)
def search_index(bench):
    """The room of the index, its lists and numbers included, against the text."""
    _, data = searched(bench)
    said = ask_shell(os.path.join(data, 'bobbin.db'),
                     "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'body_%' OR name LIKE '%docs%';"
                     'SELECT sum(length(CAST(text AS BLOB))) FROM blocks;')
    room, text = (int(line) for line in said.split())
    print(f'# {room / 1e6:.1f} MB for {text / 1e6:.1f} MB', flush=True)
    return room / text


def typed(bench):
    """Milliseconds of the longest turn of the main loop while a word is typed into the search, a letter at a time."""
    home, _ = searched(bench)
    turns = os.path.join(bench.dir, 'search-turns')
    longest = 0
    with Program(bench, bench.bobbin, home=home, env=bench.watched(turns)) as p:
        p.shown()
        p.focus()
        settled(p.pid)
        subprocess.run(['xdotool', 'key', 'ctrl+shift+f'], check=True)
        settled(p.pid)
        for letter in LETTERS:
            with open(turns, 'r+b') as f:
                f.write(bytes(8))
            subprocess.run(['xdotool', 'key', letter], check=True)
            settled(p.pid)
            with open(turns, 'rb') as f:
                longest = max(longest, int.from_bytes(f.read(8), sys.byteorder) / 1e6)
    return longest


@benchmark('search-stall', 'ms', 16)
def search_stall(bench):
    """The longest turn of the main loop for a letter typed into the search, in the best of the runs."""
    return best('a word', lambda: typed(bench))


@benchmark('search-provider', 'x floor', 0.6)
def search_provider(bench):
    """From the cold start of the search provider to its first results, without a window, against the start of the floor: CPU."""
    home, _ = searched(bench)
    name = 'io.github.bobbin_chat.Bobbin.SearchProvider'

    def cold():
        env = dict(os.environ, HOME=home)
        provider = subprocess.Popen([bench.bobbin, 'search-provider'], env=env, preexec_fn=die_with_parent)
        try:
            subprocess.run(['gdbus', 'wait', '--session', name, '--timeout', '30'], check=True, timeout=60)
            said = subprocess.run(['gdbus', 'call', '--session', '--timeout', '60', '--dest', name, '--object-path',
                                   '/' + name.replace('.', '/').replace('-', '_'), '--method',
                                   'org.gnome.Shell.SearchProvider2.GetInitialResultSet', "['landex', 'sum']"],
                                  check=True, capture_output=True, text=True, timeout=90).stdout
            if "['" not in said:
                raise Failure(f'no results: {said}')
            return cpu(provider.pid)
        finally:
            provider.terminate()
            provider.wait(20)
    floor = best('floor', lambda: bench.start(bench.path('tests/benchmarks/floor-window'))[0])
    return best('search provider', cold) / floor


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', required=True)
    parser.add_argument('names', nargs='*')
    args = parser.parse_args()
    bench = Bench(args.build)
    bench.extra = []
    chosen = [b for b in BENCHMARKS if not args.names or b[0] in args.names]
    results = []
    print(f'TAP version 13\n1..{len(chosen)}', flush=True)
    for number, (name, unit, limit, function) in enumerate(chosen, 1):
        try:
            value = round(function(bench), 3)
            ok = limit is None or value <= limit
            print(f'{"ok" if ok else "not ok"} {number} {name}: {value} {unit} (limit {limit})', flush=True)
        except (Failure, OSError, subprocess.SubprocessError, KeyError, AttributeError) as error:
            value, ok = None, False
            print(f'not ok {number} {name}: {error}', flush=True)
        results.append({'name': name, 'value': value, 'unit': unit, 'limit': limit, 'ok': ok})
    with open(os.path.join(bench.build, 'benchmarks.json'), 'w', encoding='utf-8') as f:
        json.dump(results + bench.extra, f, indent=2)
        f.write('\n')
    shutil.rmtree(bench.dir, ignore_errors=True)
    return 0 if all(r['ok'] for r in results) else 1


if __name__ == '__main__':
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
