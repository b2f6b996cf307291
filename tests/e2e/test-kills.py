"""kill -9 at random moments of a streaming conversation: nothing lost, nothing sent twice, the database sound.

BOBBIN_KILLS says how many (6), BOBBIN_SEED which moments. A line between program and server says what really passed, and
when. What was received more than 500 ms before the kill must be on disk; so must every text that stood in the composer that
long, whole, as draft or as message, and every message of which a byte was sent.

What the program is promised is time in which it could run: what the scheduler kept it waiting (seen in /proc) does not
count, and its files are in memory, where no slow disk holds it up. So the moments are exact on a busy machine too."""

import os
import random
import sys
import time

from bobbin import program
from driver import Failure, check, equal, memory_home, pace, poll, run
from nebelus import Nebelus
from proxy import CONNECTION, Line
from starved import Starved

KILLS = int(os.environ.get('BOBBIN_KILLS', '6'))
SEED = int(os.environ.get('BOBBIN_SEED') or time.time())
numbers = random.Random(SEED)
# promised are 500 ms for what is received and 300 ms for what is typed; the rest is the way of a byte through two programs
BEHIND = 0.6
DRAFT_BEHIND = 0.4
OPEN = "('sending', 'accepted', 'answering')"

app = program(home=memory_home())
server = Nebelus()
line = None
due_in_all = 0


