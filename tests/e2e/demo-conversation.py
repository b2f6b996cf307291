#!/usr/bin/python3
"""Holds a conversation with the demo agent through the window: demo-conversation.py BUILD PICTURE.
Prints the answer and where the picture lies. For src/run.sh on a machine without a display."""

import os
import sys
import time

from bobbin import program
from driver import Failure, Screen

QUESTION = 'What can you do? Show a table.'


def main():
    picture = os.path.abspath(sys.argv[2])
    app = program()
    try:
        begun = time.monotonic()
        app.start()
        print(f'Window after {time.monotonic() - begun:.1f} s')
        app.press(app.TRY_DEMO)
        app.send(QUESTION)
        app.wait(lambda: app.messages('assistant'), 60, 'an answer to begin')
        app.wait_answer()
        Screen.resize(app, 1000, 720)
        Screen.shot(picture, app)
        print(f'Asked: {QUESTION}\nThe demo agent answered:\n')
        print(app.messages('assistant')[-1][3])
        print(f'\nScreenshot: {picture}')
        app.quit()
    except Failure as failure:
        print(f'demo-conversation.py: {failure}', file=sys.stderr)
        if app.node is not None:
            print(app.node.dump(), file=sys.stderr)
        return 1
    finally:
        app.stop()
    return 0


if __name__ == '__main__':
    sys.exit(main())
