#!/usr/bin/python3
"""The bus starts the program: cold Activate shows a window, actions and addresses arrive, and as a service it shows nothing
and leaves by itself. Run through with-desktop.sh."""

import os
import re
import subprocess
import sys

from tap import BOBBIN, BUILD, app_id, built, main

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'e2e'))
from driver import Screen, poll, shell

ID = app_id()
PATH = '/' + ID.replace('.', '/').replace('-', '_')


def bus(method, *arguments, dest='org.freedesktop.DBus', path='/org/freedesktop/DBus'):
    return shell('gdbus', 'call', '--session', '--timeout', '60', '--dest', dest, '--object-path', path, '--method', method, *arguments)


def call(method, *arguments):
    return bus('org.freedesktop.Application.' + method, *arguments, dest=ID, path=PATH)


def runs():
    return 'true' in bus('org.freedesktop.DBus.NameHasOwner', ID)


def pid():
    return int(re.search(r'uint32 (\d+)', bus('org.freedesktop.DBus.GetConnectionUnixProcessID', ID)).group(1))


def install_service():
    """The service file as it is built, with the program where it is built."""
    folder = os.path.join(os.environ['XDG_RUNTIME_DIR'], 'dbus-1', 'services')
    os.makedirs(folder, exist_ok=True)
    with open(built('.service'), encoding='utf-8') as file:
        text = re.sub(r'^Exec=\S+', f'Exec=/usr/bin/env GSETTINGS_SCHEMA_DIR={BUILD}/data {BOBBIN}', file.read(), flags=re.M)
    with open(os.path.join(folder, ID + '.service'), 'w', encoding='utf-8') as file:
        file.write(text)
    bus('org.freedesktop.DBus.ReloadConfig')
    poll(lambda: ID in bus('org.freedesktop.DBus.ListActivatableNames'), what='the bus to know the program')


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


if __name__ == '__main__':
    install_service()
    try:
        main([activate_shows_a_window, an_action_starts_it, an_address_starts_it, a_service_leaves_by_itself])
    finally:
        if runs():
            subprocess.run(['kill', str(pid())], check=False)
