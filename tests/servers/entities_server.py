"""A stateful Entities API server, for tests and by hand (entities.md): generation D, and B and C by option. A completion works only while
its connection is there, as on the real one: a client that leaves early loses the answer and finds the run still queued."""

import base64
import json
import os
import threading
import time

from assistants_talk import PNG
from service import Refusal, Reply, Service, Stream, make_id, route

TYPES = {'.txt': 'text/plain', '.md': 'text/markdown', '.csv': 'text/csv', '.json': 'application/json', '.pdf': 'application/pdf',
         '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.gif': 'image/gif', '.svg': 'image/svg+xml',
         '.py': 'text/x-python', '.c': 'text/x-c', '.html': 'text/html', '.zip': 'application/zip'}
ROLES = ('user', 'assistant', 'tool', 'system', 'platform')


def error(status, detail):
    return Refusal(status, {'detail': detail})


def missing(*fields):
    return Refusal(422, {'detail': [{'loc': ['body', f], 'msg': 'Field required', 'type': 'missing'} for f in fields]})


class Entities(Service):
    name = 'entities'
    default_key = 'ea_test0123456789abcdefghijklmnopqrstuvwxyzABCD'

    def __init__(self, args):
        super().__init__(args)
        self.user = 'user_' + '7' * 22
        self.assistants, self.threads, self.messages, self.runs, self.actions, self.files = {}, {}, {}, {}, {}, {}
        for assistant_id, name, model in (('asst_gardener', 'Gardener', 'ollama/qwen3:4b'), ('asst_hosted', 'Hosted', 'together-ai/llama')):
            self.assistants[assistant_id] = {
                'id': assistant_id, 'object': 'assistant', 'created_at': self.now(), 'name': name, 'description': None, 'model': model,
                'instructions': '', 'tools': [], 'tool_resources': {}, 'meta_data': {}, 'temperature': 1.0, 'top_p': 1.0,
                'response_format': 'auto', 'vector_stores': [], 'webhook_url': None}

    @classmethod
    def add_arguments(cls, parser):
        parser.add_argument('--generation', choices=('B', 'C', 'D'), default='D')
        parser.add_argument('--provider-key', default='pk-provider-0123456789')

    def facts(self):
        return [('key', self.key), ('agent', 'asst_gardener'), ('provider', self.args.provider_key)]

    def now(self):
        return int(time.time())

    def authorize(self, request):
        if request.path in ('/v1/completions', '/v1/files/download', '/v1/health'):
            return
        if self.key and request.headers.get('X-API-Key') != self.key:
            given = request.headers.get('X-API-Key')
            raise Refusal(401, {'detail': 'Invalid or inactive API Key.' if given else 'API Key required.'},
                          {'WWW-Authenticate': 'APIKey'})

    def unknown(self, request):
        return Reply({'detail': 'Not Found'}, 404)

    def wrong_method(self, request):
        return Reply({'detail': 'Method Not Allowed'}, 405)

    def find(self, table, key, what):
        if key not in table:
            raise error(404, f'{what} not found')
        return table[key]

    def need(self, body, *fields):
        absent = [f for f in fields if f not in body]
        if absent:
            raise missing(*absent)

    def envelope(self, listed, limit):
        return {'object': 'list', 'data': listed[:limit], 'first_id': listed[0]['id'] if listed else None,
                'last_id': listed[:limit][-1]['id'] if listed else None, 'has_more': len(listed) > limit}

    def limit(self, request, most=None):
        try:
            limit = int(request.query.get('limit', 20))
        except ValueError:
            raise error(422, [{'loc': ['query', 'limit'], 'msg': 'Input should be a valid integer', 'type': 'int_parsing'}])
        return min(limit, most) if most else limit

    # Account, assistants

    @route('GET', '/v1/auth/validate-key')
    def validate(self, request):
        if self.args.generation != 'D':
            raise error(404, 'Not Found')
        return {'user_id': self.user, 'valid': True}

    @route('GET', '/v1/assistants')
    def list_assistants(self, request):
        return list(self.assistants.values())

    @route('GET', '/v1/assistants/<aid>')
    def get_assistant(self, request, aid):
        return self.find(self.assistants, aid, 'Assistant')

    # Threads

    @route('POST', '/v1/threads')
    def create_thread(self, request):
        body = request.json
        for user in body.get('participant_ids') or []:
            if user != self.user:
                raise error(500, 'An error occurred: participant not found')
        thread = {'id': make_id('thread_', 22), 'object': 'thread', 'created_at': self.now(), 'meta_data': {}, 'tool_resources': {},
                  'participants': [{'id': self.user, 'email': None, 'full_name': None}], 'owner_id': self.user}
        self.threads[thread['id']] = thread
        return thread

    @route('GET', '/v1/threads/user/<uid>')
    def list_threads(self, request, uid):
        return [t['id'] for t in self.threads.values()] if uid == self.user else []

    @route('GET', '/v1/threads/<tid>')
    def get_thread(self, request, tid):
        return self.find(self.threads, tid, 'Thread')

    @route('PUT', '/v1/threads/<tid>/metadata')
    def set_metadata(self, request, tid):
        thread = self.find(self.threads, tid, 'Thread')
        if not isinstance(request.json, dict):
            raise error(422, [{'loc': ['body'], 'msg': 'Input should be a valid dictionary', 'type': 'dict_type'}])
        thread['meta_data'] = request.json
        return thread

    @route('DELETE', '/v1/threads/<tid>')
    def delete_thread(self, request, tid):
        self.find(self.threads, tid, 'Thread')
        del self.threads[tid]
        if self.args.generation == 'B':
            return Reply(None, 204)
        return {'id': tid, 'object': 'thread.deleted', 'deleted': True}

    # Messages

    def add_message(self, body, role):
        message = {'id': make_id('message_', 22), 'object': 'message', 'role': role, 'content': body.get('content', ''),
                   'thread_id': body['thread_id'], 'assistant_id': body.get('assistant_id'), 'sender_id': body.get('sender_id'),
                   'created_at': self.now(), 'completed_at': self.now() if role == 'assistant' else None, 'incomplete_at': None,
                   'incomplete_details': None, 'meta_data': body.get('meta_data') or {}, 'attachments': body.get('attachments') or [],
                   'run_id': None, 'status': None, 'tool_id': body.get('tool_id'), 'tool_call_id': body.get('tool_call_id')}
        self.messages[message['id']] = message
        return message

    @route('POST', '/v1/messages')
    def create_message(self, request):
        body = request.json
        self.need(body, 'thread_id', 'assistant_id', 'role', 'content')
        self.find(self.threads, body['thread_id'], 'Thread')
        role = str(body['role']).lower()
        if role not in ROLES:
            raise error(422, [{'loc': ['body', 'role'], 'msg': f'Invalid role: {role}', 'type': 'value_error'}])
        if body.get('attachments') and self.args.generation != 'D':
            body = dict(body, attachments=[])
        return self.add_message(body, role)

    @route('POST', '/v1/messages/tools')
    def create_tool_message(self, request):
        body = request.json
        self.need(body, 'thread_id', 'assistant_id', 'role', 'content')
        if body['role'] != 'tool':
            raise error(400, 'role must be tool')
        self.find(self.actions, body.get('tool_id'), 'Action')
        return self.add_message(body, 'tool')

    def messages_of(self, tid):
        return [m for m in self.messages.values() if m['thread_id'] == tid]

    @route('GET', '/v1/threads/<tid>/messages')
    def list_messages(self, request, tid):
        self.find(self.threads, tid, 'Thread')
        listed = self.messages_of(tid)
        if request.query.get('order', 'asc') != 'asc':
            listed.reverse()
        limit = self.limit(request)
        return listed[:limit] if self.args.generation == 'B' else self.envelope(listed, limit)

    @route('GET', '/v1/messages/<mid>')
    def get_message(self, request, mid):
        return self.find(self.messages, mid, 'Message')

    @route('DELETE', '/v1/messages/<mid>')
    def delete_message(self, request, mid):
        self.find(self.messages, mid, 'Message')
        del self.messages[mid]
        return {'id': mid, 'object': 'thread.message.deleted', 'deleted': True}

    # Runs

    @route('POST', '/v1/runs')
    def create_run(self, request):
        body = request.json
        self.need(body, 'id', 'assistant_id', 'thread_id', 'created_at', 'expires_at', 'instructions')
        self.find(self.threads, body['thread_id'], 'Thread')
        run = {'id': make_id('run_', 22), 'user_id': self.user, 'assistant_id': body['assistant_id'], 'thread_id': body['thread_id'],
               'object': 'run' if self.args.generation != 'D' else 'thread.run', 'status': 'queued', 'model': body.get('model', 'gpt-4'),
               'instructions': body['instructions'], 'created_at': self.now(), 'expires_at': self.now() + 3600, 'started_at': None,
               'completed_at': None, 'cancelled_at': None, 'failed_at': None, 'last_error': None, 'incomplete_details': None,
               'required_action': None, 'usage': None, 'meta_data': {}, 'tools': []}
        self.runs[run['id']] = run
        return run

    @route('GET', '/v1/runs')
    def list_runs(self, request):
        return self.envelope(list(self.runs.values()), self.limit(request, 100))

    @route('GET', '/v1/threads/<tid>/runs')
    def list_thread_runs(self, request, tid):
        listed = [r for r in self.runs.values() if r['thread_id'] == tid]
        if request.query.get('order', 'asc') != 'asc':
            listed.reverse()
        return self.envelope(listed, self.limit(request, 100))

    @route('GET', '/v1/runs/<rid>')
    def get_run(self, request, rid):
        return dict(self.find(self.runs, rid, 'Run'), actions=[])

    @route('POST', '/v1/runs/<rid>/cancel')
    def cancel_run(self, request, rid):
        run = self.find(self.runs, rid, 'Run')
        if run['status'] in ('completed', 'cancelled'):
            raise error(400, 'Run is already finished')
        run.update(status='cancelled', cancelled_at=self.now())
        self.changed.notify_all()
        return run

    # Actions

    def pending(self, action):
        return {k: action[k] for k in ('action_id', 'tool_call_id', 'action_status', 'function_arguments', 'tool_name', 'run_id')}

    @route('GET', '/v1/actions/pending/<rid>')
    def list_pending(self, request, rid):
        return [self.pending(a) for a in self.actions.values() if a['run_id'] == rid and a['action_status'] == 'pending']

    @route('PUT', '/v1/actions/<aid>')
    def set_action(self, request, aid):
        action = self.find(self.actions, aid, 'Action')
        if request.json.get('status') not in ('processing', 'completed', 'failed'):
            raise error(422, [{'loc': ['body', 'status'], 'msg': 'Input should be a status', 'type': 'enum'}])
        action['action_status'] = request.json['status']
        return action

    # Files

    def add_file(self, name, data, kind, purpose='assistants'):
        file = {'id': make_id('file_', 22), 'object': 'file', 'bytes': len(data), 'filename': name, 'purpose': purpose, 'status': 'uploaded',
                'created_at': time.strftime('%Y-%m-%dT%H:%M:%S'), 'expires_at': None}
        with self.lock:
            self.files[file['id']] = (file, data, kind)
        return file

    @route('POST', '/v1/uploads')
    def upload(self, request):
        parts = request.parts()
        if 'file' not in parts or 'purpose' not in parts:
            raise missing('file')
        name, kind, data = parts['file']
        expected = TYPES.get(os.path.splitext(name or '')[1].lower())
        if expected is None or expected != kind:
            raise error(400, f'File type {kind} is not supported for {name}')
        return Reply(self.add_file(name, data, kind, parts['purpose'][2].decode()), 201)

    @route('GET', '/v1/files/<fid>')
    def get_file(self, request, fid):
        return self.find(self.files, fid, 'File')[0]

    @route('DELETE', '/v1/files/<fid>')
    def delete_file(self, request, fid):
        self.find(self.files, fid, 'File')
        del self.files[fid]
        return {'id': fid, 'object': 'file', 'deleted': True}

    @route('GET', '/v1/files/<fid>/base64')
    def get_base64(self, request, fid):
        return {'file_id': fid, 'base64': base64.b64encode(self.find(self.files, fid, 'File')[1]).decode()}

    # Completions

    @route('POST', '/v1/completions')
    def complete(self, request):
        body = request.json
        self.need(body, 'model', 'thread_id', 'run_id', 'assistant_id')
        if self.args.generation != 'D':
            self.need(body, 'provider', 'message_id')
        run = self.find(self.runs, body['run_id'], 'Run')
        if run['thread_id'] != body['thread_id'] or body['assistant_id'] not in self.assistants:
            raise error(403, 'Run does not belong to this thread')
        provider = body['model'].split('/')[0]
        if provider not in ('ollama', 'vllm', 'together-ai', 'hyperbolic'):
            raise error(500, f'Invalid or unknown model identifier prefix: {provider}')
        run['started_at'] = run['started_at'] or self.now()
        work = Work(self, run, body)
        if body.get('stream', True) is False and self.args.generation == 'D':
            text = ''.join(e['content'] for e in work.events() if e.get('type') == 'content')
            return {'run_id': run['id'], 'content': text, 'type': 'content', 'model': body['model'], 'elapsed_s': 0.1}
        return Stream(work.stream())


