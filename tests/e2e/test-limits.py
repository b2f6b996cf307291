#!/usr/bin/python3
"""Files at the limits, through the window: 10 MiB in one file and 25 MiB in one message arrive byte for byte over both
transports; a byte more is named before anything is sent, and nothing of it is lost."""

import hashlib
import os
import re
import sys

from bobbin import Screen, program
from driver import check, equal, run, scratch
from nebelus import Nebelus

MIB = 1024 * 1024
server = Nebelus(speed=0)
app = program()
folder = scratch('files')


def file_of(name, size):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        with open(path, 'wb') as f:
            f.write(os.urandom(4096) * (size // 4096) + b'x' * (size % 4096))
    return path


def paste(*paths):
    Screen.copy_as('text/uri-list', ''.join(f'file://{p}\r\n' for p in paths).encode())
    Screen.click(app, app.composer())
    Screen.key('ctrl+v')
    for path in paths:
        app.wait_text(os.path.basename(path))


def digest(path):
    with open(path, 'rb') as f:
        return hashlib.sha256(f.read()).hexdigest()


def begin(transport):
    server.add_account(app, '--transport', transport, name=transport)
    app.start('--new')


def send_largest(transport):
    paths = [file_of(f'{n}.bin', size) for n, size in (('ten', 10 * MIB), ('eleven', 10 * MIB), ('five', 5 * MIB))]
    paste(*paths)
    app.ask(f'all of it over {transport}', 120)
    equal(app.messages('assistant')[-1][2], 'complete', 'the answer')
    equal(server.files(f'all of it over {transport}'), {os.path.basename(p): digest(p) for p in paths}, 'files at the server')


def websocket():
    """25 MiB in three files, two of them of 10 MiB, over WebSocket"""
    server.start()
    begin('ws')
    send_largest('ws')


def one_more():
    """a byte more in one file: it is named and left out, the words stay and can be sent without it"""
    app.composer().set_text('too much')
    paste(file_of('ten-and-a-bit.bin', 10 * MIB + 1))
    app.wait_text(re.compile('ten-and-a-bit.bin.* is larger than the service accepts.*10.0.MiB'))
    equal(app.composer().text, 'too much', 'the words')
    check(not app.find(re.compile('^Remove.*ten-and-a-bit')), 'it is attached')
    equal(server.texts().count('too much'), 0, 'times it was sent')
    app.ask('without it')
    equal(server.files('without it'), {}, 'files at the server')


def together():
    """a byte more in all: the file that is too much is named, the others stay"""
    paste(*[file_of(f'{n}.bin', size) for n, size in (('ten', 10 * MIB), ('eleven', 10 * MIB), ('last', 5 * MIB + 1))])
    app.wait_text(re.compile('last.bin.* larger than the service accepts.*25.0.MiB'))
    app.ask('the rest of it', 120)
    equal(sorted(server.files('the rest of it')), ['eleven.bin', 'ten.bin'], 'files at the server')


def events():
    """25 MiB over SSE"""
    app.quit()
    app.cli('accounts', 'remove', 'ws')
    begin('sse')
    send_largest('sse')
    app.quit()
    app.check_integrity()


if __name__ == '__main__':
    sys.exit(run([websocket, one_more, together, events], app, server.stop))
