"""A stateful server of the Assistants v2 protocol, for tests and by hand (assistants.md). One program, four dialects:

    openai          no list of threads (401 missing_scope), Bearer, the beta header, prefixed ids
    azure           api-version in every query, "api-key" or Bearer, lists threads
    astra           streams without names and without an end, milliseconds, no cursors, no cancel, no steps, lists threads
    open-assistant  bare ids, CRLF, no [DONE], no deleting of messages, float times, other roles; no key needed"""

import re
import time

from assistants_runs import Runs
from assistants_talk import TERMINAL, Talk, compact, prompt_of
from service import Refusal, Reply, Service, Stream, make_id, route

MESSAGE_FIELDS = {'role', 'content', 'attachments', 'metadata'}
RUN_FIELDS = {'assistant_id', 'stream', 'model', 'instructions', 'additional_instructions', 'additional_messages', 'tools',
              'metadata', 'temperature', 'top_p', 'max_prompt_tokens', 'max_completion_tokens', 'truncation_strategy',
              'tool_choice', 'parallel_tool_calls', 'response_format', 'reasoning_effort'}
THREAD_FIELDS = {'messages', 'metadata', 'tool_resources'}
ACTIVE = ('queued', 'in_progress', 'requires_action', 'cancelling')


def error(status, message, kind='invalid_request_error', code=None, param=None, headers=None):
    return Refusal(status, {'error': {'message': message, 'type': kind, 'param': param, 'code': code}}, headers)


