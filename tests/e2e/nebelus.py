"""The Nebelus server of the tests, run as a program of its own: the same code as the demo agent."""

import json
import os
import re
import signal
import subprocess
import sys
import threading

from driver import Failure, die_with_parent, poll

KEY = 'sk-ns-org-made-up-key-4711'


class Nebelus:
    """Listens on loopback from start() to stop(); may be started again on the same port."""

    def __init__(self, build=None, speed=None, faults=(), key=KEY):
        build = build or (sys.argv[1] if len(sys.argv) > 1 else os.environ['BOBBIN_BUILD_DIR'])
        self.program = os.path.join(os.path.abspath(build), 'tests', 'servers', 'nebelus')
        self.options = ['--key-stdin'] + (['--speed', str(speed)] if speed is not None else [])
        for fault in faults:
            self.options += ['--fault', json.dumps(fault)]
        self.key = key
        self.agent = None
        self.port = 0
        self.process = None
        self.chats = []

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def start(self, port=0):
        self.process = subprocess.Popen([self.program, '--port', str(port), *self.options], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=die_with_parent)
        self.process.stdin.write(self.key + '\n')
        self.process.stdin.close()
        listening = re.match(r'listening on http://127\.0\.0\.1:(\d+)', self.process.stdout.readline())
        agent = re.match(r'agent (\S+)', self.process.stdout.readline())
        if not listening or not agent:
            raise Failure('the server did not start')
        self.port, self.agent = int(listening.group(1)), agent.group(1)
        threading.Thread(target=self.read, args=(self.process.stdout,), daemon=True).start()
        return self

    def read(self, stream):
        for line in stream:
            try:
                self.chats.append(json.loads(line))
            except ValueError:
                pass

    def stop(self):
        if self.process is not None:
            self.thaw()
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def freeze(self):
        """It keeps its connections and does nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    # what it received

    def texts(self):
        return [chat['text'] for chat in self.chats]

    def files(self, text):
        """{name: SHA-256} of the files that came with a message."""
        chat = poll(lambda: next((c for c in self.chats if c['text'] == text), None), what=f'"{text}" at the server')
        return {a['name']: a['sha256'] for a in chat.get('attachments') or []}

    # accounts

    def add_account(self, app, *options, port=None, name='Test'):
        """Adds an account for it through the command line, the key over standard input."""
        app.cli('accounts', 'add', '--name', name, '--service', 'nebelus', '--base-url',
                f'http://127.0.0.1:{port or self.port}', '--agent', self.agent, '--key-stdin', *options,
                stdin=self.key + '\n')
