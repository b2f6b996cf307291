#!/usr/bin/python3
"""Files dropped from another program's window arrive byte for byte: new and resumed threads, WebSocket and SSE."""

import hashlib
import os
import random
import sys

from bobbin import program
from driver import DragSource, check, equal, run, scratch
from nebelus import Nebelus
from proxy import Line

server = Nebelus()
app = program()
line = None
folder = scratch('files')
numbers = random.Random(int(os.environ.get('BOBBIN_SEED', '1')))


def file_of(name, size):
    path = os.path.join(folder, name)
    with open(path, 'wb') as f:
        f.write(numbers.randbytes(size))
    return path


def dropped(*paths):
    """Drags the files onto the window, sends them, and compares what the line saw and what the server counted."""
    source = DragSource(*paths)
    try:
        source.drop_on(app, app.composer())
        for path in paths:
            app.wait_text(os.path.basename(path))
    finally:
        source.close()
    text = f'files {" ".join(os.path.basename(p) for p in paths)}'
    app.ask(text)
    received = server.files(text)
    for path in paths:
        name = os.path.basename(path)
        with open(path, 'rb') as f:
            data = f.read()
        equal(received.get(name), hashlib.sha256(data).hexdigest(), f'SHA-256 of {name} at the server')
        check(line.attachments().get(name) == data, f'{name} on the line differs')


def begin(transport):
    global line
    if app.process is not None:
        app.quit()
    line = Line(server.port)
    server.add_account(app, '--transport', transport, port=line.port, name=f'Over {transport}')
    app.start('--new')


def ws_new():
    """WebSocket, new thread"""
    server.start()
    begin('ws')
    dropped(file_of('picture one.bin', 300000))


def resume():
    app.quit()
    app.start('--thread', app.server_id())


def ws_resumed():
    """WebSocket, resumed thread, two files at once"""
    resume()
    dropped(file_of('zwei für alle.bin', 70001), file_of('empty-ish.txt', 1))


def sse_new():
    """SSE, new thread"""
    app.quit()
    app.cli('accounts', 'remove', 'Over ws')
    begin('sse')
    dropped(file_of('sse one.bin', 300001))


def sse_resumed():
    """SSE, resumed thread"""
    resume()
    dropped(file_of('sse two.bin', 2000003))


def kept():
    """attachments lie in the profile under their SHA-256, readable by nobody else"""
    directory = os.path.join(app.data_dir, 'attachments')
    names = [n for n in os.listdir(directory) if os.path.isfile(os.path.join(directory, n))]
    check(names, 'no attachments')
    for name in names:
        path = os.path.join(directory, name)
        with open(path, 'rb') as f:
            equal(hashlib.sha256(f.read()).hexdigest(), name[:64], 'name of the attachment')
        equal(os.stat(path).st_mode & 0o777, 0o600, f'mode of {name}')
    app.quit()
    app.check_integrity()


if __name__ == '__main__':
    sys.exit(run([ws_new, ws_resumed, sse_new, sse_resumed, kept], app, server.stop))
