#!/usr/bin/python3
"""test-service-extras.py BUILD SERVICE: what only some services have, in the window. AgentFlow: a pause that is left, the state of a
conversation, a message that is added. Assistants: files and pictures that the agent made, an upload that is given up, metadata, a
message that is deleted on the server."""

import os
import re
import sys

from gi.repository import GLib

from bobbin import BUTTONS, program
from driver import Screen, check, equal, poll, run, scratch
from services import SERVICES

app = program()
server = SERVICES[sys.argv[2]]()
out = scratch('extras')


def look(name):
    """A picture, where somebody wants to look."""
    if os.environ.get('BOBBIN_PICTURES'):
        Screen.shot(os.path.join(os.environ['BOBBIN_PICTURES'], f'{server.service}-{name}.png'))


def menu(key, label):
    """An entry of a menu that opens with a key."""
    app.settle()
    Screen.key(key)
    try:
        app.press(label, 'menu item')
    except GLib.Error:
        app.settle()


def texts(name):
    """A field one can write in, by its name."""
    return app.wait(lambda: next((n for w in app.windows for n in w.shown() if n.editable and n.visible and
                                  n.named(name)), None), what=f'the field “{name}”')


def attachments():
    """Names of files of answers that are here."""
    return app.query('SELECT b.attachment_name FROM blocks b JOIN messages m ON m.id = b.message_id WHERE m.role = ? AND '
                     'b.attachment_id IS NOT NULL', 'assistant')


def begin():
    """the account, and a first answer"""
    server.start()
    server.add_account(app)
    app.start('--new')
    app.ask('plain')


# AgentFlow

def left():
    """a pause is left: the card says so, nothing is sent, and it can be answered all the same"""
    app.put('approve the berth')
    app.wait_for('Leave Paused', BUTTONS)
    look('pause')
    app.wait_answer()
    sent = server.sent()
    app.press('Leave Paused')
    app.wait_gone('Continue', BUTTONS)
    app.wait_for('Answer…', BUTTONS)
    look('left')
    equal(server.sent(), sent, 'messages sent')
    app.press('Answer…')
    app.press('Continue')
    app.wait(lambda: server.sent() > sent, what='the answer to go')
    app.wait_answer()
    check('Approved and filed.' in app.messages('assistant')[-1][3], app.messages('assistant')[-1])


def state():
    """the state is shown, edited, refused where it is no JSON, cleared and put back"""
    def server_state():
        head = {'Authorization': 'Bearer ' + server.key}
        return (server.call('GET', f'/v1/threads/{app.server_id()}/state', **head)['data']['state'] or {}).get('berth')
    menu('ctrl+m', 'State & Metadata')
    app.wait_for('Edit', BUTTONS)
    look('state')
    app.press('Edit')
    texts('JSON').set_text('{"berth": ')
    app.wait(lambda: not app.find('Save', BUTTONS).sensitive, what='Save to be refused')
    look('state-wrong')
    texts('JSON').set_text('{"berth": "B7"}')
    app.wait(lambda: app.find('Save', BUTTONS).sensitive, what='Save')
    app.press('Save')
    app.wait_for('Edit', BUTTONS)
    app.wait(lambda: server_state() == 'B7', what='the state on the server')
    look('state-saved')
    app.press('Undo')
    app.wait(lambda: server_state() != 'B7', what='the state of before')
    app.wait_for('Edit', BUTTONS)
    app.settle()
    Screen.key('Escape')
    app.wait_gone('Edit', BUTTONS)


def added():
    """a message is added at the end of the server's conversation without asking the agent"""
    sent = server.sent()
    menu('ctrl+m', 'Add Message…')
    texts('Text of the message').set_text('Noted by hand')
    look('add')
    app.press('Add')
    app.wait(lambda: any('Noted by hand' in m[3] for m in app.messages()), what='the message')
    app.wait_text('Noted by hand')
    equal(server.sent(), sent, 'runs')


# Assistants

