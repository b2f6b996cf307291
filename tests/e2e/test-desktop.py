#!/usr/bin/python3
"""At home on the desktop: links, the quick question, life without a window, the portal, staying awake, the keyboard."""

import re
import sys

from bobbin import Screen, program
from desktopbus import ID, Services, activate_action, bus, make_activatable, pid, runs, set_option, PATH
from driver import check, equal, pace, poll, run, shell
from nebelus import Nebelus

app = program()
server = Nebelus(speed=40)
services = Services('gtk', 'background', 'session')


def setting(key):
    return shell('gsettings', 'get', ID, key, env=app.environment).strip()


def switch(title):
    """Clicks on the row of a switch, which is in the window on top."""
    node = app.wait_for(title, 'label')
    x, y, width, height = Screen.geometry(int(shell('xdotool', 'getactivewindow')))
    _, _, frame_width, frame_height = app.window.extents
    nx, ny, nw, nh = node.extents
    shell('xdotool', 'mousemove', str(x + (width - frame_width) // 2 + nx + nw // 2),
          str(y + (height - frame_height) // 2 + ny + nh // 2))
    pace()
    shell('xdotool', 'click', '1')


def awake_while_it_streams():
    """Suspending is inhibited exactly while an answer arrives"""
    server.start()
    server.add_account(app)
    make_activatable(app)
    app.start('--new')
    app.put('write 300 words')
    _, _, reason, flags = services.wait('Inhibit')
    equal((reason, flags), ('An answer is arriving', 4), 'what is said')
    check(not services.named('Uninhibit'), 'it is still arriving')
    app.press(re.compile('^Stop'))
    app.wait_answer()
    services.wait('Uninhibit')


def goes_on_without_a_window():
    """The last window is closed while an answer arrives: it goes on, is saved whole and told"""
    app.put('write 30 words')
    app.wait(app.answering, what='the answer to begin')
    Screen.key('ctrl+w')
    app.wait(lambda: Screen.x_window(app.pid) is None, what='the window to close')
    _, ident, _ = services.wait('AddNotification')
    check(ident.startswith('thread-'), ident)
    app.quit()
    equal({m[2] for m in app.messages('assistant')}, {'stopped', 'complete'}, 'states')


def links():
    """A link starts a conversation with its text and sends nothing; another opens one"""
    before = len(server.chats)
    bus('org.freedesktop.Application.Open', "['bobbin:new?text=from%20a%20link']", '{}', dest=ID, path=PATH)
    poll(lambda: Screen.x_window(pid()), what='the window')
    poll(lambda: app.query("SELECT count(*) FROM drafts WHERE text = 'from a link'")[0][0] == 1, what='the draft')
    activate_action('quit')
    poll(lambda: not runs(), what='the program to quit')
    app.start(f'bobbin:{app.server_id() or app.query("SELECT server_id FROM threads WHERE server_id IS NOT NULL")[0][0]}')
    app.wait_text('write 30 words')
    equal(len(server.chats), before, 'messages at the server')


def palette():
    """Ctrl+K: a few letters and Enter do an action and open a conversation; Escape leaves all as it was"""
    Screen.key('ctrl+k')
    app.wait_focused(re.compile('^Find an action'))
    Screen.type('from a')
    Screen.key('Escape')
    app.wait(lambda: app.window.find('Message') is not None, what='the palette to close')
    Screen.key('ctrl+k')
    app.wait_focused(re.compile('^Find an action'))
    Screen.type('keyb')
    app.wait_for(re.compile('^Keyboard shortcuts'), 'list item')
    Screen.key('Return')
    app.wait(lambda: len(app.windows) > 1, what='the shortcuts')
    Screen.key('Escape')
    app.wait(lambda: len(app.windows) == 1, what='the shortcuts to close')


def panes():
    """F6 goes between the panes, and the keyboard is never lost"""
    Screen.key('ctrl+l')
    app.wait_focused('Message')
    Screen.key('F6')
    app.wait(lambda: any(n.has('focused') for n in app.sidebar().walk()), what='the keyboard in the list')
    Screen.key('F6', 'F6')  # the messages lie between
    app.wait_focused('Message')


def quick():
    """The small window: Escape keeps what was typed, Enter sends it and shows the conversation"""
    app.activate('quick-ask')
    app.wait_focused('Question')
    Screen.type('hello quick')
    app.wait(lambda: app.query("SELECT count(*) FROM drafts WHERE text = 'hello quick'")[0][0] == 1, what='the draft')
    Screen.key('Escape')
    app.wait(lambda: app.find('Question') is None, what='it to close')
    app.activate('quick-ask')
    app.wait_focused('Question')
    app.wait(lambda: app.find('Question').text == 'hello quick', what='what was typed')
    Screen.key('Return')
    app.wait(lambda: 'hello quick' in server.texts(), what='the question at the server')
    app.wait(lambda: app.find('Question') is None, what='it to close')
    app.wait_text('hello quick')
    app.wait_answer()


def portal():
    """The desktop is asked before the program stays or starts by itself; what it refuses is off and explained"""
    app.activate('preferences')
    app.press('Desktop', None)
    switch('Keep Running Without a Window')
    _, options = services.wait('RequestBackground')
    equal(options['autostart'], False, 'autostart')
    app.wait(lambda: setting('run-in-background') == 'true', what='the setting')
    services.tell(deny=True)
    switch('Start With the Session')
    _, options = services.wait('RequestBackground', 2)
    equal((options['autostart'], options['commandline']), (True, ['bobbin', '--gapplication-service']), 'what is asked')
    app.wait_text('does not allow it')
    equal((setting('run-in-background'), setting('autostart')), ('false', 'false'), 'settings')
    services.tell(deny=False)
    switch('Keep Running Without a Window')
    app.wait(lambda: setting('run-in-background') == 'true', what='the setting')
    Screen.key('Escape')
    app.wait(lambda: len(app.windows) == 1, what='the preferences to close')
    Screen.key('ctrl+w')
    app.wait(lambda: Screen.x_window(app.pid) is None, what='the window to close')
    app.alive()
    bus('org.freedesktop.Application.Activate', '{}', dest=ID, path=PATH)
    app.wait(lambda: Screen.x_window(app.pid), what='the window to be back')
    set_option(app, 'run-in-background', 'false')


def end():
    """the program quits in good order"""
    app.quit()
    app.check_integrity()


def clean():
    services.stop()
    server.stop()


if __name__ == '__main__':
    sys.exit(run([awake_while_it_streams, goes_on_without_a_window, links, palette, panes, quick, portal, end], app, clean))
