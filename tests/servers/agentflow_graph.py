"""The graph of the AgentFlow test server: a harbour without a model. What a message says decides what happens:

    plain … · think … · tide PLACE · twotools · failtool · boom · loop · blocks · approve … · slow · long N · remote

Each run is a thread of its own that goes on whether or not anybody reads it (agentflow.md, section 9). It makes chunks in the order
and forms that were observed; what its generation leaves out is left out here too."""

import json
import threading
import time
import uuid


def new_id():
    return str(uuid.uuid4())


def message(role, content, message_id=None, **more):
    made = {'message_id': message_id or new_id(), 'role': role, 'content': content, 'delta': False, 'tools_calls': None,
            'reasoning': None, 'timestamp': time.time(), 'metadata': {}, 'usages': None, 'raw': None, 'parsed_content': None}
    made.update(more)
    return made


def text(words):
    return {'type': 'text', 'text': words, 'annotations': []}


def text_of(one):
    content = one.get('content')
    if isinstance(content, str):
        return content
    return ' '.join(block.get('text', '') for block in content or [] if block.get('type') == 'text')


class Run:
    """One run of one thread. @emit takes a chunk; @service is the server, @thread the thread's state."""

    def __init__(self, service, thread, messages, body, emit):
        self.service = service
        self.thread = thread
        self.given = messages
        self.body = body
        self.emit = emit
        self.run_id = (body.get('config') or {}).get('run_id') or new_id()
        self.made = []
        self.full = body.get('response_granularity') == 'full'
        self.limit = body.get('recursion_limit') or 25
        self.error = None

    # Chunks

    def chunk(self, event, one=None, state=None, data=None, metadata=None, thread_id=True):
        info = {'is_new_thread': True, 'thread_id': self.thread.id}
        self.emit({'event': event, 'message': one, 'state': state, 'data': data,
                   'thread_id': self.thread.id if thread_id else None, 'run_id': self.run_id if thread_id else None,
                   'metadata': {**(metadata or {}), **info}, 'timestamp': self.service.started})

    def update(self, **data):
        if self.full:
            self.chunk('updates', data=data)

    def state_chunk(self, node, step):
        if self.full:
            self.chunk('state', state=self.thread.dump(), metadata={'node': node, 'step': step})

    def wait(self):
        threading.Event().wait(self.service.args.speed / 1000)

    def keep(self, one):
        self.made.append(one)
        self.thread.state['context'].append(one)

    def say(self, words, node='MAIN', blocks=(), reasoning='', calls=None):
        """A model call: fragments with the provider's id, then the whole with another."""
        provider = 'script-' + self.run_id[:8]
        where = {'node': node, 'function_name': node.lower() + '_node'}
        so_far = ''
        for word in reasoning.split(' ') if reasoning else []:
            so_far += word + ' '
            self.chunk('message', message('assistant', [{'type': 'reasoning', 'summary': word + ' ', 'details': None}], provider, delta=True,
                                          tools_calls=[], reasoning=so_far), metadata=where)
            self.wait()
        for word in words.split(' ') if words else []:
            self.chunk('message', message('assistant', [text(word + ' ')], provider, delta=True, tools_calls=[], reasoning=so_far),
                       metadata=where)
            self.wait()
        for call in calls or []:
            self.chunk('message', message('assistant', [call], provider, delta=True, reasoning=so_far), metadata=where)
        content = ([text(words)] if words else []) + list(blocks) + list(calls or [])
        if reasoning:
            content.append({'type': 'reasoning', 'summary': reasoning, 'details': None})
        whole = message('assistant', content, reasoning=reasoning, metadata={'provider': 'script', 'node_name': node},
                        tools_calls=[{'id': c['id'], 'type': 'function', 'function': {'name': c['name'], 'arguments': json.dumps(c['args'])}}
                                     for c in calls or []],
                        usages={'completion_tokens': 9, 'prompt_tokens': 14, 'total_tokens': 23, 'reasoning_tokens': 0})
        self.keep(whole)
        self.chunk('message', whole, metadata=where)

    def tool(self, call, output, fail=None):
        self.chunk('message', data={'tool_name': call['name'], 'tool_call_id': call['id'], 'node': 'TOOL', 'status': 'tool_progress',
                                    'message': 'reading the gauge'})
        self.wait()
        result = message('tool', [{'type': 'tool_result', 'call_id': call['id'], 'output': output if fail is None else fail,
                                   'is_error': fail is not None, 'status': 'completed' if fail is None else 'failed'}],
                         metadata={'function_name': call['name'], 'tool_call_id': call['id']})
        self.keep(result)
        if fail is None:
            self.chunk('message', result, data={'status': 'tool_result', 'tool_name': call['name'], 'args': call['args'],
                                                'tool_call_id': call['id'], 'node': 'TOOL'})
        else:
            self.chunk('error', data={'status': 'tool_failed', 'tool_name': call['name'], 'args': call['args'], 'tool_call_id': call['id'],
                                      'node': 'TOOL', 'reason': 'Tool execution resulted in error', 'error': fail})

    # Nodes

    def call(self, name, number=1, **args):
        return {'type': 'tool_call', 'id': f'call_{name}_{number}_{self.run_id[:4]}', 'name': name, 'args': args, 'tool_type': None}

    def do_tide(self, words):
        place = words.split(' ', 1)[1] if ' ' in words else 'Cadiz'
        call = self.call('lookup_tide', place=place)
        self.say('Looking it up.', calls=[call])
        self.tool(call, [{'place': place, 'height_m': 4.2}])
        self.say(f'High water at {place} is 4.2 m.')

    def do_twotools(self, words):
        calls = [self.call('lookup_tide', 1, place='Cadiz'), self.call('lookup_wind', 2, place='Cadiz')]
        self.say('Looking both up.', calls=calls)
        self.tool(calls[1], 'north')
        self.tool(calls[0], [{'height_m': 4.2}])
        self.say('Tide and wind are fine.')

    def do_failtool(self, words):
        call = self.call('broken_buoy')
        self.say('', calls=[call])
        self.tool(call, None, fail='Internal execution error: buoy adrift')
        self.say('The tool failed: buoy adrift')

    def do_boom(self, words):
        self.say('Going to')
        raise RuntimeError("[NODE_001] Error in node 'MAIN': the mast broke")

    def do_loop(self, words):
        for step in range(self.limit):
            self.say('again', node='LOOP')
        self.error = {'reason': "1 validation error for ErrorBlock\ncode\n  Input should be a valid string", 'step': self.limit}
        raise RuntimeError('loop')

    def do_blocks(self, words):
        picture = self.service.some_file()
        self.say('Every block.', blocks=[
            {'type': 'image', 'media': {'kind': 'url', 'url': f'agentflow://media/{picture}', 'file_id': picture, 'mime_type': 'image/png',
                                        'filename': 'chart.png'}},
            {'type': 'document', 'media': {'kind': 'file_id', 'file_id': picture, 'mime_type': 'application/pdf', 'filename': 'x.pdf'}},
            {'type': 'annotation', 'kind': 'citation', 'refs': [{'url': 'https://example.org/tides', 'title': 'Tide table'}]},
            {'type': 'hologram', 'depth': 3}])

    def do_think(self, words):
        self.say('Sail at noon.', reasoning='weighing the wind')

    def do_slow(self, words):
        for number in range(200):
            if self.thread.stop and self.service.generation == 'S3':
                break
            self.chunk('message', message('assistant', [text(f'{number} ')], 'slow', delta=True), metadata={'node': 'MAIN'})
            threading.Event().wait(max(self.service.args.speed, 20) / 1000)
        whole = message('assistant', [text(' '.join(str(n) for n in range(number + 1)))])
        self.keep(whole)
        self.chunk('message', whole, metadata={'node': 'MAIN'})

    def do_long(self, words):
        count = int(words.split()[1]) if len(words.split()) > 1 else 500
        self.say(' '.join(f'word{n}' for n in range(count)))

    def do_remote(self, words):
        self.say('I need your camera.')
        self.keep(message('tool', [{'type': 'remote_tool_call', 'id': 'r1', 'name': 'camera', 'args': {'on': True}, 'tool_type': 'remote'}]))
        self.chunk('message', self.made[-1])
        self.say('Done without it.')

    def do_approve(self, words):
        self.say('Going to approve.')
        self.thread.meta.update(current_node='APPROVAL', status='interrupted_before', interrupted_node='APPROVAL',
                                interrupt_reason='interrupt_before: APPROVAL', interrupt_data=None)
        return True

    def do_plain(self, words):
        files = [block for one in self.given for block in one.get('content', [])
                 if isinstance(block, dict) and block.get('type') in ('image', 'audio', 'video', 'document')]
        self.say(f'A plain reply.{" With a file." if files else ""}')

    def main(self):
        words = text_of(self.given[-1]).strip()
        if self.thread.meta['status'] == 'interrupted_before':
            self.thread.meta.update(status='running', interrupted_node=None, interrupt_reason=None)
            self.say('Approved and filed.' if words.lower().startswith(('y', 'c')) else 'Not approved.', node='APPROVAL')
            return False
        handler = getattr(self, 'do_' + (words.split() or ['plain'])[0].lower(), None)
        return bool((handler or self.do_plain)(words))

    # The whole

    def fail(self, reason):
        self.thread.meta['status'] = 'error'
        self.thread.meta['internal_data'] = {'error': reason}
        self.chunk('error', state=self.thread.dump(),
                   data={'status': 'invoked_graph', 'node': 'MAIN', 'step': (self.error or {}).get('step', 1), 'max_steps': self.limit,
                         'reason': reason})
        self.chunk('error', data={'reason': reason}, thread_id=False)
        self.thread.messages += self.given

    def close(self, interrupted):
        data = {'status': 'graph_invoked', 'reason': 'Graph execution finished', 'time_taken': 0.01, 'is_interrupted': interrupted,
                'total_messages': len(self.thread.state['context'])}
        if self.service.generation != 'S3' or self.full:
            self.chunk('updates', state=self.thread.dump(), data=data)
        if self.service.args.names:
            self.thread.name = 'Log: ' + ' '.join(text_of(self.given[-1]).split()[:3])
            self.emit({'event': 'updates', 'message': None, 'state': None, 'data': {'status': 'completed'}, 'thread_id': None, 'run_id': None,
                       'metadata': {'is_new_thread': True, 'thread_id': self.thread.id, 'thread_name': self.thread.name},
                       'timestamp': self.service.started})

    def run(self):
        thread = self.thread
        for one in self.given:
            thread.state['context'].append(one)
            self.chunk('message', one, metadata={'status': 'invoking_graph', 'reason': 'initial human message'})
        if (self.body.get('initial_state') or {}).get('current_node') == '__end__':
            thread.stop = False
            thread.meta.update(status='completed', interrupt_reason=None)
            thread.messages += self.given
            self.close(False)
            return
        if thread.stop:
            # Section 9: on S2 the flag is never cleared, and every run ends at once.
            thread.meta.update(status='interrupted_after', interrupted_node='__start__', interrupt_reason='stop_requested')
            thread.messages += self.given
            self.close(True)
            return
        self.update(status='invoking_graph', node='MAIN', step=0, max_steps=self.limit)
        self.update(status='invoking_node', node='MAIN', tool_name='main_node')
        self.state_chunk('MAIN', 0)
        try:
            paused = self.main()
        except RuntimeError as error:
            self.fail((self.error or {}).get('reason') or str(error))
            return
        if paused:
            self.update(status='invoking_node', node='APPROVAL', reason='Graph execution interrupted before node execution')
            self.close(True)
            return
        stopped = thread.stop and self.service.generation == 'S3'
        if stopped:
            thread.stop = False
            thread.meta.update(status='interrupted_after', interrupted_node='MAIN', interrupt_reason='stop_requested')
        else:
            thread.meta.update(status='completed', current_node='MAIN', interrupt_reason=None)
        thread.messages += self.given + self.made
        self.close(stopped)


def start(run, done):
    def work():
        try:
            run.run()
        finally:
            done()
    threading.Thread(target=work, daemon=True).start()
