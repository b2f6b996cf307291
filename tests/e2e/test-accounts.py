#!/usr/bin/python3
"""Two accounts at once: both converse, the reader goes to and fro, one server stops answering in mid answer and goes on, or
does not, and the other is not touched by it."""

import re
import sys

from bobbin import paced, program
from driver import Screen, check, equal, run
from nebelus import Nebelus

app = program()
first, second = Nebelus(speed=15), Nebelus(speed=15)
WORDS = ('write 150 words for one', 'write 120 words for two')
LOST = re.compile('connection was lost')


def thread_of(words):
    """(thread, message) of a prompt, or None."""
    return next(iter(app.query("SELECT m.thread_id, m.id FROM messages m JOIN blocks b ON b.message_id = m.id "
                               "WHERE m.role = 'user' AND b.text = ?", words)), None)


def state_of(words):
    """(delivery, text) of the answer to a prompt; (None, '') without one."""
    prompt = thread_of(words)
    answers = prompt and app.query("SELECT id, delivery FROM messages WHERE thread_id = ? AND role = 'assistant' AND id > ? ORDER BY id",
                                   *prompt)
    return (answers[0][1], ''.join(app.block_texts("m.id = ? AND b.kind = 'text'", answers[0][0]))) if answers else (None, '')


def wait_state(words, delivery, timeout=90):
    app.wait(lambda: state_of(words)[0] == delivery, timeout, f'the answer to "{words}" to be {delivery}')


def choose(number):
    """An account of the filter: 0 is all."""
    Screen.click(app, app.wait_for('Account'))
    for name in ('All Accounts', 'Work', 'Home'):
        app.wait_for(name, 'label')
    Screen.key('Home', *['Down'] * number, 'Return')
    # GTK 4.8 takes the first click after something was chosen with keys for one into the list
    Screen.click(app, app.composer())


def conversations():
    """Rows of conversations, without headings."""
    return [n.name for n in app.rows() if ', ' in n.name]


def open_of(number):
    """The conversation of an account, which has one, by what its row says of it."""
    ((says,),) = app.query('SELECT snippet FROM threads WHERE id = ?', thread_of(WORDS[number - 1])[0])
    app.open_row(says[:20])


def begin(words):
    """Asks, and waits for part of the answer."""
    app.put(words)
    app.wait(lambda: len(state_of(words)[1]) > 40, what='part of the answer')


def both():
    """two accounts answer at the same time, each in its own conversation"""
    first.start()
    second.start()
    first.add_account(app, name='Work')
    second.add_account(app, name='Home')
    app.extra.update(paced(4000))  # a computer with much to do must not take a pause for the end
    app.start('--new')
    for number, (words, server) in enumerate(zip(WORDS, (first, second)), 1):
        choose(number)
        Screen.key('ctrl+n')
        app.wait(lambda: app.composer().text == '', what='a new conversation')
        begin(words)
        server.freeze()
    check(all(state_of(words)[0] == 'answering' for words in WORDS), 'they do not answer at once')
    first.thaw()
    second.thaw()
    for words in WORDS:
        wait_state(words, 'complete')
    equal((first.texts(), second.texts()), ([WORDS[0]], [WORDS[1]]), 'what each server was asked')


def filtered():
    """the filter shows the conversations of one account"""
    app.wait(lambda: len(conversations()) == 1, what='one conversation')
    choose(0)
    app.wait(lambda: len(conversations()) == 2, what='both conversations')
    for _ in range(3):
        Screen.key('ctrl+Page_Down', 'ctrl+Page_Up')
    open_of(1)
    app.wait_text(WORDS[0])
    check(not app.reads(WORDS[1]), 'both conversations are shown')


def pauses():
    """a server that stops in mid answer and goes on soon: nothing is lost, and nobody is alarmed"""
    words = 'write 500 words, first pause'
    open_of(1)
    begin(words)
    first.freeze()
    open_of(2)
    app.put('hello to the other')
    wait_state('hello to the other', 'complete')
    equal(state_of(words)[0], 'answering', 'the answer that waits')
    check(not app.reads(LOST), 'a connection is said to be lost')
    first.thaw()
    wait_state(words, 'complete')
    equal(first.texts().count(words), 1, 'times sent')


def stops():
    """a server that stops for good: noticed by the pings, told, the answer kept; when it goes on, so does the conversation"""
    words = 'write 500 words, second pause'
    app.quit()
    app.extra.update(paced())
    app.start()
    open_of(1)
    begin(words)
    first.freeze()
    shown = state_of(words)[1]
    wait_state(words, 'interrupted')
    check(state_of(words)[1].startswith(shown), 'what was there is gone')
    app.wait_text(re.compile('nterrupted'))
    app.put('and this?')
    app.wait_for(app.TRY_NOW, timeout=60)
    app.wait_text(LOST)
    open_of(2)
    app.wait(lambda: not app.reads(LOST), 10, 'the other account to tell of no connection that it did not lose')  # the bar slides away
    open_of(1)
    first.thaw()
    wait_state('and this?', 'complete')
    app.wait_gone(app.TRY_NOW)
    app.wait_answer()
    for text in (words, 'and this?'):
        equal(first.texts().count(text), 1, f'times "{text}" was sent')


def end():
    """all of it is there at the next start"""
    before = app.messages()
    app.quit()
    app.check_integrity()
    app.start()
    equal(app.messages(), before, 'messages')
    app.quit()


def servers():
    first.stop()
    second.stop()


if __name__ == '__main__':
    sys.exit(run([both, filtered, pauses, stops, end], app, servers))
