#!/usr/bin/python3
"""Notifications: told while nobody looks, taken back once seen, answered when the program has long ended."""

import sys

from bobbin import Screen, program
from desktopbus import Elsewhere, Services, activate_action, make_activatable, pid, runs, set_option
from driver import check, equal, poll, run
from nebelus import Nebelus
from proxy import Line

app = program()
server = Nebelus()
services = Services('gtk')
line = elsewhere = None
added = 0


def notification():
    """The next one: its id and what it holds."""
    global added
    added += 1
    _, ident, content = services.wait('AddNotification', added)
    equal(len(services.named('AddNotification')), added, 'notifications')
    return ident, content


def decisions():
    return [o['decisions'] for _, o in list(line.sent) if isinstance(o, dict) and o.get('type') == 'interrupt_resume']


def told_when_nobody_looks():
    """An answer is told only while another window has the keyboard"""
    global line, elsewhere
    server.start()
    line = Line(server.port)
    server.add_account(app, port=line.port)
    make_activatable(app)
    app.start('--new')
    app.wait(lambda: app.window.has('active'), what='the window to be active')
    app.ask('hello')
    equal(services.named('AddNotification'), [], 'while it is looked at')
    elsewhere = Elsewhere()
    app.wait(lambda: not app.window.has('active'), what='the window to be left')
    app.ask('hello again')
    ident, content = notification()
    check(ident.startswith('thread-'), ident)
    equal(content['default-action'], 'app.open-thread', 'the action')
    equal(content['default-action-target'], ident[len('thread-'):], 'the conversation')
    title = app.query('SELECT title, snippet FROM threads')[0]
    equal((content['title'], content['body'].replace('**', '')), title, 'what it says')


def withdrawn_when_seen():
    """Opening it brings the window up, and that takes it back"""
    activate_action('open-thread', services.named('AddNotification')[-1][2]['default-action-target'])
    app.wait(lambda: app.window.has('active'), what='the window to come up')
    _, ident = services.wait('RemoveNotification')
    equal(ident, services.named('AddNotification')[-1][1], 'the one that is taken back')


def decided_elsewhere():
    """A question that is answered in the window is no longer asked outside"""
    elsewhere.look()
    app.wait(lambda: not app.window.has('active'), what='the window to be left')
    app.put('ask for approval')
    ident, content = notification()
    equal([b['label'] for b in content['buttons']], ['Approve', 'Reject', 'Open'], 'buttons')
    equal(content['priority'], 'high', 'priority')
    removed = len(services.named('RemoveNotification'))
    app.press('Reject')
    services.wait('RemoveNotification', removed + 1)
    app.wait_answer()
    equal(notification()[0], ident, 'the answer after it')


def approved_after_the_end():
    """Approve works when the program has ended: no window is shown, and the answer is told"""
    app.put('ask for approval')
    _, content = notification()
    before = len(decisions())
    app.kill()
    poll(lambda: not runs(), what='the bus to notice')
    approve = content['buttons'][0]
    activate_action(approve['action'][len('app.'):], approve['target'])
    poll(lambda: len(decisions()) == before + 1, what='the decision at the server')
    check(all(d['type'] == 'approve' for d in decisions()[-1]), f'decision: {decisions()[-1]}')
    _, content = notification()
    check('buttons' not in content, 'it is an answer')
    equal({m[2] for m in app.messages()}, {'complete'}, 'states')
    equal(Screen.x_window(pid()), None, 'a window')


def quiet_and_failures():
    """Without previews nothing of the conversation is in it, and what cannot be sent is told"""
    activate_action('quit')
    poll(lambda: not runs(), what='the program to quit')
    set_option(app, 'notify-preview', 'false')
    server.stop()
    server.key = 'another'
    server.start(server.port)
    app.start()
    app.wait(lambda: app.window.has('active'), what='the window to be active')
    elsewhere.look()
    app.wait(lambda: not app.window.has('active'), what='the window to be left')
    app.put('this cannot go out')
    _, content = notification()
    equal(content['title'], 'A message was not sent', 'the title')
    check('body' not in content, 'no words of it')


def end():
    """the program quits in good order"""
    app.quit()
    app.check_integrity()


def clean():
    if elsewhere is not None:
        elsewhere.close()
    services.stop()
    server.stop()


if __name__ == '__main__':
    sys.exit(run([told_when_nobody_looks, withdrawn_when_seen, decided_elsewhere, approved_after_the_end, quiet_and_failures, end],
                 app, clean))
