"""A test server for one service: HTTP/1.1 with streams, JSON routes, an account key, a log of what came, and faults on demand.

A service is a subclass of Service with routes:

    @route('GET', '/v1/things/<thing>')
    def get_thing(self, request, thing): return {'id': thing}     (or Reply, or raise Refusal)

Every server can be told to fail. POST /_test/faults with one fault or a list of them, or --fault JSON:

    {"match": "POST /v1/things", "times": 1, …}     an fnmatch pattern of method and path; times -1: always
        "status": 429, "headers": {…}, "body": {…} or "text", "type": "text/html"     refuse
        "close": true                                 close without an answer, and without acting
        "lose": true                                  act, then close without an answer
        "after_events": 3 | "after_bytes": 100        cut the stream there
        "reset": true                                 with the two above: not closed but reset, which is no end of a body
        "stall": true                                 send nothing more after that, and keep the connection
        "drip_ms": 20                                 this long between two bytes of the stream
        "slow_ms": 1500                               this long is taken to read the body of the request
        "garbage": "…"                                put this into the stream there, and go on

GET /_test/requests is the log; POST /_test/reset forgets faults and log. Nothing here is part of the program."""

import argparse
import fnmatch
import json
import os
import re
import secrets
import socket
import struct
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BODY = 600 * 1024 * 1024
SLOW_STEPS = 20
SLOW_PART = 400 * 1024


def route(method, pattern):
    regex = re.compile('^' + re.sub(r'<(\w+)>', r'(?P<\1>[^/]+)', pattern) + '$')

    def mark(function):
        function.routes = getattr(function, 'routes', []) + [(method, regex)]
        return function
    return mark


class Refusal(Exception):
    def __init__(self, status, body=None, headers=None, content_type='application/json'):
        super().__init__(status)
        self.reply = Reply(body, status, headers, content_type)


class Reply:
    """@body: bytes as they are, None for nothing, anything else as JSON."""

    def __init__(self, body, status=200, headers=None, content_type='application/json'):
        self.status = status
        self.headers = dict(headers or {})
        self.content_type = content_type
        self.data = body if isinstance(body, bytes) else b'' if body is None else json.dumps(body).encode()


class Stream:
    """@chunks: an iterator of bytes, one event each."""

    def __init__(self, chunks, content_type='text/event-stream', headers=None, on_close=None):
        self.chunks = chunks
        self.content_type = content_type
        self.headers = dict(headers or {})
        self.on_close = on_close


class Request:
    def __init__(self, method, target, headers, body):
        parts = urllib.parse.urlsplit(target)
        self.method = method
        self.target = target
        self.path = parts.path
        self.query = {k: v[-1] for k, v in urllib.parse.parse_qs(parts.query, keep_blank_values=True).items()}
        self.headers = headers
        self.body = body
        self.form = None

    @property
    def json(self):
        if not self.body:
            return {}
        try:
            return json.loads(self.body)
        except ValueError:
            raise Refusal(400, {'error': {'message': 'We could not parse the JSON body of your request.',
                                          'type': 'invalid_request_error', 'param': None, 'code': None}})

    def parts(self):
        """name -> (file name or None, content type, bytes) of multipart/form-data."""
        match = re.search(r'boundary="?([^";]+)', self.headers.get('Content-Type', ''))
        found = {}
        if match is None or not self.headers.get('Content-Type', '').startswith('multipart/form-data'):
            return found
        for piece in self.body.split(b'--' + match.group(1).encode())[1:-1]:
            head, _, data = piece[2:].partition(b'\r\n\r\n')
            data = data[:-2] if data.endswith(b'\r\n') else data
            text = head.decode('utf-8', 'replace')
            name = re.search(r'\bname="([^"]*)"', text)
            file_name = re.search(r'\bfilename="((?:[^"\\]|\\.)*)"', text)
            kind = re.search(r'(?im)^content-type:\s*(\S+)', text)
            if name:
                found[name.group(1)] = (re.sub(r'\\(.)', r'\1', file_name.group(1)) if file_name else None,
                                        kind.group(1) if kind else None, data)
        return found


