"""A test server of a service that is not Nebelus (tests/servers/NAME), as a program of its own, and its accounts."""

import json
import os
import subprocess
import sys
import urllib.request

from driver import Failure, die_with_parent

SERVERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'servers')


class Service:
    """Listens on loopback from start() to stop()."""

    def __init__(self, name, *options):
        self.name = name
        self.options = options
        self.process = None
        self.facts = {}

    def start(self):
        self.process = subprocess.Popen([sys.executable, os.path.join(SERVERS, self.name), *self.options], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=die_with_parent,
                                        env=dict(os.environ, BOBBIN_TEST_SERVER_STDIN='1', PYTHONDONTWRITEBYTECODE='1'))
        for line in self.process.stdout:
            word, _, rest = line.rstrip('\n').partition(' ')
            if word == 'ready':
                return self
            self.facts[word] = rest
        raise Failure(f'the {self.name} server did not start')

    @property
    def url(self):
        return self.facts['listening'].removeprefix('on ')

    @property
    def key(self):
        return self.facts['key']

    @property
    def agent(self):
        return self.facts.get('agent')

    def control(self, what, body=None):
        root = '/'.join(self.url.split('/')[:3])
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f'{root}/_test/{what}', data, timeout=10) as answer:
            return json.load(answer)

    def fault(self, **fault):
        self.control('faults', fault)

    def count(self, method, ending):
        return sum(1 for r in self.control('requests')['requests'] if r['method'] == method and r['path'].endswith(ending))

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def add_account(self, app, *options, name='Test'):
        app.cli('accounts', 'add', '--name', name, '--service', self.name, '--base-url', self.url,
                *(['--agent', self.agent] if self.agent else []), '--key-stdin', *options, stdin=self.key + '\n')
