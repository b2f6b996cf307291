"""What the assistants of the test server say: the words of a message choose, see HELP. One run in a thread of its own, which goes on
whether or not anybody reads its stream (assistants.md, section 6)."""

import json
import struct
import threading
import zlib


def png():
    """16 by 16 blue points."""
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    lines = b''.join(b'\0' + bytes((30, 90, 200)) * 16 for _ in range(16))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 16, 16, 8, 2, 0, 0, 0)) +
            chunk(b'IDAT', zlib.compress(lines)) + chunk(b'IEND', b''))


PNG = png()
HELP = '''I do what the words of a message say: "use a tool" (a function for you to answer, "two tools" two of them), "run code", "search
the files", "show an image", "make a file", "two messages", "refuse", "write N words", "be slow", "drop the connection", "reset the connection", "fail",
"rate limit", "expire", "cut off", "error", "stop telling" (the stream ends without an end), "odd tool". Anything else is said again.'''
TERMINAL = ('cancelled', 'completed', 'incomplete', 'failed', 'expired')


class Cancelled(Exception):
    pass


class Talk:
    """The making of one answer."""

    def __init__(self, server, thread, run, prompt, files):
        self.server = server
        self.thread = thread
        self.run = run
        self.prompt = prompt
        self.words = prompt.lower()
        self.files = files
        self.slow = 'slow' in self.words

    def start(self):
        threading.Thread(target=self.work, daemon=True).start()

    def says(self, *phrases):
        return any(phrase in self.words for phrase in phrases)

    # The run

    def pause(self):
        delay = 0.05 if self.slow else self.server.args.speed / 1000
        with self.server.changed:
            self.server.changed.wait(delay)
            if self.run['status'] == 'cancelling':
                raise Cancelled

    def emit(self, event, thing):
        self.server.emit(self.run, event, thing)
        self.pause()

    def work(self):
        try:
            self.server.set_status(self.run, 'in_progress', started_at=self.server.now())
            self.pause()
            self.answer()
        except Cancelled:
            self.server.close_message(self.run, 'run_cancelled')
            self.server.set_status(self.run, 'cancelled', cancelled_at=self.server.now(), required_action=None)

    def finish(self, status='completed', **facts):
        text = self.prompt
        usage = {'prompt_tokens': 10 + len(text.split()), 'completion_tokens': self.run['_tokens'],
                 'total_tokens': 10 + len(text.split()) + self.run['_tokens']}
        if status not in ('completed', None):
            self.server.close_message(self.run, {'failed': 'run_failed', 'expired': 'run_expired',
                                                 'incomplete': 'max_tokens'}[status])
        stamp = {'completed': 'completed_at', 'failed': 'failed_at'}.get(status)
        if stamp:
            facts[stamp] = self.server.now()
        self.server.set_status(self.run, status, usage=usage, **facts)

    # Parts of an answer

    def message(self, text, annotations=(), more=()):
        """Streams @text in words; an annotation comes with the piece that brings its marker."""
        message = self.server.open_message(self.run)
        self.text_part(message, 0, text, list(annotations))
        for i, part in enumerate(more, 1):
            self.server.delta(self.run, message, dict(part, index=i))
            message['content'].append(part)
            self.pause()
        self.server.complete_message(self.run, message)

    def pieces(self, text, markers):
        rest = text
        while rest:
            marker = next((m for m in markers if rest.startswith(m)), None)
            if marker:
                cut = len(marker)
            else:
                ends = [rest.find(m) for m in markers if m in rest] + [len(rest)]
                space = rest.find(' ', 1)
                cut = min([e for e in ends if e > 0] + ([space] if space > 0 else []))
            yield rest[:cut]
            rest = rest[cut:]

    def text_part(self, message, index, text, annotations):
        part = {'type': 'text', 'text': {'value': '', 'annotations': []}}
        message['content'].append(part)
        markers = [a['text'] for a in annotations]
        for piece in self.pieces(text, markers):
            found = [dict(a, index=i) for i, a in enumerate(annotations) if a['text'] == piece]
            self.server.delta(self.run, message, {'index': index, 'type': 'text',
                                                  'text': {'value': piece, 'annotations': found}})
            part['text']['value'] += piece
            part['text']['annotations'] += [{k: v for k, v in a.items() if k != 'index'} for a in found]
            self.run['_tokens'] += 1
            self.pause()

    def functions(self, calls):
        """Asks for the outputs of @calls, (name, arguments) each; returns them."""
        step = self.server.open_step(self.run, 'tool_calls')
        listed = []
        for i, (name, arguments) in enumerate(calls):
            call = {'id': self.server.new_id('call_'), 'type': 'function',
                    'function': {'name': name, 'arguments': '', 'output': None}}
            listed.append(call)
            self.server.step_delta(self.run, step, dict(call, index=i))
            for at in range(0, len(arguments), 8):
                piece = arguments[at:at + 8]
                self.server.step_delta(self.run, step, {'index': i, 'type': 'function', 'function': {'arguments': piece}})
                call['function']['arguments'] += piece
                self.pause()
        step['step_details']['tool_calls'] = listed
        wanted = [{'id': c['id'], 'type': 'function',
                   'function': {k: c['function'][k] for k in ('name', 'arguments')}} for c in listed]
        outputs = self.server.await_outputs(self.run, wanted)
        if outputs is None:
            raise Cancelled
        for call in listed:
            call['function']['output'] = outputs[call['id']]
        self.server.close_step(self.run, step)
        return [c['function']['output'] for c in listed]

    def run_code(self):
        step = self.server.open_step(self.run, 'tool_calls')
        call = {'id': self.server.new_id('call_'), 'type': 'code_interpreter', 'code_interpreter': {'input': '', 'outputs': []}}
        self.server.step_delta(self.run, step, dict(call, index=0))
        for piece in ('import math\n', 'print(', 'math.pi)'):
            self.server.step_delta(self.run, step, {'index': 0, 'type': 'code_interpreter', 'code_interpreter': {'input': piece}})
            call['code_interpreter']['input'] += piece
            self.pause()
        image = self.server.add_file('plot.png', PNG, 'assistants_output')
        outputs = [{'type': 'logs', 'logs': '3.141592653589793\n'}, {'type': 'image', 'image': {'file_id': image['id']}}]
        for i, output in enumerate(outputs):
            self.server.step_delta(self.run, step, {'index': 0, 'type': 'code_interpreter',
                                                    'code_interpreter': {'outputs': [dict(output, index=i)]}})
        call['code_interpreter']['outputs'] = outputs
        step['step_details']['tool_calls'] = [call]
        self.server.close_step(self.run, step)
        self.message('Pi is about 3.14159.')

    def search(self):
        step = self.server.open_step(self.run, 'tool_calls')
        call = {'id': self.server.new_id('call_'), 'type': 'file_search', 'file_search': {}}
        self.server.step_delta(self.run, step, dict(call, index=0))
        file = self.files[0] if self.files else self.server.add_file('grit.txt', b'Start with 1000 grit.', 'assistants')
        call['file_search'] = {'results': [{'file_id': file['id'], 'file_name': file['filename'], 'score': 0.9}]}
        step['step_details']['tool_calls'] = [call]
        self.server.close_step(self.run, step)
        marker = f'【4:0†{file["filename"]}】'
        text = f'Start with 1000 grit{marker}.'
        self.message(text, [{'type': 'file_citation', 'text': marker, 'start_index': text.index(marker),
                             'end_index': text.index(marker) + len(marker),
                             'file_citation': {'file_id': file['id'], 'quote': 'Start with 1000 grit'}}])

    def make_file(self):
        file = self.server.add_file('totals.csv', b'month,total\nJanuary,12\nFebruary,15\n', 'assistants_output')
        marker = 'sandbox:/mnt/data/totals.csv'
        text = f'The totals are in [totals.csv]({marker}).'
        at = text.index(marker)
        self.message(text, [{'type': 'file_path', 'text': marker, 'start_index': at, 'end_index': at + len(marker),
                             'file_path': {'file_id': file['id']}}])

    # The whole

    def count(self):
        numbers = [int(word) for word in self.words.replace(',', '').split() if word.isdigit()]
        return numbers[0] if numbers else 50

    def echo(self):
        named = ', '.join(f['filename'] for f in self.files)
        text = f'You said: {self.prompt}'
        if named:
            text += f' I have read {named} ({sum(f["bytes"] for f in self.files)} bytes).'
        options = self.run.get('additional_instructions')
        if options:
            text += f' And I was told: {options}'
        return text

    def fail(self):
        """The ways to end badly; returns whether it did."""
        if self.says('fail'):
            self.finish('failed', last_error={'code': 'server_error', 'message': 'The kitchen is on fire.'})
        elif self.says('rate limit'):
            self.finish('failed', last_error={'code': 'rate_limit_exceeded', 'message': 'Rate limit reached for gpt-4o.'})
        elif self.says('expire'):
            self.finish('expired')
        elif self.says('cut off'):
            self.message('This answer is longer than')
            self.finish('incomplete', incomplete_details={'reason': 'max_completion_tokens'})
        elif self.says('error'):
            self.server.emit(self.run, 'error', {'code': 'server_error', 'message': 'The server had an error.',
                                                 'param': None, 'type': 'server_error'})
            self.finish('failed', last_error={'code': 'server_error', 'message': 'The server had an error.'})
        else:
            return False
        return True

    def answer(self):
        if self.says('the connection'):
            message = self.server.open_message(self.run)
            self.text_part(message, 0, 'The line was lost', [])
            self.server.emit(self.run, '_reset' if self.says('reset') else '_cut', None)
            self.text_part_more(message, ' but the answer is here.')
            self.server.complete_message(self.run, message)
            self.finish()
            return
        if self.says('stop telling'):
            self.server.emit(self.run, '_end', None)
        if self.fail():
            return
        if self.says('help'):
            self.message(HELP.replace('\n', ' '))
        elif self.says('two tools'):
            outputs = self.functions([('shop_stock', '{"grit":1000}'), ('shop_price', '{"grit":1000,"currency":"EUR"}')])
            self.message(f'The shop says {outputs[0]} and {outputs[1]}.')
        elif self.says('odd tool'):
            outputs = self.functions([('shop_stock', '{"grit": 1000')])
            self.message(f'The shop says {outputs[0]}.')
        elif self.says('use a tool'):
            outputs = self.functions([('shop_stock', '{"grit":1000}')])
            self.message(f'The shop says {outputs[0]}.')
        elif self.says('run code'):
            self.run_code()
        elif self.says('search the files'):
            self.search()
        elif self.says('make a file'):
            self.make_file()
        elif self.says('image'):
            image = self.server.add_file('picture.png', PNG, 'assistants_output')
            self.message('Here is a picture.', more=[{'type': 'image_file', 'image_file': {'file_id': image['id']}}])
        elif self.says('refuse'):
            message = self.server.open_message(self.run)
            self.server.delta(self.run, message, {'index': 0, 'type': 'refusal', 'refusal': 'I will not do that.'})
            message['content'].append({'type': 'refusal', 'refusal': 'I will not do that.'})
            self.server.complete_message(self.run, message)
        elif self.says('two messages'):
            self.message('First, sharpen.')
            self.message('Second, polish.')
        elif self.says('words'):
            self.message(' '.join(f'word{i}' for i in range(self.count())))
        elif self.slow:
            self.message(' '.join(f'step{i}' for i in range(200)))
        else:
            self.message(self.echo())
        self.finish()

    def text_part_more(self, message, text):
        part = message['content'][0]
        part['text']['value'] += text
        self.server.delta(self.run, message, {'index': 0, 'type': 'text', 'text': {'value': text, 'annotations': []}})


def prompt_of(messages):
    """(text, file ids) of the user's last message."""
    text, files = [], []
    for message in [m for m in messages if m['role'] == 'user'][-1:]:
        for part in message['content']:
            if part['type'] == 'text':
                text.append(part['text']['value'])
            elif part['type'] == 'image_file':
                files.append(part['image_file']['file_id'])
        files += [a['file_id'] for a in message['attachments']]
    return '\n'.join(text), files


def compact(thing):
    return json.dumps(thing, ensure_ascii=False, separators=(',', ':'))
