"""The engine of runs: their events, streams, steps and messages, for assistants_server.py. Called by the threads of runs, too."""

import time

from assistants_talk import TERMINAL, compact


class Runs:
    def emit(self, run, event, thing):
        with self.changed:
            run['_events'].append((event, compact(self.public(thing)) if thing is not None else ''))
            self.changed.notify_all()

    def set_status(self, run, status, **facts):
        """A run that is over stays so; cancelling goes before anything the run still says of itself."""
        with self.changed:
            if run['status'] in TERMINAL or (run['status'] == 'cancelling' and status == 'in_progress'):
                return
            run.update(facts)
            run['status'] = status
            if status in TERMINAL:
                run['expires_at'] = None
            self.emit(run, f'thread.run.{status}', run)

    # Streams

    def is_stream_over(self, run, event):
        return event in [f'thread.run.{s}' for s in TERMINAL + ('requires_action',)] or event == '_end'

    def encode(self, event, data):
        if self.dialect == 'astra':
            return f'data: {{"event":"{event}","data":{data}}}\n\n'.encode()
        end = '\r\n' if self.dialect == 'open-assistant' else '\n'
        return f'event: {event}{end}data: {data}{end}{end}'.encode()

    def stream(self, run, first):
        """Events from @first on, as they come. Reading them changes nothing; not reading them stops nothing."""
        at = first
        while True:
            with self.changed:
                while at >= len(run['_events']):
                    if not self.changed.wait(15):
                        break
                fresh = run['_events'][at:]
            if not fresh:
                yield b': ping\n\n'
            for event, data in fresh:
                at += 1
                if event in ('_cut', '_reset'):
                    raise ConnectionAbortedError if event == '_cut' else ConnectionResetError
                if event != '_end':
                    yield self.encode(event, data)
                if self.is_stream_over(run, event):
                    if self.dialect in ('openai', 'azure') and event != '_end':
                        yield b'event: done\ndata: [DONE]\n\n'
                    return

    # Messages

    def open_message(self, run):
        with self.lock:
            message = {'id': self.new_id('msg_'), 'object': 'thread.message', 'created_at': self.now(),
                       'thread_id': run['thread_id'], 'status': 'in_progress', 'incomplete_details': None, 'completed_at': None,
                       'incomplete_at': None, 'role': 'assistant', 'content': [], 'assistant_id': run['assistant_id'],
                       'run_id': run['id'], 'attachments': [], 'metadata': {}}
            self.messages[message['id']] = message
            run['_message'] = message
            step = self.make_step(run, 'message_creation', {'type': 'message_creation',
                                                            'message_creation': {'message_id': message['id']}})
            self.emit(run, 'thread.run.step.created', step)
            self.emit(run, 'thread.run.step.in_progress', step)
            self.emit(run, 'thread.message.created', message)
            self.emit(run, 'thread.message.in_progress', message)
            if self.dialect == 'open-assistant':
                self.emit(run, 'thread.message.in_progress',
                          dict(message, id='', thread_id='', created_at=0, usage={'total_tokens': 1}))
            return message

    def delta(self, run, message, part):
        self.emit(run, 'thread.message.delta', {'id': message['id'], 'object': 'thread.message.delta',
                                                'delta': {'content': [part]}})

    def complete_message(self, run, message):
        with self.lock:
            message.update(status='completed', completed_at=self.now())
            run['_message'] = None
            self.emit(run, 'thread.message.completed', message)
            if run['_step'] is not None and run['_step']['type'] == 'message_creation':
                self.close_step(run, run['_step'])

    def close_message(self, run, reason):
        """The run ends while its message is open."""
        with self.lock:
            message = run['_message']
            if message is None:
                return
            message.update(status='incomplete', incomplete_at=self.now(), incomplete_details={'reason': reason})
            run['_message'] = None
            self.emit(run, 'thread.message.incomplete', message)

    # Steps

    def make_step(self, run, kind, details):
        step = {'id': self.new_id('step_'), 'object': 'thread.run.step', 'created_at': self.now(), 'run_id': run['id'],
                'assistant_id': run['assistant_id'], 'thread_id': run['thread_id'], 'type': kind, 'status': 'in_progress',
                'cancelled_at': None, 'completed_at': None, 'expired_at': None, 'failed_at': None, 'last_error': None,
                'step_details': details, 'usage': None}
        self.steps[step['id']] = step
        run['_step'] = step
        return step

    def open_step(self, run, kind):
        with self.lock:
            step = self.make_step(run, kind, {'type': kind, kind: []})
            self.emit(run, 'thread.run.step.created', step)
            self.emit(run, 'thread.run.step.in_progress', step)
            return step

    def step_delta(self, run, step, call):
        self.emit(run, 'thread.run.step.delta', {'id': step['id'], 'object': 'thread.run.step.delta',
                                                 'delta': {'step_details': {'type': 'tool_calls', 'tool_calls': [call]}}})

    def close_step(self, run, step, status='completed'):
        with self.lock:
            step.update(status=status, completed_at=self.now())
            run['_step'] = None
            self.emit(run, f'thread.run.step.{status}', step)

    def await_outputs(self, run, calls):
        """(call id → output), or None when the run is cancelled; a run nobody answers expires."""
        with self.changed:
            self.set_status(run, 'requires_action', required_action={
                'type': 'submit_tool_outputs', 'submit_tool_outputs': {'tool_calls': calls}})
            until = time.monotonic() + self.args.expires
            while run['_outputs'] is None and run['status'] != 'cancelling':
                if not self.changed.wait(max(until - time.monotonic(), 0.001)) and time.monotonic() >= until:
                    self.set_status(run, 'expired', required_action=None)
                    return None
            outputs, run['_outputs'] = run['_outputs'], None
            if run['status'] == 'cancelling':
                return None
            self.set_status(run, 'in_progress')
            return outputs
