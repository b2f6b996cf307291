"""A server that breaks the rules: HTTP, WebSocket and SSE by hand, so that nothing on the way puts a frame right.

A message that names a fault (see FAULTS and special()) gets it, else the agent id may name one; so one server serves every case."""

import base64
import hashlib
import json
import socket
import struct
import threading

MEGABYTE = 1000 * 1000
ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
HTML = b'<!DOCTYPE html><html><head><title>Sign in</title></head><body><script>alert(1)</script>Welcome</body></html>'


def event(name, **data):
    return json.dumps({'event': name, 'data': data}).encode()


def block(text, kind='text', state='delta', index=0):
    return event('content_block', content_type=kind, state=state, index=index, data={kind: text})


CONNECTION = event('connection', status='connected', agent_id='a', agent_name='Rogue', thread_id='t-1')
START = event('message_start', completion_id='run-1', agent_message_id='m-1')
STOP = event('message_stop', stop_reason='end_turn', agent_message_id='m-1')
DEEP = b'[' * 128000 + b']' * 128000


def around(*frames):
    """An answer that says something before and after what is wrong."""
    return [START, block('before '), *frames, block('after'), STOP]


FAULTS = {
    'good': around(),
    'deep': around(DEEP, b'{"event":"content_block","data":' + DEEP + b'}',
                   b'{"event":"content_block","data":{"content_type":"json","state":"complete","index":4,"data":'
                   + b'{"a":' * 128000 + b'1' + b'}' * 128000 + b'}}'),
    'nul': around(b'\0\0\0\0', b'{"event":"content_block\0","data":{}}', block('a\0b '), b'{"event":"pong"}\0'),
    'surrogate': around(b'{"event":"content_block","data":{"content_type":"text","state":"delta","index":0,'
                        b'"data":{"text":"\\ud800 lone "}}}'),
    'numbers': around(b'{"event":7,"data":9}', b'{"event":"content_block","data":5}', b'[]', b'12', b'null', b'""',
                      event('content_block', content_type=1, state=2, index='x', data=3),
                      event('content_block', content_type='text', state='delta', index='zero', data={'text': 42}),
                      event('content_block', content_type='tool_use', state='complete', index=3,
                            data={'tool_name': 5, 'tool_call_id': 6, 'input': 7}),
                      event('content_block', content_type='table', state='complete', index=4, data={'columns': 1, 'rows': 'x'}),
                      event('content_block', content_type='table', state='complete', index=6, data={'columns': [1, None], 'rows': [3, [1], {'a': 1}]}),
                      event('content_block', content_type='image', state='complete', index=5, data={'data': 17, 'media_type': []}),
                      event('content_block', content_type='chart', state='complete', index=7, data={'type': 5, 'series': 8}),
                      event('content_block', content_type='code', state='complete', index=-3, data={'code': 1e300}),
                      event('usage_metadata', input_tokens='many', output_tokens=-5, total_tokens=10**30),
                      event('cost_update', total_cost='free', cost=[]),
                      event('thread_title', title=99), event('timing_details', total_ms='x'),
                      event('agent_context', context=4)),
    'approval-numbers': [START, event('human_approval', message=3, data={'tools': 4})],
    'duplicates': [START, START, block('one ', state='start'), block('one '), block('one ', state='start'),
                   event('content_block', content_type='text', state='complete', index=0),
                   event('content_block', content_type='text', state='complete', index=0), STOP, STOP, STOP,
                   CONNECTION, CONNECTION],
    'disorder': [STOP, block('late', state='complete'), block('first '), START, block('second '),
                 event('content_block', content_type='tool_result', state='complete', index=9,
                       data={'tool_call_id': 'nobody', 'output': 'x'}),
                 event('usage_metadata', input_tokens=1), STOP, event('content_block', content_type='text',
                                                                      state='complete', index=0),
                 event('message_delta', delta={'stop_reason': 'end_turn'})],
    'silent-types': around(event('unheard_of', x=1), event('content_block', content_type='hologram', state='complete',
                                                           index=8, data={'beam': True})),
    'title': around(event('thread_title', title='x' * 200000), event('thread_title', title='a\nb\u202ec')),
    'markup': around(block('<b>&amp;</b> & <i> %s %n [x](javascript:alert(1)) ')),
    'error-numbers': [START, block('before '), event('error', type=5, code=[], message={'a': 1})],
    'error-html': [event('error', type='handler_error', message='<b>bad</b> & worse\nline\n' + 'x' * 100000)],
    'empty': [START, STOP],
}


