#!/usr/bin/python3
"""The agent asks before it acts: approve, reject, edit."""

import json
import sys

from bobbin import BUTTONS, program
from driver import Screen, check, equal, run
from nebelus import Nebelus
from proxy import Line

app = program()
server = Nebelus()
line = None


def decisions():
    """What went over the line, oldest first."""
    return [o['decisions'] for _, o in list(line.sent) if isinstance(o, dict) and o.get('type') == 'interrupt_resume']


def asked():
    before = len(app.messages('assistant'))
    app.put('ask for approval')
    app.wait(lambda: len(app.messages('assistant')) > before, what='an answer')
    app.wait_for('Approve', BUTTONS)
    app.wait_for('Reject', BUTTONS)


def decided(count):
    app.wait(lambda: len(decisions()) == count, what='the decision on the line')
    app.wait_answer()
    app.wait_gone('Approve', BUTTONS)


def never_by_itself():
    """Enter in the composer approves nothing"""
    global line
    server.start()
    line = Line(server.port)
    server.add_account(app, port=line.port)
    app.start('--new')
    asked()
    Screen.click(app, app.composer())
    Screen.key('Return')
    Screen.key('space')
    equal(decisions(), [], 'decisions')
    app.wait_for('Approve', BUTTONS)
    app.composer().set_text('')


def approve():
    """Approve"""
    app.press('Approve')
    decided(1)
    check(all(d['type'] == 'approve' for d in decisions()[0]), f'decision: {decisions()[0]}')


def reject():
    """Reject"""
    asked()
    app.press('Reject')
    decided(2)
    check(all(d['type'] == 'reject' for d in decisions()[1]), f'decision: {decisions()[1]}')


def edit():
    """Edit the arguments, then approve"""
    asked()
    app.press('Edit')
    editor = app.wait(lambda: next((n for n in app.window.shown() if n.editable
                                    and n.visible and n.text.strip().startswith('{')), None), what='an editor of the arguments')
    args = json.loads(editor.text)
    args['edited'] = 'by hand'
    editor.set_text(json.dumps(args))
    app.press('Approve With Changes')
    decided(3)
    decision = decisions()[2][0]
    equal(decision['type'], 'edit', 'the decision')
    equal(decision['modified_args'], args, 'the arguments')


def end():
    """all turns are complete and the database is sound"""
    equal({m[2] for m in app.messages()}, {'complete'}, 'states')
    app.quit()
    app.check_integrity()


if __name__ == '__main__':
    sys.exit(run([never_by_itself, approve, reject, edit, end], app, server.stop))