class Assistants(Runs, Service):
    name = 'assistants'
    base_path = '/v1'
    default_key = 'sk-test-0123456789abcdef'

    def __init__(self, args):
        super().__init__(args)
        self.dialect = args.dialect
        self.assistants = {}
        self.threads = {}
        self.messages = {}
        self.runs = {}
        self.steps = {}
        self.files = {}
        self.add_assistant('Kitchen guide', 'gpt-4o', ['file_search', 'code_interpreter', 'function'], 'asst_kitchen')
        self.add_assistant('Plain talker', 'gpt-4o-mini', [], 'asst_plain')
        for i in range(args.assistants):
            self.add_assistant(None if i == 0 else f'Assistant {i}', 'gpt-4o', [])

    @classmethod
    def add_arguments(cls, parser):
        parser.add_argument('--dialect', choices=('openai', 'azure', 'astra', 'open-assistant'), default='openai')
        parser.add_argument('--assistants', type=int, default=0, metavar='N', help='so many more assistants')
        parser.add_argument('--expires', type=float, default=600, help='seconds until a run expires')

    def facts(self):
        return [('key', self.key), ('agent', next(iter(self.assistants)))]

    # Small things

    def now(self):
        now = time.time()
        if self.dialect == 'astra':
            return int(now * 1000)
        return now if self.dialect == 'open-assistant' else int(now)

    def new_id(self, prefix):
        if self.dialect == 'open-assistant':
            return make_id('', 24, '0123456789abcdef')
        return make_id(prefix)

    def add_assistant(self, name, model, tools, assistant_id=None):
        assistant_id = assistant_id or self.new_id('asst_')
        kinds = [{'type': 'function', 'function': {'name': 'shop_stock', 'parameters': {}}} if t == 'function' else {'type': t}
                 for t in tools]
        self.assistants[assistant_id] = {
            'id': assistant_id, 'object': 'assistant', 'created_at': self.now(), 'name': name, 'description': None,
            'model': model, 'instructions': None, 'tools': kinds, 'tool_resources': {}, 'metadata': {},
            'temperature': 1.0, 'top_p': 1.0, 'response_format': 'auto'}
        return self.assistants[assistant_id]

    def add_file(self, name, data, purpose):
        file = {'id': self.new_id('file-'), 'object': 'file', 'bytes': len(data), 'created_at': int(time.time()),
                'filename': name, 'purpose': purpose, 'status': 'processed', 'status_details': None}
        with self.lock:
            self.files[file['id']] = (file, data)
        return file

    def public(self, thing):
        return {k: v for k, v in thing.items() if not k.startswith('_')}

    # Keys and headers

    def authorize(self, request):
        bearer = request.headers.get('Authorization', '')
        given = bearer[7:] if bearer.startswith('Bearer ') else request.headers.get('api-key', '')
        if self.dialect != 'azure' and not bearer and 'astra-api-token' in request.headers:
            given = request.headers['astra-api-token']
        if self.key and given != self.key and not (self.dialect == 'open-assistant' and not given):
            raise error(401, f'Incorrect API key provided: {given[:3]}***.', code='invalid_api_key')
        if self.dialect == 'azure' and 'api-version' not in request.query:
            raise Refusal(404, {'error': {'code': '404', 'message': 'Resource not found'}})
        beta = request.headers.get('OpenAI-Beta', '')
        if self.dialect in ('openai', 'astra') and re.match(r'/v1/(assistants|threads)', request.path) and \
                'assistants=v2' not in beta:
            raise error(400, "You must provide the 'OpenAI-Beta' header to access the Assistants API. Please try again by "
                             "setting the header 'OpenAI-Beta: assistants=v2'.", code='invalid_beta')

    def unknown(self, request):
        if self.dialect == 'astra':
            return Reply({'message': f'Unknown path {request.path}'}, 501)
        return Reply({'error': {'message': f'Invalid URL ({request.method} {request.path})', 'type': 'invalid_request_error',
                                'param': None, 'code': None}}, 404)

    def not_here(self, *dialects):
        if self.dialect in dialects:
            raise Refusal(501 if self.dialect == 'astra' else 405, {'message': 'This is not offered here'})

    # Checks

    def find(self, table, thing_id, what):
        if thing_id not in table:
            raise error(404, f"No {what} found with id '{thing_id}'.")
        return table[thing_id]

    def check_fields(self, body, known):
        if not isinstance(body, dict):
            raise error(400, 'Invalid body: expected an object.')
        for field in body:
            if field not in known:
                raise error(400, f"Unknown parameter: '{field}'.", code='unknown_parameter', param=field)

    def check_metadata(self, metadata):
        if metadata is None:
            return {}
        if not isinstance(metadata, dict) or any(not isinstance(v, str) for v in metadata.values()):
            raise error(400, "Invalid 'metadata': expected a map of strings.", param='metadata')
        if len(metadata) > 16 or any(len(k) > 64 or len(v) > 512 for k, v in metadata.items()):
            raise error(400, "Invalid 'metadata': too many pairs, or one that is too long.", param='metadata')
        return dict(metadata)

    def active_run(self, thread_id):
        return next((r for r in self.runs.values() if r['thread_id'] == thread_id and r['status'] in ACTIVE), None)

    def page(self, things, request):
        """Newest first unless asked otherwise; the order of making decides within a second."""
        query = request.query
        try:
            limit = int(query.get('limit', 20))
        except ValueError:
            raise error(400, "Invalid 'limit': expected an integer.")
        if not 1 <= limit <= 100:
            raise error(400, f"Invalid 'limit': {limit} is not between 1 and 100.")
        if query.get('order', 'desc') not in ('asc', 'desc'):
            raise error(400, "Invalid 'order'.")
        if self.dialect == 'astra' and ('after' in query or 'before' in query):
            raise Refusal(500, {'message': 'cursors are not supported'})
        listed = list(things) if query.get('order') == 'asc' else list(things)[::-1]
        ids = [t['id'] for t in listed]
        if 'after' in query:
            if query['after'] not in ids:
                raise error(404, f"No object found with id '{query['after']}'.")
            listed = listed[ids.index(query['after']) + 1:]
        if 'before' in query and query['before'] in ids:
            listed = listed[:ids.index(query['before'])]
        shown = [self.public(t) for t in listed[:limit]]
        more = len(listed) > limit and self.dialect != 'astra'
        return {'object': 'list', 'data': shown, 'first_id': shown[0]['id'] if shown else None,
                'last_id': shown[-1]['id'] if shown else None, 'has_more': more}

    # Assistants

    @route('GET', '/v1/assistants')
    def list_assistants(self, request):
        return self.page(self.assistants.values(), request)

    @route('POST', '/v1/assistants')
    def create_assistant(self, request):
        body = request.json
        if 'model' not in body:
            raise error(400, "Missing required parameter: 'model'.")
        assistant = self.add_assistant(body.get('name'), body['model'], [])
        assistant.update({k: v for k, v in body.items() if v is not None})
        return assistant

    @route('GET', '/v1/assistants/<aid>')
    def get_assistant(self, request, aid):
        return self.find(self.assistants, aid, 'assistant')

    @route('POST', '/v1/assistants/<aid>')
    def modify_assistant(self, request, aid):
        assistant = self.find(self.assistants, aid, 'assistant')
        assistant.update(request.json)
        return assistant

    @route('DELETE', '/v1/assistants/<aid>')
    def delete_assistant(self, request, aid):
        self.find(self.assistants, aid, 'assistant')
        del self.assistants[aid]
        return {'id': aid, 'object': 'assistant.deleted', 'deleted': True}

    # Threads

    def make_thread(self, body):
        self.check_fields(body, THREAD_FIELDS)
        thread = {'id': self.new_id('thread_'), 'object': 'thread', 'created_at': self.now(),
                  'metadata': self.check_metadata(body.get('metadata')), 'tool_resources': body.get('tool_resources') or {}}
        made = [self.make_message(thread, m) for m in body.get('messages') or []]
        self.threads[thread['id']] = thread
        self.messages.update({m['id']: m for m in made})
        return thread

    @route('GET', '/v1/threads')
    def list_threads(self, request):
        if self.dialect == 'openai':
            raise error(401, 'Your request to GET /v1/threads must be made with a session key (that is, it can only be made '
                             'from the browser).', code='missing_scope')
        self.not_here('open-assistant')
        page = self.page(self.threads.values(), request)
        if self.dialect == 'astra':
            page['object'] = 'threads'
        return page

    @route('POST', '/v1/threads')
    def create_thread(self, request):
        return self.make_thread(request.json)

    @route('GET', '/v1/threads/<tid>')
    def get_thread(self, request, tid):
        return self.find(self.threads, tid, 'thread')

    @route('POST', '/v1/threads/<tid>')
    def modify_thread(self, request, tid):
        thread = self.find(self.threads, tid, 'thread')
        body = request.json
        self.check_fields(body, {'metadata', 'tool_resources'})
        if 'metadata' in body:
            thread['metadata'] = self.check_metadata(body['metadata'])
        return thread

    @route('DELETE', '/v1/threads/<tid>')
    def delete_thread(self, request, tid):
        self.find(self.threads, tid, 'thread')
        del self.threads[tid]
        kind = 'thread' if self.dialect == 'astra' else 'thread.deleted'
        return {'id': tid, 'object': kind, 'deleted': True}

    # Messages

    def make_content(self, content):
        if isinstance(content, str):
            content = [{'type': 'text', 'text': content}]
        if not isinstance(content, list) or not content:
            raise error(400, "Invalid 'content': a string or at least one part is needed.", param='content')
        made = []
        for part in content:
            kind = part.get('type')
            if kind == 'text' and isinstance(part.get('text'), str):
                made.append({'type': 'text', 'text': {'value': part['text'], 'annotations': []}})
            elif kind == 'image_file':
                self.find(self.files, part['image_file']['file_id'], 'file')
                made.append(part)
            elif kind == 'image_url' and re.match('https?://', part['image_url']['url']):
                made.append(part)
            else:
                raise error(400, f"Invalid 'content': a part of type {kind!r}.", param='content')
        return made

    def make_message(self, thread, body):
        self.check_fields(body, MESSAGE_FIELDS)
        if body.get('role') not in ('user', 'assistant'):
            raise error(400, f"Invalid value: '{body.get('role')}'. Supported values are: 'user' and 'assistant'.", param='role')
        for attachment in body.get('attachments') or []:
            self.find(self.files, attachment.get('file_id'), 'file')
            if not attachment.get('tools'):
                raise error(400, "Missing required parameter: 'attachments[0].tools'.")
        return {'id': self.new_id('msg_'), 'object': 'thread.message', 'created_at': self.now(), 'thread_id': thread['id'],
                'status': 'completed', 'incomplete_details': None, 'completed_at': self.now(), 'incomplete_at': None,
                'role': body['role'], 'content': self.make_content(body.get('content')), 'assistant_id': None, 'run_id': None,
                'attachments': body.get('attachments') or [], 'metadata': self.check_metadata(body.get('metadata'))}

    def messages_of(self, tid):
        return [m for m in self.messages.values() if m['thread_id'] == tid]

    @route('POST', '/v1/threads/<tid>/messages')
    def create_message(self, request, tid):
        thread = self.find(self.threads, tid, 'thread')
        active = self.active_run(tid)
        if active is not None:
            raise error(400, f"Can't add messages to {tid} while a run {active['id']} is active.")
        message = self.make_message(thread, request.json)
        self.messages[message['id']] = message
        return message

    @route('GET', '/v1/threads/<tid>/messages')
    def list_messages(self, request, tid):
        self.find(self.threads, tid, 'thread')
        listed = self.messages_of(tid)
        if 'run_id' in request.query and self.dialect != 'astra':
            listed = [m for m in listed if m['run_id'] == request.query['run_id']]
        return self.page(listed, request)

    @route('GET', '/v1/threads/<tid>/messages/<mid>')
    def get_message(self, request, tid, mid):
        self.find(self.threads, tid, 'thread')
        return self.public(self.find(self.messages, mid, 'message'))

    @route('POST', '/v1/threads/<tid>/messages/<mid>')
    def modify_message(self, request, tid, mid):
        self.find(self.threads, tid, 'thread')
        message = self.find(self.messages, mid, 'message')
        self.check_fields(request.json, {'metadata'})
        message['metadata'] = self.check_metadata(request.json.get('metadata'))
        return self.public(message)

    @route('DELETE', '/v1/threads/<tid>/messages/<mid>')
    def delete_message(self, request, tid, mid):
        self.not_here('open-assistant')
        self.find(self.threads, tid, 'thread')
        self.find(self.messages, mid, 'message')
        del self.messages[mid]
        return {'id': mid, 'object': 'thread.message.deleted', 'deleted': True}

    # Runs

    def make_run(self, thread, body):
        self.check_fields(body, RUN_FIELDS)
        assistant = self.find(self.assistants, body.get('assistant_id'), 'assistant')
        active = self.active_run(thread['id'])
        if active is not None:
            raise error(400, f"Thread {thread['id']} already has an active run {active['id']}.")
        for name in ('max_prompt_tokens', 'max_completion_tokens'):
            if body.get(name) is not None and body[name] < 256:
                raise error(400, f"Invalid '{name}': integer below minimum value.", param=name)
        for extra in body.get('additional_messages') or []:
            message = self.make_message(thread, extra)
            self.messages[message['id']] = message
        now = self.now()
        run = {'id': self.new_id('run_'), 'object': 'thread.run', 'created_at': now, 'thread_id': thread['id'],
               'assistant_id': assistant['id'], 'status': 'queued', 'required_action': None, 'last_error': None,
               'expires_at': int(time.time() + self.args.expires), 'started_at': None, 'cancelled_at': None, 'failed_at': None,
               'completed_at': None, 'incomplete_details': None, 'model': body.get('model') or assistant['model'],
               'instructions': body.get('instructions') or assistant['instructions'] or '', 'tools': assistant['tools'],
               'metadata': self.check_metadata(body.get('metadata')), 'usage': None, 'temperature': 1.0, 'top_p': 1.0,
               'max_prompt_tokens': body.get('max_prompt_tokens'), 'max_completion_tokens': body.get('max_completion_tokens'),
               'truncation_strategy': {'type': 'auto', 'last_messages': None}, 'tool_choice': 'auto',
               'parallel_tool_calls': True, 'response_format': 'auto', '_events': [], '_tokens': 0, '_outputs': None,
               '_message': None, '_step': None}
        if body.get('additional_instructions'):
            run['additional_instructions'] = body['additional_instructions']
        self.runs[run['id']] = run
        self.emit(run, 'thread.run.created', run)
        self.emit(run, 'thread.run.queued', run)
        prompt, file_ids = prompt_of(self.messages_of(thread['id']))
        Talk(self, thread, run, prompt, [self.files[f][0] for f in file_ids if f in self.files]).start()
        return run

    def answer_run(self, run, stream, first=0):
        if stream:
            return Stream(self.stream(run, first))
        return self.public(run)

    @route('POST', '/v1/threads/<tid>/runs')
    def create_run(self, request, tid):
        thread = self.find(self.threads, tid, 'thread')
        return self.answer_run(self.make_run(thread, request.json), request.json.get('stream'))

    @route('POST', '/v1/threads/runs')
    def create_thread_and_run(self, request):
        body = dict(request.json)
        thread = self.make_thread(body.pop('thread', None) or {})
        stream = body.get('stream')
        body.pop('tool_resources', None)
        run = self.make_run(thread, body)
        run['_events'].insert(0, ('thread.created', compact(thread)))
        return self.answer_run(run, stream)

    @route('GET', '/v1/threads/<tid>/runs')
    def list_runs(self, request, tid):
        self.find(self.threads, tid, 'thread')
        return self.page([r for r in self.runs.values() if r['thread_id'] == tid], request)

    def find_run(self, tid, rid):
        self.find(self.threads, tid, 'thread')
        return self.find(self.runs, rid, 'run')

    @route('GET', '/v1/threads/<tid>/runs/<rid>')
    def get_run(self, request, tid, rid):
        headers = {'openai-poll-after-ms': '50'} if self.dialect == 'openai' else {}
        return Reply(self.public(self.find_run(tid, rid)), headers=headers)

    @route('POST', '/v1/threads/<tid>/runs/<rid>')
    def modify_run(self, request, tid, rid):
        run = self.find_run(tid, rid)
        self.check_fields(request.json, {'metadata'})
        run['metadata'] = self.check_metadata(request.json.get('metadata'))
        return self.public(run)

    @route('POST', '/v1/threads/<tid>/runs/<rid>/cancel')
    def cancel_run(self, request, tid, rid):
        self.not_here('astra')
        run = self.find_run(tid, rid)
        if run['status'] in TERMINAL:
            raise error(400, f"Cannot cancel run with status '{run['status']}'.")
        self.set_status(run, 'cancelling')
        return self.public(run)

    @route('POST', '/v1/threads/<tid>/runs/<rid>/submit_tool_outputs')
    def submit_outputs(self, request, tid, rid):
        run = self.find_run(tid, rid)
        body = request.json
        self.check_fields(body, {'tool_outputs', 'stream'})
        if run['status'] != 'requires_action':
            raise error(400, f"Runs in status \"{run['status']}\" do not accept tool outputs.")
        wanted = {c['id'] for c in run['required_action']['submit_tool_outputs']['tool_calls']}
        given = {o.get('tool_call_id'): o.get('output') for o in body.get('tool_outputs') or []}
        if set(given) != wanted:
            raise error(400, f'Expected tool outputs for call_ids {sorted(wanted)}, got {sorted(map(str, given))}')
        first = len(run['_events'])
        run['_outputs'] = given
        run['required_action'] = None
        self.set_status(run, 'queued')
        return self.answer_run(run, body.get('stream'), first)

    # Steps

    @route('GET', '/v1/threads/<tid>/runs/<rid>/steps')
    def list_steps(self, request, tid, rid):
        self.not_here('astra')
        self.find_run(tid, rid)
        return self.page([s for s in self.steps.values() if s['run_id'] == rid], request)

    @route('GET', '/v1/threads/<tid>/runs/<rid>/steps/<sid>')
    def get_step(self, request, tid, rid, sid):
        self.not_here('astra')
        return self.public(self.find(self.steps, sid, 'run step'))

    # Files

    @route('POST', '/v1/files')
    def create_file(self, request):
        parts = request.parts()
        purpose = parts.get('purpose', (None, None, b''))[2].decode()
        if 'file' not in parts or parts['file'][0] is None:
            raise error(400, "'file' is a required property")
        if purpose not in ('assistants', 'vision', 'user_data', 'batch', 'fine-tune', 'evals') or \
                (purpose == 'vision' and self.dialect in ('astra', 'open-assistant')):
            raise error(400, f"'{purpose}' is not one of the purposes", param='purpose')
        if parts['file'][0].lower().endswith('.exe'):
            raise error(400, 'Invalid extension exe. Supported formats: "csv", "pdf", "png", "txt"', param='file')
        return self.add_file(parts['file'][0], parts['file'][2], purpose)

    @route('GET', '/v1/files')
    def list_files(self, request):
        purpose = request.query.get('purpose')
        return self.page([f for f, _ in self.files.values() if purpose in (None, f['purpose'])], request)

    @route('GET', '/v1/files/<fid>')
    def get_file(self, request, fid):
        return self.find(self.files, fid, 'such File object')[0]

    @route('DELETE', '/v1/files/<fid>')
    def delete_file(self, request, fid):
        self.find(self.files, fid, 'such File object')
        del self.files[fid]
        return {'id': fid, 'object': 'file', 'deleted': True}

    @route('GET', '/v1/files/<fid>/content')
    def get_content(self, request, fid):
        file, data = self.find(self.files, fid, 'such File object')
        if file['purpose'] != 'assistants_output':
            raise error(400, f"Not allowed to download files of purpose: {file['purpose']}")
        return Reply(data, content_type='application/octet-stream')