def saved():
    """a file the agent made is saved from its message, and kept"""
    app.ask('make a file')
    app.wait_for('Save “\u2068totals.csv\u2069” As…', BUTTONS)
    look('file')
    app.press('Save “\u2068totals.csv\u2069” As…')
    app.wait_for('Save', BUTTONS)
    app.settle()
    Screen.key('ctrl+a')
    Screen.type(os.path.join(out, 'totals.csv'))
    app.settle()
    Screen.key('Return')
    poll(lambda: os.path.exists(os.path.join(out, 'totals.csv')), what='the file', alive=app.alive)
    with open(os.path.join(out, 'totals.csv'), encoding='utf-8') as file:
        check('January,12' in file.read(), 'the content of the file')
    app.wait(lambda: ('totals.csv',) in attachments(), what='the file to be kept')


def picture():
    """a picture the agent made is shown by itself"""
    app.ask('show an image')
    app.wait(lambda: len(attachments()) == 2, what='the picture to be kept')
    app.wait_for(re.compile('^Open image'), BUTTONS)
    look('picture')


def cited():
    """what is cited has its name"""
    app.ask('search the files')
    app.wait_text('grit.txt')
    look('cited')


def upload():
    """an upload shows how far it is; given up, nothing is sent and the message can be sent again"""
    path = os.path.join(out, 'large.txt')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('Long, long ago. ' * 700000)
    server.fault(match='POST /v1/files', slow_ms=10000)
    sent = server.sent()
    Screen.copy_as('text/uri-list', f'file://{path}\r\n'.encode())
    Screen.click(app, app.composer())
    Screen.key('ctrl+v')
    app.wait_text('large.txt')
    app.put('read this')
    app.wait_for('Cancel upload of “\u2068large.txt\u2069”', BUTTONS)
    look('upload')
    app.press('Cancel upload of “\u2068large.txt\u2069”')
    app.wait(lambda: app.messages('user')[-1][2] == 'stopped', what='the message to be stopped')
    app.wait_for(app.RETRY, BUTTONS)
    equal(server.sent(), sent, 'messages sent')
    server.control('reset', {})
    app.press(app.RETRY)
    app.wait(lambda: app.messages('user')[-1][2] == 'complete', what='the message to be sent')
    check('large.txt' in app.messages('assistant')[-1][3], app.messages('assistant')[-1])


def metadata():
    """the metadata of a message is shown and changed"""
    app.settle()
    Screen.click(app, app.composer())
    Screen.key('alt+Up')
    app.press('Details')
    app.wait_for('Metadata…', BUTTONS)
    look('details')
    app.press('Metadata…')
    app.wait_for('Edit', BUTTONS)
    app.press('Edit')
    texts('JSON').set_text('{"seen": "yes"}')
    app.wait(lambda: app.find('Save', BUTTONS).sensitive, what='Save')
    app.press('Save')
    app.wait_for('Edit', BUTTONS)
    look('metadata')
    app.wait(lambda: any(r['method'] == 'POST' and '/messages/' in r['path'] and '"seen"' in r['body']
                         for r in server.control('requests')['requests']), what='the change on the server')
    app.settle()
    Screen.key('Escape')
    app.wait_gone('Edit', BUTTONS)


def deleted():
    """a message is deleted here and on the server, after a question"""
    before = len(app.messages('user'))
    Screen.click(app, app.composer())
    Screen.key('alt+Up')
    app.press('Delete Message…')
    app.wait_for('Delete Message?')
    look('delete')
    app.press('Delete')
    app.wait(lambda: len(app.messages('user')) == before - 1, what='the message to go')
    equal(server.count('DELETE', app.server_id()), 0, 'conversations deleted')
    check(any(r['method'] == 'DELETE' and '/messages/' in r['path'] for r in server.control('requests')['requests']),
          'it is still on the server')


if __name__ == '__main__':
    CASES = {'agentflow': [begin, left, state, added], 'assistants': [begin, saved, picture, cited, upload, metadata, deleted]}
    sys.exit(run(CASES[server.service], app, server.stop))
