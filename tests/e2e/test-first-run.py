#!/usr/bin/python3
"""The first evening with Bobbin: the welcome page, the demo agent, an answer that streams, the next day."""

import sys

from bobbin import BUTTONS, program
from driver import Screen, check, equal, run

app = program()
QUESTION = 'Tell me something about bobbins'


def welcome():
    """the first start shows the welcome page"""
    app.start()
    app.wait_for(app.TRY_DEMO, BUTTONS)
    app.wait_for(app.ADD_ACCOUNT, BUTTONS)


def demo():
    """one button leads to the demo agent and a composer that takes the keyboard"""
    app.press(app.TRY_DEMO)
    app.composer()
    app.wait_focused(app.COMPOSER)
    Screen.type('x')
    app.wait(lambda: app.composer().text == 'x', what='typing without a click')
    Screen.key('BackSpace')


def ask():
    """a question is answered piece by piece"""
    app.send(QUESTION)
    seen = set()

    def grown():
        answers = app.messages('assistant')
        if answers and answers[-1][3]:
            seen.add(len(answers[-1][3]))
        return (answers and answers[-1][2] == 'complete') or len(seen) >= 3
    app.wait(grown, 60, 'the answer to stream')
    app.wait_answer()
    check(len(seen) >= 2, f'the answer came in one piece: {seen}')
    question, answer = app.messages('user')[-1], app.messages('assistant')[-1]
    equal(question[2:], ('complete', QUESTION), 'the question')
    equal(answer[2], 'complete', 'the answer')
    first = answer[3].split('\n')[0].strip('#* ')[:30]
    app.wait_text(first)
    app.wait(lambda: app.query('SELECT unread FROM threads') == [(0,)], what='what was seen to be read')


def again():
    """after quitting and starting the thread is there and opens"""
    answer = app.messages('assistant')[-1][3]
    app.quit()
    app.start()
    app.open_row(QUESTION[:20])
    app.wait_text(QUESTION)
    app.wait_text(answer.split('\n')[0].strip('#* ')[:30])


def resume():
    """and goes on"""
    app.ask('And what else?')
    equal([m[2] for m in app.messages()], ['complete'] * 4, 'states of the messages')
    equal(len(app.query('SELECT id FROM threads')), 1, 'number of threads')


def sound():
    """the database is sound at the end"""
    app.quit()
    app.check_integrity()


if __name__ == '__main__':
    sys.exit(run([welcome, demo, ask, again, resume, sound], app))
