#!/usr/bin/python3
"""Pictures of every screen and state: screenshots.py BUILD DIRECTORY [LOOK or ACT]...

Looks: light dark contrast contrast-dark large (text at 200 %) rtl. Acts: the classes of screens.py by their names in small
letters. Without looks all of them, without acts all of them. Each act is a run of the program in a desktop and home of its
own, so one may be repeated alone. What could not be pictured is told at the end, and the exit status is 1 then.

Pictures are NAME-LOOK-SIZE.png: wide is 1000x720, narrow 360x640, low 360x294, screen all of the screen with what lies
over the window."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SUPPORT = os.path.join(HERE, '..', 'support')

LOOKS = {
    'light': {},
    'dark': {'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'},
    'contrast': {'ADW_DEBUG_HIGH_CONTRAST': '1'},
    'contrast-dark': {'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark', 'ADW_DEBUG_HIGH_CONTRAST': '1'},
    'large': {'BOBBIN_DPI': '192'},
    'rtl': {'BOBBIN_RTL': '1'},
}


def inside(build, directory, look, act):
    """Within the desktop: one act."""
    import screens
    stage = screens.ACTS[act](build, directory, look)
    stage.perform()
    for failure in stage.failures:
        print(f'failed: {failure}', flush=True)
    return 1 if stage.failures else 0


def environment(build, look, act):
    """What makes the desktop look so."""
    import screens
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE='1', BOBBIN_LOOK='1')
    env.update({'ADW_DEBUG_COLOR_SCHEME': 'prefer-light', **LOOKS[look]})
    if screens.ACTS[act].keyring is False:
        env['BOBBIN_KEYRING'] = 'no'
    if env.pop('BOBBIN_RTL', None):
        env['BOBBIN_PRELOAD'] = os.path.join(build, 'tests', 'support', 'libright-to-left.so')
        if not os.path.exists(env['BOBBIN_PRELOAD']):
            sys.exit('build all of it first: tests/support/libright-to-left.so is not there')
    return env


def main():
    import screens
    build, directory = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    words = sys.argv[3:]
    unknown = [w for w in words if w not in LOOKS and w not in screens.ACTS]
    if unknown:
        print(f'no look or act: {" ".join(unknown)}', file=sys.stderr)
        return 2
    looks = [w for w in words if w in LOOKS] or list(LOOKS)
    acts = [w for w in words if w in screens.ACTS] or list(screens.ACTS)
    if os.environ.get('BOBBIN_LOOK'):
        return inside(build, directory, looks[0], acts[0])

    bad = []
    for look in looks:
        for act in acts:
            command = [os.path.join(SUPPORT, 'with-desktop.sh'), sys.executable, os.path.abspath(__file__), build, directory,
                       look, act]
            done = subprocess.run(command, env=environment(build, look, act), check=False)
            if done.returncode != 0:
                bad.append(f'{act} ({look})')
    if bad:
        print('not all of: ' + ', '.join(bad), file=sys.stderr)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
