"""Bobbin as its tests see it: the words of its window in one place, and what a person does with it."""

import glob
import os
import re
import sys

from driver import App, Failure, Screen, check, poll, shell

BUTTONS = ('push button', 'button', 'toggle button')


class Bobbin(App):
    # the window's words

    TRY_DEMO = 'Try the Demo Agent'
    ADD_ACCOUNT = 'Add an Account…'
    COMPOSER = 'Message'
    SEND = 'Send'
    STOP = re.compile(r'^Stop')
    SIDEBAR = 'Conversations'
    RETRY = 'Retry'
    TRY_NOW = 'Try Now'

    def composer(self):
        return self.wait(lambda: next((n for n in self.window.shown() if n.editable
                                       and n.named(self.COMPOSER) and n.visible), None), what='the composer')

    def write(self, text):
        """Types into the composer with the keyboard."""
        Screen.click(self, self.composer())
        Screen.type(text)
        self.wait(lambda: self.composer().text.endswith(text), what='the composer to hold what was typed')

    def send(self, text):
        """Types and presses Enter."""
        self.write(text)
        Screen.key('Return')
        self.wait(lambda: text not in self.composer().text, what='the composer to be empty')

    def put(self, text):
        """As send(), but through accessibility: fast, for tests about something else."""
        self.composer().set_text(text)
        self.wait(lambda: self.composer().text == text, what='the text in the composer')
        self.press(self.SEND)
        self.wait(lambda: self.composer().text == '', what='the composer to be empty')

    def answering(self):
        return self.find(self.STOP, BUTTONS) is not None

    def wait_answer(self, timeout=60):
        """Until every message is in an end state, as the database says, and the window shows no Stop."""
        def done():
            rows = self.query("SELECT count(*) FROM messages WHERE delivery IN ('queued', 'sending', 'accepted', 'answering')")
            return rows[0][0] == 0 and not self.answering()
        self.wait(done, timeout, 'the end of the answer')

    def ask(self, text, timeout=60):
        before = len(self.messages('assistant'))
        self.put(text)
        self.wait(lambda: len(self.messages('assistant')) > before, timeout, 'an answer to begin')
        self.wait_answer(timeout)

    def sidebar(self):
        return self.wait(lambda: self.window.find(self.SIDEBAR, ('list', 'list box')), what='the sidebar')

    def rows(self):
        return [n for n in self.sidebar().shown() if n.role == 'list item' and n.visible]

    def open_row(self, words):
        """Opens the conversation whose row says these words."""
        def row():
            for node in self.rows():
                if words in node.name or any(words in n.text for n in node.walk()):
                    return node
            return None
        def opened():
            if self.window.find(self.SIDEBAR, ('list', 'list box')) is None:
                return True  # a narrow window shows the conversation in its place
            node = row()
            return node is not None and any(n.has('selected') for n in node.walk())
        Screen.click(self, self.wait(row, what=f'a row with "{words}"'))
        self.wait(opened, what=f'the row with "{words}" to be the one that is shown')

    def entry(self, title):
        """The text of an entry row, by its title."""
        return self.wait(lambda: next((n for n in self.window.shown() if n.editable and n.visible
                                       and any(a.named(title) for a in n.around())), None), what=f'the row "{title}"')

    # what the database holds

    def block_texts(self, where, *args):
        """Texts of blocks, oldest first, with what streamed in and is not yet joined."""
        rows = self.query('SELECT b.id, b.text, b.text_bytes FROM blocks b JOIN messages m ON m.id = b.message_id '
                          f'WHERE {where} ORDER BY m.id, b.position', *args)
        out = []
        for block, text, _ in rows:
            data = text.encode()
            for start, chunk in self.query('SELECT start, text FROM block_chunks WHERE block_id = ? ORDER BY start',
                                           block):
                data = data[:start] + chunk.encode() if start <= len(data) else data
            out.append(data.decode('utf-8', 'replace'))
        return out

    def messages(self, role=None):
        """(id, role, delivery, text) of every message, oldest first."""
        out = []
        for ident, mine, delivery in self.query('SELECT id, role, delivery FROM messages ORDER BY id'):
            if role is None or mine == role:
                text = ''.join(self.block_texts("m.id = ? AND b.kind = 'text'", ident))
                out.append((ident, mine, delivery, text))
        return out

    def server_id(self):
        """The server's id of the newest thread."""
        return self.query('SELECT server_id FROM threads ORDER BY last_used_us DESC LIMIT 1')[0][0]

    def has_database(self):
        return os.path.exists(os.path.join(self.data_dir, 'bobbin.db'))


def build_dir():
    """Where the program and the servers are: given by meson, or as the only argument."""
    if len(sys.argv) > 1:
        return os.path.abspath(sys.argv[1])
    return os.environ['BOBBIN_BUILD_DIR']


def program(**kwargs):
    """The one that was built, or BOBBIN_PROGRAM: one that is installed somewhere."""
    return Bobbin(os.environ.get('BOBBIN_PROGRAM') or os.path.join(build_dir(), 'src', 'bobbin'), **kwargs)


def paced(second_ms=250):
    """The environment in which pings come, and are missed, sooner, or later; empty where nothing can be preloaded."""
    path = os.path.join(build_dir(), 'tests', 'support', 'libpace.so')
    alone = os.environ.get('BOBBIN_PROGRAM') or os.environ.get('BOBBIN_SANDBOXED') or os.environ.get('BOBBIN_SANITIZED')
    return {} if alone else {'LD_PRELOAD': path, 'BOBBIN_SECOND_MS': str(second_ms)}


def holds(key, *directories):
    """Files below directories that contain a key."""
    found = []
    for directory in directories:
        for path in glob.glob(os.path.join(directory, '**'), recursive=True, include_hidden=True):
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, 'rb') as f:
                    if key.encode() in f.read():
                        found.append(path)
    return found


def keyring_has(key):
    """Whether the Secret Service holds an item of ours with that secret."""
    out = shell('sh', '-c', 'secret-tool search --all --unlock xdg:schema io.github.bobbin_chat.Bobbin 2>&1 || true')
    return key in out


__all__ = ['BUTTONS', 'Bobbin', 'Failure', 'Screen', 'build_dir', 'check', 'holds', 'keyring_has', 'paced', 'poll', 'program']
