#!/usr/bin/python3
"""Shell scripts of the project, by their interpreter: what shellcheck knows to be wrong."""

import os
import re

from tap import TOP, main, output, read, silent, tracked


def scripts():
    found = []
    for path in tracked():
        if os.path.islink(os.path.join(TOP, path)) or path.startswith('tests/data/'):
            continue
        with open(os.path.join(TOP, path), 'rb') as file:
            head = file.read(100)
        if re.match(rb'#!\s*(/usr)?/bin/(env )?(ba|da)?sh\b', head) or path.endswith('.sh'):
            found.append(path)
    return found


def scripts_are_sound():
    found = scripts()
    assert len(found) > 8, found
    silent('shellcheck', '--external-sources', '--severity=warning', *found, cwd=TOP)


def completions_are_sound():
    silent('shellcheck', '--shell=bash', '--severity=warning', 'data/completions/bobbin.bash', cwd=TOP)


def scripts_parse():
    for path in scripts():
        shell = 'bash' if re.match(r'#!.*bash|# shellcheck shell=bash', read(path)) else 'sh'
        output(shell, '-n', path, cwd=TOP)


if __name__ == '__main__':
    main([scripts_are_sound, completions_are_sound, scripts_parse])