SPECIAL = ('huge', 'claimed', 'fragments', 'utf8', 'binary', 'masked', 'reserved', 'close-html', 'flood')


class Link:
    def __init__(self, sock):
        self.sock = sock
        self.buffer = b''
        self.headers = {}

    def need(self, count):
        while len(self.buffer) < count:
            data = self.sock.recv(65536)
            if not data:
                raise EOFError
            self.buffer += data
        out, self.buffer = self.buffer[:count], self.buffer[count:]
        return out

    def head(self):
        while b'\r\n\r\n' not in self.buffer:
            data = self.sock.recv(65536)
            if not data:
                raise EOFError
            self.buffer += data
        head, _, self.buffer = self.buffer.partition(b'\r\n\r\n')
        lines = head.decode('latin-1').split('\r\n')
        self.headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(':') for line in lines[1:])}
        return lines[0].split(' ')[1]

    def body(self):
        if 'chunked' in self.headers.get('transfer-encoding', ''):
            while True:
                size = b''
                while not size.endswith(b'\r\n'):
                    size += self.need(1)
                count = int(size, 16)
                self.need(count + 2)
                if count == 0:
                    return
        self.need(int(self.headers.get('content-length', 0)))

    def reply(self, status, kind, data=b'', extra=()):
        lines = [f'HTTP/1.1 {status}', f'Content-Type: {kind}', f'Content-Length: {len(data)}', 'Connection: close', *extra]
        self.sock.sendall('\r\n'.join(lines).encode() + b'\r\n\r\n' + data)

    # WebSocket

    def upgrade(self):
        token = base64.b64encode(hashlib.sha1((self.headers['sec-websocket-key'] + ACCEPT).encode()).digest()).decode()
        self.sock.sendall(f'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                          f'Sec-WebSocket-Accept: {token}\r\n\r\n'.encode())

    def frame(self, data, opcode=1, size=None):
        size = len(data) if size is None else size
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([size])
        elif size < 65536:
            head += bytes([126]) + struct.pack('>H', size)
        else:
            head += bytes([127]) + struct.pack('>Q', size)
        self.sock.sendall(head + data)

    def message(self):
        """The next text the client sends, or EOFError."""
        while True:
            first, second = self.need(2)
            size = second & 0x7f
            if size == 126:
                size = struct.unpack('>H', self.need(2))[0]
            elif size == 127:
                size = struct.unpack('>Q', self.need(8))[0]
            mask = self.need(4)
            data = self.need(size)
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(data)) if size < 100000 else data
            if first & 15 == 8:
                raise EOFError
            if first & 15 == 1:
                return data