class Work:
    """One completion: the words of the last message choose, as in assistants_talk.py; a tool's output is told when it is there."""

    def __init__(self, server, run, body):
        self.server = server
        self.run = run
        self.body = body
        rows = server.messages_of(run['thread_id'])
        users = [m for m in rows if m['role'] == 'user']
        self.prompt = users[-1]['content'] if users else ''
        self.files = users[-1]['attachments'] if users else []
        self.outputs = [m['content'] for m in rows[rows.index(users[-1]):] if m['role'] == 'tool'] if users else []
        self.words = self.prompt.lower()
        self.slow = 'slow' in self.words

    def says(self, *phrases):
        return any(phrase in self.words for phrase in phrases)

    def event(self, kind, **fields):
        return dict({'type': kind}, **fields, run_id=self.run['id'])

    def content(self, text):
        for piece in text.replace(' ', ' \0').split('\0'):
            yield self.event('content', content=piece)

    def store(self, text):
        with self.server.lock:
            self.server.add_message({'thread_id': self.run['thread_id'], 'assistant_id': self.run['assistant_id'], 'content': text,
                                     'sender_id': self.run['assistant_id']}, 'assistant')

    def tools(self, calls):
        stored = []
        for name, arguments in calls:
            action = {'action_id': make_id('act_', 22), 'tool_call_id': make_id('call_', 8), 'action_status': 'pending',
                      'function_arguments': arguments, 'tool_name': name, 'run_id': self.run['id']}
            with self.server.lock:
                self.server.actions[action['action_id']] = action
                self.run['status'] = 'action_required'
            stored.append({'id': action['tool_call_id'], 'type': 'function',
                           'function': {'name': name, 'arguments': json.dumps(arguments)}})
            yield self.event('call_arguments', content=json.dumps(arguments)[:5])
            yield self.event('tool_call', content={'name': name, 'arguments': arguments})
            if self.server.args.generation != 'B':
                yield self.event('tool_call_manifest', action_id=action['action_id'], tool_call_id=action['tool_call_id'], tool=name,
                                 args=arguments)
        self.store(json.dumps(stored))

    def finish(self, stored):
        self.store(stored)
        if self.run['cancelled_at'] is None:
            self.run.update(status='completed', completed_at=self.server.now())

    def fail(self, text):
        self.run.update(failed_at=self.server.now(), last_error=text)

    def answer_text(self):
        if self.outputs and self.says('tool'):
            return f'The office says {" and ".join(self.outputs)}.'
        if self.says('words'):
            return ' '.join(f'word{i}' for i in range(next((int(w) for w in self.words.split() if w.isdigit()), 50)))
        if self.slow:
            return ' '.join(f'step{i}' for i in range(200))
        seen = f' I see {len(self.files)} pictures.' if self.files else ''
        return f'You said: {self.prompt}{seen}'

    def events(self):
        yield self.event('status', status='started')
        if self.body['model'].split('/')[0] not in ('ollama', 'vllm') and self.body.get('api_key') != self.server.args.provider_key:
            self.fail('Missing API key.')
            yield self.event('error', content='Missing API key.')
            return
        if self.says('two tools') and not self.outputs:
            yield from self.tools([('frost_dates', {'place': 'Leeds'}), ('rainfall', {'place': 'Leeds', 'month': 4})])
            return
        if self.says('use a tool') and not self.outputs:
            yield self.event('reasoning', content='A young fig, ')
            yield self.event('reasoning', content='so frost matters.')
            yield self.event('status', status='processing')
            yield from self.tools([('frost_dates', {'place': 'Leeds'})])
            return
        if self.says('error'):
            self.fail('Stream error: upstream closed')
            yield from self.content('Partly ')
            yield self.event('error', content='Stream error: upstream closed')
            return
        if self.says('run code'):
            yield self.event('hot_code', content='```python\n')
            yield self.event('hot_code', content='print(1)\n```\n')
            yield {'stream_type': 'code_execution', 'chunk': self.event('content', content='1\n')}
            file = self.server.add_file('plot.png', PNG, 'image/png')
            yield {'stream_type': 'code_execution', 'chunk': self.event('code_interpreter_file', filename='plot.png', file_id=file['id'],
                                                                        mime_type='image/png', url='http://unreachable/')}
        if self.says('plan'):
            yield self.event('plan', content='First look, then prune.')
            yield self.event('content', content='{"type":"web_status","status":"running","message":"Looking"}')
            yield self.event('content', content='📖 Reading scratchpad (3 entries)')
        text = self.answer_text()
        yield from self.content(text)
        if self.says('stop telling'):
            self.finish(text)
            yield 'end'
            return
        self.finish(('<think></think>' if self.server.args.generation == 'D' else '') + text)
        yield self.event('status', status='processing')
        yield self.event('status', status='complete')

    def stream(self):
        so_far = []
        for event in self.events():
            with self.server.changed:
                self.server.changed.wait(0.05 if self.slow else self.server.args.speed / 1000)
                if self.run['cancelled_at'] is not None and event != 'end':
                    self.store(''.join(so_far))
                    break
            if event == 'end':
                return
            if event.get('type') == 'content':
                so_far.append(event['content'])
            if self.says('reset the connection') and len(so_far) == 2:
                # The worker stores what it has: it was nearly done.
                threading.Timer(0.1, self.finish, ['You said: ' + self.prompt]).start()
                raise ConnectionResetError
            yield b'data: ' + json.dumps(event, ensure_ascii=False).encode() + b'\n\n'
        yield b'data: [DONE]\n\n'
