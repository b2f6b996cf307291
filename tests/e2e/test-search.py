#!/usr/bin/python3
"""Searching everything: as one types, by keyboard alone, with filters, into folded cards, and from the desktop's own search."""

import os
import re
import subprocess
import sys

from bobbin import build_dir, program
from driver import Screen, check, die_with_parent, equal, poll, run, shell
from nebelus import Nebelus

app = program()
server = Nebelus()
provider = None
ENTRY = 'Search Conversations'
PROVIDER = 'io.github.bobbin_chat.Bobbin.SearchProvider'


def results():
    """The rows of the list, by name, without headings."""
    return [n for n in app.rows() if ', ' in n.name]


def count():
    label = next((n for n in app.window.shown() if re.search(r'\d results?\b', n.name or n.text or '')), None)
    return (label.name or label.text) if label else ''


def entry():
    """The button in the header bar has the same name."""
    return next((n for n in app.window.shown() if n.named(ENTRY) and n.editable), None)


def in_entry():
    node = entry()
    return node is not None and any(n.has('focused') for n in node.walk())


def look_for(words):
    Screen.key('ctrl+shift+f')
    app.wait(in_entry, what='the keyboard in the entry')
    Screen.key('ctrl+a', 'BackSpace')
    Screen.type(words)
    app.wait(lambda: entry().text == words, what='the words in the entry')


def as_one_types():
    """words in any conversation are found while they are typed, with the line they are in"""
    subprocess.run([os.path.join(build_dir(), 'tests', 'support', 'make-profile'), app.data_dir, '--threads', '120',
                    '--messages', '2'], check=True, timeout=120)
    server.start()
    server.add_account(app)
    app.cli('ask', '--account', 'Test', '--new', 'run several tools', timeout=120)
    app.start()
    look_for('lant')
    app.wait(lambda: count() != '' and any('lantern' in n.name for n in results()), what='results')
    before = count()
    title = app.query("SELECT title FROM threads WHERE title LIKE '%lantern%'")[0][0]
    Screen.type('ern ' + title.split()[-1])
    app.wait(lambda: count() not in ('', before) and any(n.name.startswith(title) for n in results()), what='fewer results')


def with_filters():
    """one's own words only, then all again"""
    look_for('lantern')
    app.wait(lambda: any(', You, ' in n.name for n in results()) and any('Agent' in n.name or 'Demo' in n.name for n in results()),
             what='what both said')
    app.press('From')
    app.press('You', ('menu item', 'radio menu item', 'radio button', 'check menu item'))
    app.wait(lambda: results() and all(', You, ' in n.name for n in results()), what='what I said')
    app.press('Clear Filters')
    app.wait(lambda: any(', You, ' not in n.name for n in results()), what='all again')


def by_keyboard():
    """Down into the list, Enter opens, and nothing found is said"""
    look_for('zzzz')
    app.wait_for('No Results')
    look_for('invoice 5')
    app.wait(lambda: count() != '' and results(), what='results')
    Screen.key('Down')
    app.wait(lambda: any(n.has('focused') for n in app.rows()), what='the keyboard in the list')
    Screen.key('Up')
    app.wait(in_entry, what='the keyboard in the entry')
    Screen.key('Down')
    row = app.wait(lambda: next((n for n in app.rows() if n.has('focused')), None), what='the keyboard in the list')
    title = row.name.split(', ')[0]
    Screen.key('Return')
    app.wait(lambda: app.window.name.startswith(title), what='the conversation')


def into_cards():
    """what a tool answered is found, and its card unfolds"""
    look_for('"timed out"')
    row = app.wait(lambda: next((n for n in results() if ', Tool, ' in n.name), None), what='what the tool said')
    check('{' not in row.name and '"' not in row.name, f'JSON is shown: {row.name}')
    Screen.click(app, row)
    app.wait(lambda: any(n.has('expanded') for n in app.window.shown() if n.role in ('push button', 'toggle button', 'button')),
             what='the card to unfold')


def from_the_desktop():
    """the shell's search finds a conversation and opens it in the running program"""
    global provider
    provider = subprocess.Popen([app.binary, 'search-provider'], env=app.environment, preexec_fn=die_with_parent)
    shell('gdbus', 'wait', '--session', PROVIDER, '--timeout', '20')

    def ask(method, *arguments):
        return shell('gdbus', 'call', '--session', '--dest', PROVIDER, '--object-path', '/' + PROVIDER.replace('.', '/'), '--method',
                     'org.gnome.Shell.SearchProvider2.' + method, *arguments)
    title = app.query("SELECT title FROM threads WHERE title LIKE 'About the orchard%'")[0][0]
    ids = re.findall(r"'([^']+)'", ask('GetInitialResultSet', f"['orchard', '{title.split()[-1]}']"))
    check(ids, 'nothing was found')
    name = re.search(r"'name': <'([^']+)'>", ask('GetResultMetas', f"['{ids[0]}']")).group(1)
    ask('ActivateResult', ids[0], "['orchard']", '0')
    app.wait(lambda: app.window.name == name, what='the conversation that was chosen')
    ask('LaunchSearch', "['harbour']", '0')
    app.wait(lambda: entry() is not None and entry().text == 'harbour', what='the search in the window')
    equal(len(app.windows), 1, 'windows')


def end():
    """the database is sound"""
    app.quit()
    app.check_integrity()


def clean():
    server.stop()
    if provider is not None:
        provider.terminate()
        poll(lambda: provider.poll() is not None, what='the search provider to end')


if __name__ == '__main__':
    sys.exit(run([as_one_types, with_filters, by_keyboard, into_cards, from_the_desktop, end], app, clean))
