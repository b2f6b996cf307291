"""An aibtc chat server, for tests and by hand (aibtc-chat.md): dialects D, S1 and S2, one client frame at a time, a job that goes on
without its socket, and a history that waits for it. WebSocket by hand: text frames, ping, close."""

import base64
import datetime
import hashlib
import json
import queue
import socket as socket_module
import struct
import threading
import uuid

from service import Reply, Service

TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjQxMDAwMDAwMDB9.c2lnbmF0dXJl'
SEED = '5c1e9a80-0000-4000-8000-000000000001'


class Socket:
    """The server's side of one connection."""

    def __init__(self, handler):
        self.rfile, self.wfile = handler.rfile, handler.wfile
        self.connection = handler.connection
        self.lock = threading.Lock()
        self.left = self.bytes_left = None  # text frames, and bytes of them, until the line is cut

    def cut(self, data):
        """What of a frame still goes out, and whether the line is cut behind it."""
        if self.left == 0 or self.bytes_left is not None and len(data) > self.bytes_left:
            return data[:self.bytes_left or 0], True
        self.left = None if self.left is None else self.left - 1
        self.bytes_left = None if self.bytes_left is None else self.bytes_left - len(data)
        return data, False

    def send(self, data, opcode=1):
        head = bytes([0x80 | opcode])
        size = len(data)
        head += bytes([size]) if size < 126 else b'\x7e' + struct.pack('>H', size) if size < 65536 else b'\x7f' + struct.pack('>Q', size)
        with self.lock:
            out, ends = self.cut(head + data) if opcode == 1 else (head + data, False)
            self.wfile.write(out)
            self.wfile.flush()
            if ends:
                self.connection.shutdown(socket_module.SHUT_RDWR)
                raise OSError('cut')

    def receive(self):
        """(opcode, data), or None at the end."""
        head = self.rfile.read(2)
        if len(head) < 2:
            return None
        size = head[1] & 0x7f
        if size == 126:
            size = struct.unpack('>H', self.rfile.read(2))[0]
        elif size == 127:
            size = struct.unpack('>Q', self.rfile.read(8))[0]
        mask = self.rfile.read(4) if head[1] & 0x80 else bytes(4)
        data = self.rfile.read(size)
        return head[0] & 0xf, bytes(b ^ mask[i % 4] for i, b in enumerate(data))

    def close(self, code):
        try:
            self.send(struct.pack('>H', code), 8)
        except OSError:
            pass