class Service:
    """One server's state. Routes run under self.lock, streams outside of it."""

    name = 'service'
    default_key = 'test-key-0123456789'

    def __init__(self, args):
        self.args = args
        self.key = args.key if args.key is not None else self.default_key
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.faults = []
        self.requests = []
        self.table = [(method, regex, getattr(self, name)) for name in dir(type(self))
                      for method, regex in getattr(getattr(type(self), name), 'routes', [])]

    @classmethod
    def add_arguments(cls, parser):
        """More options of a service."""

    def facts(self):
        """Lines printed at the start, after the address."""
        return [('key', self.key)]

    # Hooks

    def authorize(self, request):
        """Raises a Refusal."""

    def unknown(self, request):
        return Reply({'error': {'message': f'Unknown path {request.path}'}}, 404)

    # The test's own calls

    def control(self, request):
        if request.path == '/_test/faults':
            given = request.json
            self.faults += given if isinstance(given, list) else [given]
            return {}
        if request.path == '/_test/requests':
            return {'requests': self.requests}
        if request.path == '/_test/reset':
            self.faults.clear()
            self.requests.clear()
            return {}
        return Reply({}, 404)

    def take_fault(self, request):
        for fault in self.faults:
            if fnmatch.fnmatch(f'{request.method} {request.path}', fault.get('match', '*')):
                times = fault.get('times', 1)
                if times == 1:
                    self.faults.remove(fault)
                elif times > 1:
                    fault['times'] = times - 1
                return fault
        return None

    def find_slow(self, what):
        """For how long the body of a request is read; such a fault is for that alone."""
        with self.lock:
            fault = next((f for f in self.faults if 'slow_ms' in f and fnmatch.fnmatch(what, f.get('match', '*'))), None)
            if fault is not None:
                self.faults.remove(fault)
        return fault['slow_ms'] if fault else 0

    def note(self, request):
        self.requests.append({'method': request.method, 'path': request.path, 'query': request.query,
                              'headers': {k.lower(): v for k, v in request.headers.items()},
                              'body': request.body.decode('utf-8', 'replace')[:100000]})
        if self.args.verbose:
            print(json.dumps(self.requests[-1]), flush=True)

    def dispatch(self, request):
        self.authorize(request)
        other = False
        for method, regex, function in self.table:
            match = regex.match(request.path)
            if match is None:
                continue
            if method == request.method:
                return function(request, **{k: urllib.parse.unquote(v) for k, v in match.groupdict().items()})
            other = True
        return self.wrong_method(request) if other else self.unknown(request)

    def wrong_method(self, request):
        return Reply({'error': {'message': f'Not allowed to {request.method} on {request.path}'}}, 405)

    def answer(self, request):
        with self.lock:
            if request.path.startswith('/_test/'):
                return self.control(request), None
            self.note(request)
            fault = self.take_fault(request)
            if fault is not None and fault.get('close'):
                return None, fault
            if fault is not None and 'status' in fault:
                body = fault.get('body')
                kind = fault.get('type', 'text/html' if isinstance(body, str) else 'application/json')
                return Reply(body.encode() if isinstance(body, str) else body, fault['status'], fault.get('headers'), kind), fault
            try:
                reply = self.dispatch(request)
            except Refusal as refusal:
                reply = refusal.reply
            return (None if fault is not None and fault.get('lose') else reply), fault


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    @property
    def service(self):
        return self.server.service

    def read_body(self):
        if 'chunked' in self.headers.get('Transfer-Encoding', ''):
            data = b''
            while True:
                size = int(self.rfile.readline().split(b';')[0], 16)
                data += self.rfile.read(size)
                self.rfile.readline()
                if size == 0 or len(data) > MAX_BODY:
                    return data
        length = min(int(self.headers.get('Content-Length') or 0), MAX_BODY)
        slow_ms = self.service.find_slow(f'{self.command} {self.path}')
        parts = []
        while slow_ms and length > 0:
            parts.append(self.rfile.read(min(length, SLOW_PART)))
            length -= len(parts[-1])
            threading.Event().wait(slow_ms / 1000 / SLOW_STEPS)
        return b''.join(parts) + self.rfile.read(length)

    def handle_any(self):
        request = Request(self.command, self.path, self.headers, self.read_body())
        special = self.service.upgrade(request, self) if hasattr(self.service, 'upgrade') else False
        if special:
            self.close_connection = True
            return
        reply, fault = self.service.answer(request)
        if reply is None:
            self.drop()
        elif isinstance(reply, Stream):
            self.send_stream(reply, fault or {})
        else:
            self.send_reply(reply if isinstance(reply, Reply) else Reply(reply))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

    def drop(self, reset=False):
        self.close_connection = True
        try:
            if reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                self.connection.close()
            else:
                self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def send_reply(self, reply):
        self.send_response(reply.status)
        if reply.status != 204:
            self.send_header('Content-Type', reply.content_type)
        self.send_header('Content-Length', str(len(reply.data)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(reply.data)

    def write_chunk(self, data):
        self.wfile.write(b'%x\r\n' % len(data) + data + b'\r\n')
        self.wfile.flush()

    def send_stream(self, stream, fault):
        self.send_response(200)
        self.send_header('Content-Type', stream.content_type)
        self.send_header('Transfer-Encoding', 'chunked')
        self.send_header('Cache-Control', 'no-cache')
        for name, value in stream.headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.pump(stream, fault)
        except OSError as error:
            self.drop(reset=isinstance(error, ConnectionResetError))
        finally:
            if stream.on_close is not None:
                stream.on_close()

    def at_fault(self, fault):
        """Returns whether the stream ends here."""
        if fault.get('garbage') is not None:
            self.write_chunk(fault['garbage'].encode('utf-8', 'surrogateescape'))
            return False
        if fault.get('stall'):
            while self.rfile.read(1):
                pass
        self.drop(fault.get('reset'))
        return True

    def pump(self, stream, fault):
        sent = events = 0
        for chunk in stream.chunks:
            if events == fault.get('after_events') and self.at_fault(fault):
                return
            limit = fault.get('after_bytes')
            if limit is not None and sent <= limit < sent + len(chunk):
                self.write_chunk(chunk[:limit - sent]) if limit > sent else None
                if self.at_fault(fault):
                    return
                chunk = chunk[limit - sent:]
            if fault.get('drip_ms'):
                for i in range(len(chunk)):
                    self.write_chunk(chunk[i:i + 1])
                    threading.Event().wait(fault['drip_ms'] / 1000)
            elif chunk:
                self.write_chunk(chunk)
            sent += len(chunk)
            events += 1
        self.wfile.write(b'0\r\n\r\n')
        self.wfile.flush()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], (ConnectionError, ValueError, OSError)):
            super().handle_error(request, client_address)


