#!/usr/bin/python3
"""run.py NAME DIRECTORY [ARGUMENT...]: a test written for npm packages, tests/foreign/NAME/test-NAME.mjs, with what its package-lock.json pins.

The packages are installed into DIRECTORY, once for each lock file. Without node or npm, or where the registry cannot be reached, the
test is skipped and says so. A test that needs a server of ours gets its address and key as arguments. TAP on stdout."""

import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SERVERS = {'openai': ['assistants', '--assistants', '30', '--speed', '1']}
# The exit status of npm says little; these words mean that the registry was not reached.
UNREACHABLE = ('ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENETUNREACH', 'ERR_SOCKET_TIMEOUT', 'EIDLETIMEOUT')


def skip(why):
    print('TAP version 13')
    print(f'1..0 # SKIP {why}')
    sys.exit(0)


def read(path):
    try:
        with open(path, encoding='utf-8') as f:
            return f.read()
    except FileNotFoundError:
        return None


def install(name, place):
    """The packages of the lock file in @place, unless they are there."""
    source = os.path.join(HERE, name)
    lock = read(os.path.join(source, 'package-lock.json'))
    stamp = os.path.join(place, 'installed')
    os.makedirs(place, exist_ok=True)
    if read(stamp) == lock:
        return
    for file in ('package.json', 'package-lock.json'):
        shutil.copy(os.path.join(source, file), place)
    done = subprocess.run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1'], cwd=place,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        if any(word in done.stdout for word in UNREACHABLE):
            skip('the npm registry cannot be reached')
        print('TAP version 13\n1..1\nnot ok 1 install')
        print('# ' + done.stdout.strip().replace('\n', '\n# '))
        sys.exit(1)
    with open(stamp, 'w', encoding='utf-8') as f:
        f.write(lock)


def start(name):
    """(process, arguments of the test) of the server it needs."""
    if name not in SERVERS:
        return None, []
    program, *options = SERVERS[name]
    process = subprocess.Popen([sys.executable, os.path.join(HERE, '..', 'servers', program), *options], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True,
                               env=dict(os.environ, BOBBIN_TEST_SERVER_STDIN='1', PYTHONDONTWRITEBYTECODE='1'))
    facts = {}
    for line in process.stdout:
        word, _, rest = line.rstrip('\n').partition(' ')
        if word == 'ready':
            break
        facts[word] = rest
    return process, [facts['listening'].removeprefix('on '), facts['key']]


def main():
    name, directory, *more = sys.argv[1:]
    place = os.path.join(directory, name)
    for tool in ('node', 'npm'):
        if shutil.which(tool) is None:
            skip(f'{tool} is not installed')
    install(name, place)
    # node looks for packages beside the script
    script = shutil.copy(os.path.join(HERE, name, f'test-{name}.mjs'), place)
    server, arguments = start(name)
    try:
        status = subprocess.run(['node', script, *arguments, *more], stdin=subprocess.DEVNULL).returncode
    finally:
        if server is not None:
            server.kill()
            server.wait()
    return status


if __name__ == '__main__':
    sys.exit(main())
