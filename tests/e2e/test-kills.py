#!/usr/bin/python3
"""kill -9 at random moments of a streaming conversation: nothing lost, nothing sent twice, the database sound.

BOBBIN_KILLS says how many (5), BOBBIN_SEED which moments. A line between program and server says what really passed, and
when. What was received more than 500 ms before the kill must be on disk; so must every message that was sent, whole, and a
draft written longer ago than that."""

import os
import random
import sys
import time

from bobbin import program
from driver import Crash, Failure, apart, check, equal, pace, run
from nebelus import Nebelus
from proxy import CONNECTION, Line

KILLS = int(os.environ.get('BOBBIN_KILLS', '5'))
SEED = int(os.environ.get('BOBBIN_SEED') or time.time())
numbers = random.Random(SEED)
BEHIND = 0.5
# between a byte on the line and the same byte read by the program lies a scheduler with two busy cores
SLACK = 0.1 * float(os.environ.get('BOBBIN_PATIENCE', '1'))

app = program()
server = Nebelus()
line = None
due_in_all = 0


def wait_until(moment):
    """Lets time pass: the one thing the test is about."""
    pace(max(0.0, moment - time.monotonic()))


def work(text, draft):
    """Sends text, and types draft when there is one; tells when it did."""
    app.wait(lambda: app.window, what='the window')
    app.composer().set_text(text)
    app.wait(lambda: app.composer().text == text, what='the text in the composer')
    begun = time.monotonic()
    app.press(app.SEND)
    if draft is None:
        return begun, None
    app.wait(lambda: app.composer().text == '', what='the composer to be empty')
    app.composer().set_text(draft)
    return begun, time.monotonic()


def one(number, tries=3):
    global due_in_all
    app.start('--new', window=False)
    text = f'write 2000 words, number {number}.{tries}'
    draft = f'draft of number {number}'
    # the earliest moments lie before the message is on its way
    moment = numbers.uniform(-0.15, 3.0)
    try:
        begun, drafted = apart(app, lambda: work(text, draft if moment > 1.2 else None))
    except Crash as crash:
        print(f'# {crash}', flush=True)
        app.kill()
        if tries <= 1:
            raise
        return one(number, tries - 1)
    wait_until(begun + 0.25 + moment)
    app.process.kill()
    killed = time.monotonic()
    app.process.wait()
    app.process = None

    app.check_integrity()
    # what an earlier kill left queued goes out meanwhile, on a thread and a connection of its own
    sent = [(when, m[CONNECTION]) for when, m in line.messages() if m.get('content', '').startswith(text)]
    check(len(sent) <= 1, f'sent {len(sent)} times')
    mine = [m for m in app.messages('user') if m[3] == text]
    in_draft = [row for row in app.query('SELECT text FROM drafts') if row[0] == text]
    check(len(mine) + len(in_draft) == 1, f'the message is there {len(mine)} times, in the draft {len(in_draft)} times')
    if sent:
        check(mine, 'sent, but not in the database')
        due = line.answer_text(sent[0][0], killed - BEHIND - SLACK, sent[0][1])
        due_in_all += len(due)
        passed = line.answer_text(sent[0][0], None, sent[0][1])
        thread = app.query('SELECT thread_id FROM messages WHERE id = ?', mine[0][0])[0][0]
        kept = ''.join(app.block_texts("m.thread_id = ? AND m.role = 'assistant' AND b.kind = 'text'", thread))
        check(passed.startswith(kept), f'kept what never passed: {kept[-80:]!r}')
        check(len(kept) >= len(due), f'{len(due) - len(kept)} characters lost that passed {BEHIND} s before the kill')
    if drafted is not None and killed - drafted > BEHIND + SLACK:
        equal([r[0] for r in app.query('SELECT text FROM drafts') if r[0].startswith('draft of number')][-1:], [draft],
              'the draft')
    return moment


def prepare():
    """a server, a line and an account"""
    global line
    print(f'# seed {SEED}', flush=True)
    server.start()
    line = Line(server.port)
    server.add_account(app, port=line.port)


def kill_case(number):
    def case():
        one(number)
    case.__doc__ = f'kill number {number}'
    return case


def after():
    """at the next start nothing is sent again and every cut answer says so"""
    print(f'# {due_in_all} characters were due in all', flush=True)
    check(due_in_all > 0, 'no kill came while an answer streamed')
    app.start('--new')
    app.composer()
    unsure = app.query("SELECT count(*) FROM messages WHERE delivery IN ('sending', 'accepted', 'answering')")[0][0]
    app.wait(lambda: app.query("SELECT count(*) FROM messages WHERE delivery = 'queued'")[0][0] == 0, 60,
             'queued messages to go out')
    app.wait_answer(120)
    texts = [text for _, text in line.chats()]
    twice = sorted({t for t in texts if texts.count(t) > 1})
    equal(twice, [], 'messages sent twice')
    equal(unsure, 0, 'messages in an open state after the start')
    app.quit()
    app.check_integrity()


if __name__ == '__main__':
    try:
        sys.exit(run([prepare] + [kill_case(n) for n in range(1, KILLS + 1)] + [after], app, server.stop))
    except Failure as failure:
        print(f'Bail out! {failure}')
        sys.exit(1)