class Aibtc(Service):
    name = 'aibtc'
    default_key = '7d0f1c2e-4f57-4a0e-9a66-5e0f6f1d2a33'

    def __init__(self, args):
        super().__init__(args)
        self.threads = {}
        if args.seed:
            question, answer = args.seed
            self.threads[SEED] = [
                {'type': 'user', 'role': 'user', 'status': 'complete', 'content': question, 'thread_id': SEED, 'created_at': self.now()},
                {'type': 'token', 'role': 'assistant', 'status': 'complete', 'content': answer, 'thread_id': SEED, 'created_at': self.now()}]

    @classmethod
    def add_arguments(cls, parser):
        parser.add_argument('--dialect', choices=('D', 'S1', 'S2'), default='S2')
        parser.add_argument('--headers', action='store_true', help='take the credential in headers, too')
        parser.add_argument('--seed', nargs=2, metavar=('QUESTION', 'ANSWER'), help='a thread that is there from the start')

    def facts(self):
        return [('key', self.key), ('agent', '-'), ('token', TOKEN)] + ([('thread', SEED)] if self.args.seed else [])

    def now(self, zone='+00:00'):
        return datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.%f') + zone

    # The handshake

    def allowed(self, request):
        given = request.query.get('key') or request.query.get('token')
        if given is None and self.args.headers:
            given = request.headers.get('X-API-Key') or request.headers.get('Authorization', '').removeprefix('Bearer ')
        return given in (self.key, TOKEN)

    def refuse(self, handler, status, detail, headers=None):
        handler.send_reply(Reply({'detail': detail}, status, headers))

    def upgrade(self, request, handler):
        if request.headers.get('Upgrade', '').lower() != 'websocket':
            return False
        with self.lock:
            self.note(request)
            fault = self.take_fault(request) or {}
        if 'status' in fault:
            self.refuse(handler, fault['status'], 'refused', fault.get('headers'))
        elif request.path != '/chat/ws':
            self.refuse(handler, 404, 'Not Found')
        elif not self.allowed(request):
            self.refuse(handler, 401, 'Missing token parameter' if not request.query else 'Invalid API key')
        else:
            accept = hashlib.sha1((request.headers['Sec-WebSocket-Key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest()
            handler.send_response(101)
            handler.send_header('Upgrade', 'websocket')
            handler.send_header('Connection', 'Upgrade')
            handler.send_header('Sec-WebSocket-Accept', base64.b64encode(accept).decode())
            handler.end_headers()
            handler.wfile.flush()
            self.serve(Socket(handler), fault)
        return True

    def unknown(self, request):
        return Reply({'status': 'healthy'}) if request.path == '/' else Reply({'detail': 'Not Found'}, 404)

    # One socket: one client frame at a time

    def serve(self, socket, fault):
        waiting = queue.Queue()
        socket.left, socket.bytes_left = fault.get('after_events'), fault.get('after_bytes')
        threading.Thread(target=self.work, args=(socket, waiting, fault), daemon=True).start()
        try:
            while (received := socket.receive()) is not None:
                opcode, data = received
                if opcode == 8:
                    socket.close(1000)
                    break
                if opcode == 9:
                    with self.lock:
                        self.requests.append({'method': 'PING', 'path': 'ping', 'query': {}, 'headers': {}, 'body': ''})
                    socket.send(data, 10)
                elif opcode == 1:
                    waiting.put(data)
        except (OSError, struct.error):
            pass
        waiting.put(None)

    def work(self, socket, waiting, fault):
        try:
            if 'close_code' in fault:
                socket.close(fault['close_code'])
                return
            while (data := waiting.get()) is not None:
                self.take(socket, data)
        except OSError:
            pass

    def say(self, socket, **frame):
        if socket is not None:
            try:
                socket.send(json.dumps(frame, ensure_ascii=False).encode())
            except (OSError, ValueError):
                pass  # the client is gone, and so may the file of the socket be
        with self.changed:
            self.changed.wait(self.args.speed / 1000)

    def error(self, socket, message):
        self.say(socket, type='error', message=message)

    def take(self, socket, data):
        try:
            frame = json.loads(data)
            kind, thread = frame['type'], frame['thread_id']
            uuid.UUID(thread)
        except KeyError as missing:
            self.error(socket, f"'{missing.args[0]}'")
            return
        except ValueError as wrong:
            self.error(socket, 'Invalid UUID format' if 'hexadecimal' in str(wrong) else str(wrong))
            return
        with self.lock:
            self.requests.append({'method': 'FRAME', 'path': kind, 'query': {}, 'headers': {}, 'body': data.decode()})
        if kind == 'history':
            self.history(socket, thread)
        elif kind == 'message':
            Turn(self, socket, thread, frame).run()
            with self.lock:
                self.requests.append({'method': 'JOB', 'path': 'done', 'query': {}, 'headers': {}, 'body': data.decode()})
        else:
            self.error(socket, f'Unknown message type: {kind}')

    def history(self, socket, thread):
        rows = self.threads.get(thread)
        if rows is None and self.args.dialect != 'D':
            self.error(socket, 'Error retrieving history: no such thread')
            return
        for row in list(rows or []):
            self.say(socket, **row)


class Turn:
    def __init__(self, server, socket, thread, frame):
        self.server, self.socket, self.thread = server, socket, thread
        self.text = frame.get('content') or ''
        self.agent = frame.get('agent_id')
        self.words = self.text.lower()
        self.dialect = server.args.dialect
        self.rows = server.threads.setdefault(thread, [])

    def says(self, phrase):
        return phrase in self.words

    def live(self, **frame):
        self.server.say(self.socket, **frame, thread_id=self.thread, role='assistant', created_at=self.server.now(''))

    def store(self, **row):
        self.rows.append(dict(row, thread_id=self.thread, created_at=self.server.now()))

    def token(self, text):
        self.live(type='token', status='processing', content=text)

    def run(self):
        ids = [f'm{len(self.rows) + i}' for i in range(3)]
        if self.dialect == 'D':
            self.store(type='message', id=ids[0], role='user', content=self.text)
            self.server.say(self.socket, type='message_received', id=ids[0], thread_id=self.thread, job_id='j1')
        else:
            self.store(type='user', role='user', status='complete', content=self.text)
        if self.says('no reply'):
            return
        if self.says('error'):
            self.server.error(self.socket, 'The database is on fire')
            return
        answer = f'You said: {self.text}'
        if self.says('tool') and self.dialect != 'D':
            self.tool()
        if self.says('plan') and self.dialect == 'S2':
            self.live(type='step', status='planning', content='Look first.', thought='Planning')
            self.store(type='step', role='assistant', status='planning', content='Look first.', thought='Planning')
        if self.says('drop the connection'):
            self.token('You said')
            self.socket.close(1000)
            self.socket = None
        if self.dialect == 'D':
            half = answer[:len(answer) // 2]
            self.live(type='message', id=ids[1], content=half)
            self.live(type='message', id=ids[1], content=answer)
            self.store(type='message', id=ids[1], role='assistant', content=answer)
            return
        # S1 can lose the last pieces of a stream; the history has them.
        for piece in answer.replace(' ', ' \0').split('\0')[:-1 if self.says('lossy') else None]:
            self.token(piece)
            if self.says('slow'):
                with self.server.changed:
                    self.server.changed.wait(0.2)
        if self.dialect == 'S1':
            if self.says('tool'):
                self.live(type='token', status='end', content='')
            self.store(type='step', role='assistant', content=answer, agent_id='None', thought=None)
        else:
            self.store(type='token', role='assistant', status='complete', content=answer)

    def tool(self):
        fields = {'type': 'tool', 'tool': 'token_price', 'tool_input': "{'symbol': 'PEPE'}"}
        if self.dialect == 'S1':
            self.live(**fields, tool_output='')
        else:
            self.live(**fields, status='processing', tool_output='{"output": "0.0021"}')
        self.store(**fields, role='assistant', status='complete', content='', tool_output='{"output": "0.0021"}')
