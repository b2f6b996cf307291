"""The test servers of the four services, as test-services.py works them: each in one place, with the words that make it do things."""

import json
import urllib.request

from service import Service

QUESTION = 'What is a quorum?'
ANSWER = 'The smallest turnout that counts.'
LABELS = ('Nebelus', 'AgentFlow', 'Entities', 'Assistants', 'aibtc', 'Demo Agent')  # as the account editor lists them


class Worked(Service):
    """What a service has, and the words for it; a subclass says where it differs."""

    service = None          # its name
    place = None            # in LABELS
    options = ()            # of the server
    lists = True            # the server lists its conversations
    attaches = True
    keeps_agent = True      # an account names an agent
    said = 'You said: {}'   # an answer to {}
    about_file = None       # in the answer when a file came along
    tool = 'use a tool'
    tool_name = None
    tool_said = None        # in the answer once the tool has run
    answered = 'Send Results'  # the button of what the agent asks for; None: it asks nothing
    output = 'in April'
    slow = 'be slow'
    slow_shows = 'step3'
    lost = 'reset the connection'
    kept = None             # what the server made of the answer that was cut off

    def __init__(self):
        super().__init__(self.service, '--speed', '5', *self.options)

    @property
    def label(self):
        return LABELS[self.place]

    def call(self, method, path, body=None, **headers):
        request = urllib.request.Request(self.url + path, None if body is None else json.dumps(body).encode(),
                                         {'Content-Type': 'application/json', **headers}, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def seed(self):
        """A conversation that another program had with the server. Returns its id."""
        raise NotImplementedError

    def cut(self):
        """The next answer breaks off."""

    def sent(self):
        """How many messages came."""
        raise NotImplementedError

    def stopped(self):
        """Whether the server was asked to stop."""
        return True


class Assistants(Worked):
    service = 'assistants'
    place = 3
    lists = False
    about_file = 'I have read chart.png'
    tool_name = 'shop_stock'
    tool_said = 'The shop says in April.'
    kept = 'The line was lost but the answer is here.'

    def seed(self):
        head = {'Authorization': 'Bearer ' + self.key, 'OpenAI-Beta': 'assistants=v2'}
        return self.call('POST', '/threads', {'messages': [{'role': 'user', 'content': QUESTION},
                                                           {'role': 'assistant', 'content': ANSWER}]}, **head)['id']

    def sent(self):
        return self.count('POST', '/messages')

    def stopped(self):
        return self.count('POST', '/cancel') > 0


class Entities(Worked):
    service = 'entities'
    place = 2
    about_file = 'I see 1 pictures.'
    tool_name = 'frost_dates'
    tool_said = 'The office says in April.'
    kept = 'You said: reset the connection'

    def seed(self):
        head = {'X-API-Key': self.key}
        thread = self.call('POST', '/v1/threads', {}, **head)['id']
        for role, text in (('user', QUESTION), ('assistant', ANSWER)):
            self.call('POST', '/v1/messages', {'thread_id': thread, 'assistant_id': self.agent, 'role': role, 'content': text}, **head)
        return thread

    def sent(self):
        return self.count('POST', '/v1/messages')

    def stopped(self):
        return self.count('POST', '/cancel') > 0


class AgentFlow(Worked):
    service = 'agentflow'
    place = 1
    options = ('--key', 'sk-tide-0123456789', '--generation', 'S3')
    keeps_agent = False
    said = 'A plain reply.'
    about_file = 'With a file.'
    tool = 'tide Cadiz'
    tool_name = 'lookup_tide'
    tool_said = 'High water at Cadiz is 4.2 m.'
    answered = None
    slow = 'slow'
    slow_shows = '3 '
    lost = 'long 30'
    kept = 'word29'

    def seed(self):
        thread = '0b9d2c1e-4f57-4a0e-9a66-5e0f6f1d2a33'
        head = {'Authorization': 'Bearer ' + self.key}

        def message(role, text):
            return {'role': role, 'content': [{'type': 'text', 'text': text}]}
        # A run lists the thread, messages alone do not.
        self.call('POST', '/v1/graph/invoke', {'messages': [message('user', 'plain')], 'config': {'thread_id': thread}}, **head)
        self.call('POST', f'/v1/threads/{thread}/messages', {'messages': [message('user', QUESTION), message('assistant', ANSWER)]}, **head)
        return thread

    def cut(self):
        self.fault(match='POST /v1/graph/stream', after_events=6, reset=True)

    def sent(self):
        return self.count('POST', '/v1/graph/stream')

    def stopped(self):
        return self.count('POST', '/v1/graph/stop') > 0


class Aibtc(Worked):
    service = 'aibtc'
    place = 4
    options = ('--dialect', 'S1', '--seed', QUESTION, ANSWER)
    lists = False
    attaches = False
    keeps_agent = False
    tool_name = 'token_price'
    tool_said = 'You said: use a tool'
    answered = None
    slow = 'a slow tool ' + ' '.join(f'step{i}' for i in range(20))
    lost = 'drop the connection, tool'
    kept = 'You said: drop the connection, tool'

    def seed(self):
        return self.facts['thread']

    def sent(self):
        return self.count('FRAME', 'message')

    def stopped(self):
        """It cannot be stopped: it works on, and is done with all it was given."""
        return self.count('JOB', 'done') == self.sent()


SERVICES = {one.service: one for one in (AgentFlow, Aibtc, Assistants, Entities)}