def make_id(prefix, length=24, alphabet='0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'):
    return prefix + ''.join(secrets.choice(alphabet) for _ in range(length))


def run(service_class):
    parser = argparse.ArgumentParser(description=f'A test server that speaks {service_class.name}.')
    parser.add_argument('--port', type=int, default=0, help='0: any that is free')
    parser.add_argument('--host', default='127.0.0.1')
    parser.add_argument('--key', help='the key to accept; "" takes any and none')
    parser.add_argument('--speed', type=float, default=2, help='milliseconds between two events of an answer')
    parser.add_argument('--fault', action='append', default=[], metavar='JSON')
    parser.add_argument('--verbose', action='store_true', help='each request as a line of JSON')
    service_class.add_arguments(parser)
    args = parser.parse_args()
    service = service_class(args)
    service.faults = [json.loads(fault) for fault in args.fault]
    server = Server((args.host, args.port), Handler)
    server.service = service
    service.port = server.server_address[1]
    print(f'listening on http://{args.host}:{service.port}{service.base_path if hasattr(service, "base_path") else ""}')
    for name, value in service.facts():
        print(f'{name} {value}')
    print('ready', flush=True)
    # A test that is killed must not leave servers behind.
    if os.environ.get('BOBBIN_TEST_SERVER_STDIN'):
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
