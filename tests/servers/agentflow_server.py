"""An AgentFlow API server with in-memory storage, as it was observed (agentflow.md): threads that are listed by a run alone, messages
written at the end of a run, a state that merges and ignores null, deletions that remove the list entry only, and its errors.

    --generation S1|S2|S3    S1 puts nothing between objects; S3 has is_realtime, stops a running node, closes only with "full"
    --id-type int            thread ids are numbers
    --names                  a generator names threads after each turn
    --no-uploads, --no-checkpointer, --rate N (requests in 8 s), --max-mb N"""

import datetime
import json
import queue
import time

from agentflow_graph import Run, message, new_id, start, text_of
from service import Refusal, Reply, Service, Stream, route

PNG = bytes.fromhex('89504e470d0a1a0a0000000d4948445200000010000000100802000000909168360000001749444154789c6360a01130fc47c3'
                    '28188041240301000b0c02feb2b0dd540000000049454e44ae426082')
ROLES = ('user', 'assistant', 'system', 'tool')


def now():
    return datetime.datetime.now().isoformat()


class Thread:
    def __init__(self, thread_id):
        self.id = thread_id
        self.name = None
        self.updated = now()
        self.messages = []
        self.stop = False
        self.running = False
        self.cleared = True
        self.meta = {'current_node': '__start__', 'step': 0, 'status': 'running', 'interrupted_node': None, 'interrupt_reason': None,
                     'interrupt_data': None, 'thread_id': thread_id, 'stop_current_execution': 'none', 'internal_data': {}}
        self.state = {'context': [], 'context_summary': None, 'berth': '', 'counters': {}, 'note': None}

    def dump(self):
        return json.loads(json.dumps({**self.state, 'execution_meta': self.meta}))

    def entry(self):
        return {'thread_id': self.id, 'thread_name': self.name, 'user_id': None, 'metadata': None, 'updated_at': self.updated, 'run_id': None}


