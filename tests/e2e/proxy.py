"""A line between the program and a server that a test can cut, and on which it reads what really went by.

    line = Line(server_port); connect the program to line.port
    line.cut()       every connection is reset, new ones are refused
    line.silence()   nothing passes any more and nobody is told: no FIN, no RST
    line.restore()   new connections pass again (those that were silenced stay dead)

WebSocket frames are decoded in both directions, with the time at which they passed: line.sent and line.received are
lists of (monotonic time, object). HTTP requests with a JSON body, as of SSE, appear in line.sent too."""

import base64
import json
import re
import socket
import struct
import threading
import time


# the key under which a noted object says on which connection it passed
CONNECTION = 'connection of the line'


class Frames:
    """Takes the text frames out of one direction of a WebSocket."""

    def __init__(self):
        self.buffer = bytearray()
        self.partial = bytearray()

    def feed(self, data):
        self.buffer += data
        while True:
            frame = self.next_frame()
            if frame is None:
                return
            opcode, final, payload = frame
            if opcode in (0, 1, 2):
                self.partial += payload
                if final:
                    yield bytes(self.partial)
                    self.partial.clear()

    def next_frame(self):
        b = self.buffer
        if len(b) < 2:
            return None
        size, at = b[1] & 127, 2
        if size == 126:
            if len(b) < 4:
                return None
            size, at = struct.unpack_from('>H', b, 2)[0], 4
        elif size == 127:
            if len(b) < 10:
                return None
            size, at = struct.unpack_from('>Q', b, 2)[0], 10
        key = None
        if b[1] & 128:
            key, at = b[at:at + 4], at + 4
        if len(b) < at + size or (key is not None and len(key) < 4):
            return None
        payload = bytes(b[at:at + size])
        if key is not None:
            repeated = (bytes(key) * (size // 4 + 1))[:size]
            payload = (int.from_bytes(payload, 'big') ^ int.from_bytes(repeated, 'big')).to_bytes(size, 'big')
        opcode, final = b[0] & 15, bool(b[0] & 128)
        del b[:at + size]
        return opcode, final, payload


def dechunk(body):
    out = []
    while body:
        size, _, rest = body.partition(b'\r\n')
        count = int(size, 16)
        if count == 0:
            break
        out.append(rest[:count])
        body = rest[count + 2:]
    return b''.join(out)


class Connection:
    def __init__(self, line, client):
        self.line = line
        self.client = client
        self.server = socket.create_connection(('127.0.0.1', line.server_port), timeout=10)
        self.server.settimeout(None)
        self.dead = threading.Event()
        self.upgraded = threading.Event()
        self.requests = bytearray()
        for target in (self.upwards, self.downwards):
            threading.Thread(target=target, daemon=True).start()

    def close(self, reset=False):
        for s in (self.client, self.server):
            try:
                if reset:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                # wakes the thread that reads, which would keep the socket alive
                s.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)
                s.close()
            except OSError:
                pass

    def upwards(self):
        """Client to server. A WebSocket handshake is passed on whole, without extensions: frames stay readable."""
        frames, head = Frames(), bytearray()
        try:
            while data := self.client.recv(65536):
                if self.dead.is_set():
                    continue
                if self.upgraded.is_set():
                    self.note(self.line.sent, frames.feed(data))
                elif not self.requests and (head or data.startswith(b'GET ')):
                    head += data
                    if b'\r\n\r\n' not in head:
                        continue
                    data = self.handshake(bytes(head))
                    head.clear()
                else:
                    self.http(data)
                self.server.sendall(data)
        except OSError:
            pass
        if not self.dead.is_set():
            self.close()

    def handshake(self, head):
        if b'upgrade: websocket' not in head.lower():
            return head
        self.upgraded.set()
        return b'\r\n'.join(x for x in head.split(b'\r\n') if not x.lower().startswith(b'sec-websocket-ext'))

    def http(self, data):
        """Notes the JSON body of a POST when all of it has passed."""
        self.requests += data
        end = self.requests.find(b'\r\n\r\n')
        if end < 0:
            return
        head, body = bytes(self.requests[:end]).lower(), bytes(self.requests[end + 4:])
        if b'transfer-encoding: chunked' in head:
            if not body.endswith(b'0\r\n\r\n'):
                return
            body = dechunk(body)
        else:
            size = re.search(rb'content-length: *(\d+)', head)
            if size and len(body) < int(size.group(1)):
                return
        self.requests.clear()
        self.note(self.line.sent, [body] if body else [])

    def downwards(self):
        frames, head, answered = Frames(), bytearray(), False
        try:
            while data := self.server.recv(65536):
                if self.dead.is_set():
                    continue
                self.client.sendall(data)
                if not self.upgraded.is_set():
                    continue
                if not answered:
                    head += data
                    end = head.find(b'\r\n\r\n')
                    if end < 0:
                        continue
                    answered, data = True, bytes(head[end + 4:])
                self.note(self.line.received, frames.feed(data))
        except OSError:
            pass
        if not self.dead.is_set():
            self.close()

    def note(self, where, payloads):
        now = time.monotonic()
        for payload in payloads:
            try:
                o = json.loads(payload)
            except ValueError:
                o = payload
            if isinstance(o, dict):
                o[CONNECTION] = id(self)
            where.append((now, o))


class Line:
    def __init__(self, server_port):
        self.server_port = server_port
        self.sent = []
        self.received = []
        self.connections = []
        self.mode = 'pass'
        self.listener = None
        self.port = 0
        self.listen()

    def listen(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(('127.0.0.1', self.port))
        self.listener.listen(16)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            if self.mode == 'silence':
                self.connections.append(client)  # taken, never answered
                continue
            try:
                self.connections.append(Connection(self, client))
            except OSError:
                client.close()

    def cut(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.drop()

    def drop(self):
        """Resets what is open; new connections pass."""
        for c in self.connections:
            c.close(reset=True) if isinstance(c, Connection) else c.close()
        self.connections.clear()

    def silence(self):
        self.mode = 'silence'
        for c in self.connections:
            if isinstance(c, Connection):
                c.dead.set()

    def restore(self):
        self.mode = 'pass'
        if self.listener.fileno() < 0:
            self.listen()

    # what went by

    def messages(self):
        """(time, message) of every message that was sent, over either transport."""
        for when, o in list(self.sent):
            if isinstance(o, dict) and o.get('type') == 'chat':
                yield when, o
            elif isinstance(o, dict) and o.get('messages'):
                yield when, o['messages'][-1]

    def chats(self):
        """(time, text) of them."""
        return [(when, m.get('content', '')) for when, m in self.messages()]

    def attachments(self):
        """{name: bytes} of every file that was sent."""
        out = {}
        for _, m in self.messages():
            for a in (m.get('metadata') or {}).get('attachments') or []:
                out[a['name']] = base64.b64decode(a['data'], validate=True)
        return out

    def events(self, name, connection=None):
        """(time, data) of every event of that name that was received, on one connection or on all; WebSocket only."""
        return [(when, o.get('data') or {}) for when, o in list(self.received)
                if isinstance(o, dict) and o.get('event') == name and connection in (None, o[CONNECTION])]

    def answer_text(self, since=0.0, until=None, connection=None):
        """The text of answers that passed in that time, WebSocket only."""
        out = []
        for when, data in self.events('content_block', connection):
            if since <= when and (until is None or when <= until) and data.get('state') == 'delta' \
                    and data.get('content_type', 'text') == 'text':
                out.append((data.get('data') or {}).get('text', ''))
        return ''.join(out)
