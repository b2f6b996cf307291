#!/usr/bin/python3
"""The bus starts the program: cold Activate shows a window, actions and addresses arrive, and as a service it shows nothing
and leaves by itself. The search of the desktop is answered without a window, and what it found opens. Run through
with-desktop.sh."""

import os
import re
import subprocess
import sys

from tap import BOBBIN, BUILD, app_id, built, main

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'e2e'))
from driver import Screen, poll, shell

ID = app_id()
PATH = '/' + ID.replace('.', '/').replace('-', '_')
SEARCH = ID + '.SearchProvider'


def bus(method, *arguments, dest='org.freedesktop.DBus', path='/org/freedesktop/DBus'):
    return shell('gdbus', 'call', '--session', '--timeout', '60', '--dest', dest, '--object-path', path, '--method', method, *arguments)


def call(method, *arguments):
    return bus('org.freedesktop.Application.' + method, *arguments, dest=ID, path=PATH)


def runs(name=ID):
    return 'true' in bus('org.freedesktop.DBus.NameHasOwner', name)


def pid(name=ID):
    return int(re.search(r'uint32 (\d+)', bus('org.freedesktop.DBus.GetConnectionUnixProcessID', name)).group(1))


def install_services():
    """The service files as they are built, with the program where it is built; the search without a display, for it needs none."""
    folder = os.path.join(os.environ['XDG_RUNTIME_DIR'], 'dbus-1', 'services')
    os.makedirs(folder, exist_ok=True)
    for suffix in '.service', '.SearchProvider.service':
        with open(built(suffix), encoding='utf-8') as file:
            bare = '-u DISPLAY -u WAYLAND_DISPLAY ' if 'Search' in suffix else ''
            text = re.sub(r'^Exec=\S+', f'Exec=/usr/bin/env {bare}GSETTINGS_SCHEMA_DIR={BUILD}/data {BOBBIN}', file.read(), flags=re.M)
        with open(os.path.join(folder, ID + suffix), 'w', encoding='utf-8') as file:
            file.write(text)
    bus('org.freedesktop.DBus.ReloadConfig')
    poll(lambda: SEARCH in bus('org.freedesktop.DBus.ListActivatableNames'), what='the bus to know the program')


def quit_it():
    call('ActivateAction', 'quit', '[]', '{}')
    poll(lambda: not runs(), what='the program to quit')


def activate_shows_a_window():
    assert not runs()
    call('Activate', '{}')
    poll(lambda: Screen.x_window(pid()), what='the window')
    quit_it()


def an_action_starts_it():
    call('ActivateAction', 'new-conversation', '[]', '{}')
    poll(lambda: Screen.x_window(pid()), what='the window')
    before = pid()
    call('Activate', '{}')
    assert pid() == before, 'a second program was started'
    quit_it()


def an_address_starts_it():
    call('Open', "['bobbin:?text=hello']", '{}')
    poll(lambda: Screen.x_window(pid()), what='the window')
    quit_it()


def a_service_leaves_by_itself():
    """gapplication list-actions starts it without a window; GApplication keeps a service ten seconds."""
    bus('org.freedesktop.DBus.StartServiceByName', ID, '0')
    poll(runs, what='the service')
    assert Screen.x_window(pid()) is None
    poll(lambda: not runs(), 60, what='the service to leave')


def search(method, *arguments):
    return bus('org.gnome.Shell.SearchProvider2.' + method, *arguments, dest=SEARCH, path=PATH + '/SearchProvider')


def ask_the_first_question():
    """With nothing there no profile is made for it; with one, cold, what is in it."""
    data = os.path.expanduser('~/.local/share/bobbin')
    before = os.path.exists(os.path.join(data, 'bobbin.db'))
    said = search('GetInitialResultSet', "['lantern']")
    assert '@as []' in said, said
    assert os.path.exists(os.path.join(data, 'bobbin.db')) == before
    subprocess.run(['kill', str(pid(SEARCH))], check=True)
    poll(lambda: not runs(SEARCH), what='the search to leave')
    subprocess.run([os.path.join(BUILD, 'tests', 'support', 'make-profile'), data, '200'], check=True, timeout=120)
    said = search('GetInitialResultSet', "['lantern', 'about']")
    ids = re.findall(r"'([^']+)'", said)
    assert ids, said
    assert Screen.x_window(pid(SEARCH)) is None
    metas = search('GetResultMetas', f"['{ids[0]}', 'nonsense']")
    assert metas.count("'id': <") == 1 and ids[0] in metas and 'lantern' in metas and ID in metas, metas
    assert set(re.findall(r"'([^']+)'", search('GetSubsearchResultSet', f"['{ids[0]}']", "['lantern', 'about', '12']"))) <= set(ids)
    for odd in '"', 'AND', '*', 'x' * 100000:
        search('GetInitialResultSet', "['" + odd + "']")
    return ids[0]


def what_was_found_opens():
    found = ask_the_first_question()
    search('ActivateResult', found, "['lantern']", '0')
    poll(lambda: runs() and Screen.x_window(pid()), what='the window')
    quit_it()
    search('LaunchSearch', "['lantern', 'about']", '0')
    poll(lambda: runs() and Screen.x_window(pid()), what='the window')
    quit_it()


def the_search_leaves_by_itself():
    search('GetInitialResultSet', "['x']")
    assert runs(SEARCH)
    poll(lambda: not runs(SEARCH), 60, what='the search to leave')


if __name__ == '__main__':
    install_services()
    try:
        main([activate_shows_a_window, an_action_starts_it, an_address_starts_it, a_service_leaves_by_itself, what_was_found_opens,
              the_search_leaves_by_itself])
    finally:
        if runs():
            subprocess.run(['kill', str(pid())], check=False)