class AgentFlow(Service):
    name = 'agentflow'
    default_key = ''

    @classmethod
    def add_arguments(cls, parser):
        parser.add_argument('--generation', choices=['S1', 'S2', 'S3'], default='S2')
        parser.add_argument('--id-type', default='string')
        parser.add_argument('--names', action='store_true')
        parser.add_argument('--no-uploads', action='store_true')
        parser.add_argument('--no-checkpointer', action='store_true')
        parser.add_argument('--rate', type=int, default=0)
        parser.add_argument('--max-mb', type=float, default=25)

    def __init__(self, args):
        super().__init__(args)
        self.generation = args.generation
        self.started = time.time()
        self.threads = {}
        self.listed = []
        self.files = {}
        self.times = []
        self.number = 100

    # Shapes

    def envelope(self, data, words='OK'):
        return {'data': data, 'metadata': {'request_id': new_id(), 'timestamp': now(), 'message': words}}

    def refuse(self, status, code, words, **more):
        raise Refusal(status, {'error': {'code': code, 'message': words, 'details': more.pop('details', []), **more},
                               'metadata': {'request_id': new_id(), 'timestamp': now(), 'message': words}})

    def validation(self, schema='ErrorSchemas'):
        self.refuse(422, 'VALIDATION_ERROR', f'1 validation error for {schema}\nloc.2\n  Input should be a valid string '
                    '[type=string_type, input_value=0, input_type=int]\n    For further information visit https://errors.pydantic.dev/')

    def unknown(self, request):
        self.refuse(404, 'HTTPException', 'Not Found')

    def wrong_method(self, request):
        self.refuse(405, 'HTTPException', 'Method Not Allowed')

    def authorize(self, request):
        if self.args.rate:
            cut = time.monotonic() - 8
            self.times = [one for one in self.times if one > cut] + [time.monotonic()]
            if len(self.times) > self.args.rate:
                raise Refusal(429, {'error': {'code': 'RATE_LIMIT_EXCEEDED', 'message': 'Too many requests.', 'limit': self.args.rate,
                                              'window_seconds': 8, 'retry_after_seconds': 2},
                                    'metadata': {'request_id': 'unknown', 'status': 'error'}}, {'Retry-After': '2'})
        if not self.key or request.path == '/ping':
            return
        given = request.headers.get('Authorization', '')
        scheme, _, token = given.partition(' ')
        if scheme.lower() != 'bearer' or not token:
            self.refuse(403, 'REVOKED_TOKEN', 'Please sign in')
        if token != self.key:
            self.refuse(403, 'EXPIRED_TOKEN' if token.startswith('old') else 'INVALID_TOKEN', 'Bad token')

    def body(self, request, required=True):
        if not request.body:
            if required:
                self.refuse(422, 'VALIDATION_ERROR', 'Validation error', details=[{'loc': ['body'], 'msg': 'Field required', 'type': 'missing'}])
            return {}
        try:
            body = json.loads(request.body)
        except ValueError:
            self.validation()
        if not isinstance(body, dict):
            self.validation()
        return body

    def page(self, request):
        try:
            offset, limit = int(request.query.get('offset', 0)), int(request.query.get('limit', 1000000))
        except ValueError:
            self.validation()
        if offset < 0 or limit < 1:
            self.refuse(422, 'HTTPException', 'limit must be > 0')
        return offset, limit

    def thread(self, thread_id):
        return self.threads.setdefault(str(thread_id), Thread(str(thread_id)))

    def some_file(self):
        return self.add_file('chart.png', 'image/png', PNG)

    def add_file(self, name, kind, data):
        file_id = new_id().replace('-', '')
        self.files[file_id] = (name, kind, data)
        return file_id

    # Graph

    @route('GET', '/ping')
    def ping(self, request):
        return self.envelope('pong')

    @route('GET', '/v1/graph')
    def graph(self, request):
        info = {'node_count': 4, 'edge_count': 4, 'checkpointer': not self.args.no_checkpointer, 'checkpointer_type': 'InMemoryCheckpointer',
                'publisher': False, 'store': True, 'interrupt_before': ['APPROVAL'], 'interrupt_after': [], 'id_type': self.args.id_type,
                'state_fields': ['context', 'context_summary', 'execution_meta', 'berth', 'counters', 'note']}
        if self.generation == 'S3':
            info['is_realtime'] = False
        return self.envelope({'info': info, 'nodes': [], 'edges': []})

    @route('GET', '/v1/graph:StateSchema')
    def schema(self, request):
        return self.envelope({'title': 'HarbourState', 'type': 'object', 'properties': {
            'context': {'type': 'array', 'title': 'Context'}, 'berth': {'type': 'string', 'title': 'Berth', 'default': ''},
            'counters': {'type': 'object', 'title': 'Counters', 'additionalProperties': True},
            'note': {'anyOf': [{'type': 'string'}, {'type': 'null'}], 'title': 'Note'}}, '$defs': {}})

    # Threads

    @route('GET', '/v1/threads')
    def list_threads(self, request):
        offset, limit = self.page(request)
        words = request.query.get('search', '').lower()
        found = [self.threads[one].entry() for one in self.listed]
        found = [one for one in found if words in json.dumps(one).lower()]
        return self.envelope({'threads': found[offset:offset + limit]})

    @route('GET', '/v1/threads/<thread>')
    def get_thread(self, request, thread):
        entry = self.threads[thread].entry() if thread in self.listed else None
        return self.envelope({'thread_data': {'thread': entry}})

    @route('DELETE', '/v1/threads/<thread>')
    def delete_thread(self, request, thread):
        self.body(request)
        known = thread in self.listed
        if known:
            self.listed.remove(thread)
        return self.envelope({'success': True, 'message': 'Thread deleted successfully', 'data': known})

    # Messages

    @route('GET', '/v1/threads/<thread>/messages')
    def list_messages(self, request, thread):
        offset, limit = self.page(request)
        messages = self.threads[thread].messages if thread in self.threads else []
        return self.envelope({'messages': messages[offset:offset + limit]})

    @route('GET', '/v1/threads/<thread>/messages/<one>')
    def get_message(self, request, thread, one):
        for found in self.threads[thread].messages if thread in self.threads else []:
            if found['message_id'] == one:
                return self.envelope(found)
        raise Refusal(500, b'Internal Server Error', content_type='text/plain; charset=utf-8')

    @route('DELETE', '/v1/threads/<thread>/messages/<one>')
    def delete_message(self, request, thread, one):
        self.body(request)
        messages = self.threads[thread].messages if thread in self.threads else []
        for found in messages:
            if found['message_id'] == one:
                messages.remove(found)
                return self.envelope({'success': True, 'message': 'Message deleted successfully'})
        raise Refusal(500, b'Internal Server Error', content_type='text/plain; charset=utf-8')

    @route('POST', '/v1/threads/<thread>/messages')
    def add_messages(self, request, thread):
        messages = self.read_messages(self.body(request))
        self.thread(thread).messages += messages
        return self.envelope({'success': True, 'message': 'Messages put successfully', 'data': True})

    def read_messages(self, body):
        given = body.get('messages')
        if not isinstance(given, list) or not given:
            self.refuse(422, 'HTTPException', 'messages must not be empty')
        made = []
        for one in given:
            if not isinstance(one, dict) or one.get('role') not in ROLES or not isinstance(one.get('content'), list):
                self.validation()
            content = [self.read_block(block) for block in one['content']]
            made.append(message(one['role'], content, one.get('message_id')))
        return made

    def read_block(self, block):
        if not isinstance(block, dict) or 'type' not in block:
            self.validation()
        if block['type'] == 'text':
            return {'annotations': [], **block}
        media = block.get('media')
        if block['type'] in ('image', 'audio', 'video', 'document'):
            if not isinstance(media, dict) or media.get('kind') not in ('url', 'file_id', 'data'):
                self.validation()
            name, kind, data = self.files.get(media.get('file_id'), (None, None, None))
            if block['type'] == 'document' and kind is not None and kind.startswith('text/'):
                return {'type': 'text', 'text': data.decode('utf-8', 'replace'), 'annotations': []}
            if media.get('file_id'):
                media = {**media, 'kind': 'url', 'url': f'agentflow://media/{media["file_id"]}'}
            return {**block, 'media': media}
        return block

    # State

    @route('GET', '/v1/threads/<thread>/state')
    def get_state(self, request, thread):
        known = self.threads.get(thread)
        if known is None:
            return self.envelope({'state': None})
        if known.cleared:
            self.validation('StateResponseSchema')
        return self.envelope({'state': known.dump()})

    def merge(self, old, new, top=False):
        for key, value in new.items():
            if value is None or (top and key == 'execution_meta') or (top and key not in old):
                continue
            if top and key == 'context':
                old[key] = old[key] + list(value)
            elif isinstance(old.get(key), dict) and isinstance(value, dict):
                self.merge(old[key], value)
            else:
                old[key] = value

    @route('PUT', '/v1/threads/<thread>/state')
    def put_state(self, request, thread):
        new = self.body(request).get('state')
        if not isinstance(new, dict):
            self.validation()
        for key, kind in (('berth', str), ('counters', dict), ('note', str), ('context', list)):
            if new.get(key) is not None and not isinstance(new[key], kind):
                self.refuse(422, 'VALIDATION_ERROR', f'1 validation error for HarbourState\n{key}\n  Input should be a valid {kind.__name__}')
        known = self.thread(thread)
        known.cleared = False
        self.merge(known.state, new, top=True)
        return self.envelope({'state': known.dump()})

    @route('DELETE', '/v1/threads/<thread>/state')
    def delete_state(self, request, thread):
        known = self.threads.get(thread)
        if known is not None:
            fresh = Thread(thread)
            known.state, known.meta, known.cleared = fresh.state, fresh.meta, True
        return self.envelope({'success': True, 'message': 'State cleared successfully', 'data': known is not None})

    # Runs

    def begin(self, request):
        body = self.body(request)
        messages = self.read_messages(body)
        if body.get('response_granularity', 'low') not in ('low', 'partial', 'full'):
            self.validation()
        thread_id = str((body.get('config') or {}).get('thread_id') or '').strip()
        if not thread_id:
            self.number += 1
            thread_id = str(self.number) if self.args.id_type != 'string' else new_id()
        elif self.args.id_type != 'string' and not thread_id.isdigit():
            raise Refusal(500, b'Internal Server Error', content_type='text/plain; charset=utf-8')
        thread = self.thread(thread_id)
        if thread_id not in self.listed:
            self.listed.append(thread_id)
        chunks = queue.Queue()
        run = Run(self, thread, messages, body, chunks.put)
        thread.running = True

        def done():
            thread.running = False
            thread.cleared = False
            thread.updated = now()
            chunks.put(None)
        start(run, done)
        return run, chunks

    @route('POST', '/v1/graph/stream')
    def stream(self, request):
        run, chunks = self.begin(request)
        end = b'' if self.generation == 'S1' else b'\n'

        def encode():
            while (chunk := chunks.get()) is not None:
                if chunk['event'] == 'error' and self.generation == 'S1':
                    raise ConnectionResetError
                yield json.dumps(chunk, ensure_ascii=False, separators=(',', ':')).encode() + end
        return Stream(encode(), 'text/event-stream; charset=utf-8', {'Content-Encoding': 'identity'})

    @route('POST', '/v1/graph/invoke')
    def invoke(self, request):
        run, chunks = self.begin(request)
        self.lock.release()
        try:
            while chunks.get() is not None:
                pass
        finally:
            self.lock.acquire()
        if run.thread.meta['status'] == 'error':
            self.refuse(500, 'HTTPException', 'Graph execution failed: ' + run.thread.meta['internal_data']['error'])
        full = run.full
        return self.envelope({'messages': run.given[-1:] + run.made, 'state': run.thread.dump() if full else None,
                              'context': run.thread.state['context'] if full else None, 'summary': None,
                              'meta': {'is_new_thread': True, 'thread_id': run.thread.id, 'thread_name': run.thread.name}})

    @route('POST', '/v1/graph/stop')
    def stop(self, request):
        thread = self.threads.get(str(self.body(request).get('thread_id')))
        if thread is None:
            return self.envelope({'ok': False, 'reason': 'no-state'})
        if not thread.running:
            return self.envelope({'ok': True, 'running': False, 'reason': 'not-running'})
        thread.stop = True
        return self.envelope({'ok': True, 'running': True})

    # Files

    @route('GET', '/v1/config/multimodal')
    def multimodal(self, request):
        if self.args.no_uploads:
            self.unknown(request)
        return self.envelope({'media_storage_type': 'memory', 'media_storage_path': '', 'media_max_size_mb': self.args.max_mb,
                              'document_handling': 'extract_text'})

    @route('POST', '/v1/files/upload')
    def upload(self, request):
        if len(request.body) > 10 * 1024 * 1024:
            raise Refusal(413, {'error': {'code': 'REQUEST_TOO_LARGE', 'message': 'Request body too large. Maximum size is 10.0MB',
                                          'max_size_bytes': 10485760, 'max_size_mb': 10.0},
                                'metadata': {'request_id': new_id(), 'status': 'error'}})
        part = request.parts().get('file')
        if part is None:
            self.validation()
        name, kind, data = part
        if not data:
            self.refuse(400, 'HTTPException', 'Empty file')
        file_id = self.add_file(name or 'file', kind or 'application/octet-stream', data)
        text = data.decode('utf-8', 'replace') if (kind or '').startswith('text/') else None
        return self.envelope({'file_id': file_id, 'mime_type': kind, 'size_bytes': len(data), 'filename': name, 'extracted_text': text,
                              'url': f'/v1/files/{file_id}', 'direct_url': None, 'direct_url_expires_at': None})

    @route('GET', '/v1/files/<file_id>')
    def download(self, request, file_id):
        if file_id not in self.files:
            self.refuse(404, 'HTTPException', 'File not found')
        name, kind, data = self.files[file_id]
        return Reply(data, content_type=kind)

    @route('GET', '/v1/files/<file_id>/info')
    def file_info(self, request, file_id):
        if file_id not in self.files:
            self.refuse(404, 'HTTPException', 'File not found')
        name, kind, data = self.files[file_id]
        return self.envelope({'file_id': file_id, 'mime_type': kind, 'size_bytes': len(data), 'filename': name})