class Rogue:
    """Listens on loopback; chats counts the turns each fault was asked for."""

    def __init__(self, tls=None):
        self.tls = tls
        self.chats = {}
        self.sock = socket.create_server(('127.0.0.1', 0))
        self.port = self.sock.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def close(self):
        self.sock.close()

    def listen(self):
        while True:
            try:
                sock, _ = self.sock.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        try:
            with sock:
                if self.tls is not None:
                    sock = self.tls.wrap_socket(sock, server_side=True)
                link = Link(sock)
                path = link.head()
                parts = path.strip('/').split('/')
                fault = parts[parts.index('agents') + 1] if 'agents' in parts else 'good'
                if fault == 'html':
                    link.reply('200 OK', 'text/html', HTML)
                elif fault == 'html404':
                    link.reply('404 Not Found', 'text/html', HTML)
                elif fault == 'html500':
                    link.reply('500 Internal Server Error', 'text/html', HTML)
                elif fault == 'redirect':
                    link.reply('302 Found', 'text/html', HTML, (f'Location: http://127.0.0.1:{self.port}/stolen',))
                elif fault == 'nonsense':
                    sock.sendall(b'SSH-2.0-OpenSSH_9.2\r\n')
                elif link.headers.get('upgrade', '').lower() == 'websocket':
                    self.websocket(link, fault)
                else:
                    link.body()
                    self.sse(link, fault)
        except (OSError, EOFError):
            pass

    def asked(self, fault):
        self.chats[fault] = self.chats.get(fault, 0) + 1

    def websocket(self, link, fault):
        link.upgrade()
        if fault == 'connection-html':
            link.frame(HTML)
        else:
            link.frame(CONNECTION)
        while True:
            message = json.loads(link.message())
            if message.get('type') == 'ping':
                link.frame(event('pong'))
            if message.get('type') != 'chat':
                continue
            wrong = message['content'] if message['content'] in (*FAULTS, *SPECIAL) else fault
            self.asked(wrong)
            if wrong in FAULTS:
                for frame in FAULTS[wrong]:
                    link.frame(frame)
                continue
            link.frame(START)
            link.frame(block('before '))
            self.special(link, wrong)

    def special(self, link, fault):
        if fault == 'huge':
            link.frame(b'', size=100 * MEGABYTE)
            piece = b'x' * MEGABYTE
            for _ in range(100):
                link.sock.sendall(piece)
        elif fault == 'claimed':
            link.frame(b'x' * 1000, size=(1 << 62))
        elif fault == 'fragments':
            piece = b'x' * MEGABYTE
            head = bytes([127]) + struct.pack('>Q', len(piece))
            link.sock.sendall(b'\x01' + head + piece)
            for _ in range(99):
                link.sock.sendall(b'\x00' + head + piece)
        elif fault == 'utf8':
            link.frame(b'{"event":"content_block","data":{"content_type":"text","state":"delta","index":0,'
                       b'"data":{"text":"caf\xff\xfe "}}}')
            link.frame(block('after'))
            link.frame(STOP)
        elif fault == 'binary':
            link.frame(b'\x00\xff\xfe\x01', opcode=2)
            link.frame(block('after'))
            link.frame(STOP)
        elif fault == 'masked':
            link.sock.sendall(b'\x81\x84abcdefgh')
        elif fault == 'reserved':
            link.sock.sendall(b'\xf7\x02ab')
        elif fault == 'close-html':
            link.frame(struct.pack('>H', 4321) + b'<b>go &\xff</b>', opcode=8)
        elif fault == 'flood':
            for i in range(200000):
                link.frame(event('unheard_of', i=i))
            link.frame(STOP)

    def sse(self, link, fault):
        self.asked(fault)
        sock = link.sock
        sock.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\nX-Thread-Id: t-1\r\n\r\n')

        def send(frame):
            try:
                obj = json.loads(frame)
                name, data = obj['event'], json.dumps(obj['data'])
            except (ValueError, TypeError, KeyError, RecursionError):
                sock.sendall(b'data: ' + frame + b'\n\n')
                return
            sock.sendall(f'event: {name}\ndata: {data}\n\n'.encode())
        for frame in FAULTS.get(fault, [START, block('before ')]):
            send(frame)
        if fault == 'huge':
            sock.sendall(b'event: content_block\ndata: ')
            for _ in range(100):
                sock.sendall(b'x' * MEGABYTE)
            sock.sendall(b'\n\n')
        elif fault == 'fragments':  # one event of many lines
            line = b'data: ' + b'x' * 1000 + b'\n'
            for _ in range(100):
                sock.sendall(line * 1000)
            sock.sendall(b'\n')
        elif fault == 'utf8':
            sock.sendall(b'event: content_block\ndata: {"content_type":"text","state":"delta","index":0,'
                         b'"data":{"text":"caf\xff\xfe "}}\n\n')
        elif fault == 'flood':
            sock.sendall(b':\n' * 10000000)
        if fault not in FAULTS and fault not in ('cut',):
            send(block('after'))
            send(STOP)
        sock.sendall(b'data: [DONE]\n\n')
