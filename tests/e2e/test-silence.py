#!/usr/bin/python3
"""Silence: before there is an account nothing is connected to but this computer's own desktop, and afterwards nothing but the
account's host. The kernel says so: strace sees every connect() and sendto() of the program and its threads."""

import os
import re
import subprocess
import sys

from bobbin import Screen, holds, program
from driver import Failure, check, run, scratch, shell
from nebelus import Nebelus

app = program()
server = Nebelus()
log = os.path.join(scratch('trace'), 'log')
WHO = re.compile(r'(connect|sendto|sendmsg|sendmmsg)\(')
LOCAL = re.compile(r'sa_family=AF_(UNIX|NETLINK|UNSPEC)')


def may_trace():
    """Whether the system lets one process look at another."""
    try:
        return subprocess.run(['strace', '-f', '-e', 'trace=connect', '-o', os.devnull, 'true'], timeout=20).returncode == 0
    except OSError as error:
        raise Failure(f'strace is not installed (tests/deps.sh test): {error}') from None


def peers():
    """Every address something was sent to, beside those of the computer's own sockets."""
    found = set()
    with open(log, encoding='utf-8', errors='replace') as trace:
        for line in trace:
            if not WHO.search(line) or 'sa_family' not in line or LOCAL.search(line):
                continue
            address = re.search(r'inet_(?:addr|pton)\((?:AF_INET6?, )?"([^"]+)"', line)
            port = re.search(r'sin6?_port=htons\((\d+)\)', line)
            found.add((address.group(1) if address else line.strip(), int(port.group(1)) if port else 0))
    return found


def start(*args):
    """Under strace; app.process is the tracer, which ends with the program."""
    binary = app.binary
    wrapper = os.path.join(os.path.dirname(log), 'bobbin')
    with open(wrapper, 'w', encoding='utf-8') as file:
        file.write(f'#!/bin/sh\nexec strace -D -f --seccomp-bpf -qq -A -e trace=connect,sendto,sendmsg,sendmmsg -s 64 -o {log} {binary} "$@"\n')
    os.chmod(wrapper, 0o755)
    app.binary = wrapper
    app.extra['GSETTINGS_SCHEMA_DIR'] = os.path.join(os.path.dirname(os.path.dirname(binary)), 'data')
    try:
        app.start(*args)
    finally:
        app.binary = binary


def without_an_account():
    """Nobody is contacted before there is an account"""
    start()
    app.wait_for(app.TRY_DEMO)
    Screen.key('ctrl+comma')
    app.wait_for('Privacy')
    app.press('Privacy', None)
    app.wait_text('No host was contacted')
    Screen.key('Escape')
    app.quit()
    check(os.path.getsize(log) > 0, 'nothing was traced')
    check(not peers(), f'contacted: {peers()}')


def with_an_account():
    """Afterwards nobody but the account's host, however much an answer links to"""
    server.start()
    server.add_account(app)
    start('--new')
    app.ask('show markdown')
    Screen.key('ctrl+comma')
    app.wait_for('Privacy')
    app.press('Privacy', None)
    app.wait_text('127.0.0.1')
    Screen.key('Escape')
    app.quit()
    others = {peer for peer in peers() if peer != ('127.0.0.1', server.port)}
    check(('127.0.0.1', server.port) in peers(), 'the account was not contacted')
    check(not others, f'contacted: {others}')


if __name__ == '__main__':
    if not may_trace():
        print('1..0 # SKIP ptrace is forbidden here')
        sys.exit(0)
    sys.exit(run([without_an_account, with_an_account], app, server.stop))