def moments():
    """When to kill, as (from what, seconds): from the text in the composer, or from the first words of the answer on the line.
    Spread evenly, so that every part of a turn is met however few there are."""
    typed = KILLS - KILLS // 2
    spread = [('typed', (n + numbers.random()) / typed * 1.5) for n in range(typed)]
    spread += [('answer', (n + numbers.random()) / (KILLS // 2) * 2.5) for n in range(KILLS // 2)]
    numbers.shuffle(spread)
    return spread


def wait_until(moment, starved=None):
    """Lets time pass: the one thing the test is about."""
    while (left := moment - time.monotonic()) > 0:
        pace(min(left, 0.05))
        if starved is not None:
            starved.look()


def type_and_send(text):
    """Tells when the text was seen in the composer."""
    app.wait(lambda: app.window, what='the window')
    app.composer().set_text(text)
    app.wait(lambda: app.composer().text == text, what='the text in the composer')
    seen = time.monotonic()
    app.press(app.SEND, settle=False)
    return seen


def type_draft(draft):
    app.wait(lambda: app.composer().text == '', what='the composer to be empty')
    app.composer().set_text(draft)
    app.wait(lambda: app.composer().text == draft, what='the draft in the composer')
    return time.monotonic()


def sent_with(text):
    """(time, connection) of every message that begins so. What an earlier kill left queued has another number."""
    return [(when, m[CONNECTION]) for when, m in line.messages() if m.get('content', '').startswith(text)]


def answer_since(text):
    sent = sent_with(text)
    return line.answer_text(sent[0][0], None, sent[0][1]) if sent else ''


def at_moment(since, seconds):
    """A kill some seconds after what was typed stood in the composer, or after the answer and a draft below it appeared."""
    def drive(text, draft, starved):
        seen, drafted = type_and_send(text), None
        if since == 'answer':
            app.wait(lambda: starved.look() or answer_since(text), what='the answer on the line')
            drafted = type_draft(draft)
        starved.look()
        wait_until(time.monotonic() + seconds if drafted else seen + seconds, starved)
        print(f'# {seconds:.3f} s after {since}', flush=True)
        return seen, drafted
    return drive


def in_good_time(text, draft, starved):
    """A kill as soon as some of the answer must be on disk."""
    def enough():
        starved.look()
        sent = sent_with(text)
        return sent and line.answer_text(sent[0][0], starved.latest(time.monotonic(), BEHIND), sent[0][1])
    seen = type_and_send(text)
    app.wait(enough, 120, 'an answer of some age')
    return seen, None


def check_disk(text, draft, seen, drafted, killed, starved):
    """What the database must hold, and what it must not."""
    global due_in_all
    app.check_integrity()
    sent = sent_with(text)
    check(len(sent) <= 1, f'sent {len(sent)} times')
    mine = [m for m in app.messages('user') if m[3] == text]
    in_draft = [row for row in app.query('SELECT text FROM drafts') if row[0] == text]
    told = f'the message is there {len(mine)} times, in the draft {len(in_draft)} times'
    check(len(mine) + len(in_draft) <= 1, told)
    if seen < starved.latest(killed, DRAFT_BEHIND):
        check(len(mine) + len(in_draft) == 1, f'{told}, {killed - seen:.3f} s after it stood in the composer')
    if sent:
        check(mine, 'sent, but not in the database')
        due = line.answer_text(sent[0][0], starved.latest(killed, BEHIND), sent[0][1])
        due_in_all += len(due)
        thread = app.query('SELECT thread_id FROM messages WHERE id = ?', mine[0][0])[0][0]
        kept = ''.join(app.block_texts("m.thread_id = ? AND m.role = 'assistant' AND b.kind = 'text'", thread))
        poll(lambda: answer_since(text).startswith(kept), 5, f'what was kept to have passed: {kept[-80:]!r}')
        check(len(kept) >= len(due), f'{len(due) - len(kept)} characters lost that passed {BEHIND} s before the kill')
    if drafted is not None and drafted < starved.latest(killed, DRAFT_BEHIND):
        equal([row[0] for row in app.query('SELECT text FROM drafts') if row[0] == draft], [draft], 'the draft')


def one(number, drive):
    text = f'write 2000 words, number {number}.'
    draft = f'draft of number {number}.'
    app.start('--new', window=False)
    starved = Starved(app.pid)
    seen, drafted = drive(text, draft, starved)
    starved.look()
    app.alive()
    # taken before: it lived at least until now
    killed = time.monotonic()
    app.kill()
    print(f'# kept waiting {starved.in_all():.3f} s', flush=True)
    return check_disk(text, draft, seen, drafted, killed, starved)


def prepare():
    """a server, a line and an account"""
    global line
    print(f'# seed {SEED}', flush=True)
    server.start()
    line = Line(server.port)
    server.add_account(app, port=line.port)


def kill_case(number, moment):
    def case():
        one(number, at_moment(*moment))
    case.__doc__ = f'kill number {number}'
    return case


def kill_in_good_time():
    """a kill after enough of an answer had passed"""
    before = due_in_all
    one(KILLS + 1, in_good_time)
    check(due_in_all > before, 'nothing was due')
    print(f'# {due_in_all} characters were due in all', flush=True)


def after():
    """at the next start nothing is sent again and every cut answer says so"""
    cut = [row[0] for row in app.query(f'SELECT id FROM messages WHERE delivery IN {OPEN}')]
    app.start('--new', window=False)
    app.wait(app.is_on_bus, what='the program on the bus')
    app.wait(lambda: app.query('SELECT count(*) FROM messages WHERE delivery = ?', 'queued')[0][0] == 0, 60,
             'queued messages to go out')
    app.wait(lambda: app.query(f'SELECT count(*) FROM messages WHERE delivery IN {OPEN}')[0][0] == 0, 120,
             'every answer to end')
    ends = {row[0] for row in app.query('SELECT DISTINCT delivery FROM messages WHERE id IN (%s)' % ','.join('?' * len(cut)),
                                        *cut)}
    check(ends <= {'interrupted', 'failed'}, f'cut messages are {ends}')
    texts = [text for _, text in line.chats()]
    twice = sorted({t for t in texts if texts.count(t) > 1})
    equal(twice, [], 'messages sent twice')
    app.quit()
    app.check_integrity()


if __name__ == '__main__':
    cases = [prepare] + [kill_case(n, moment) for n, moment in enumerate(moments(), 1)] + [kill_in_good_time, after]
    try:
        sys.exit(run(cases, app, server.stop))
    except Failure as failure:
        print(f'Bail out! {failure}')
        sys.exit(1)
