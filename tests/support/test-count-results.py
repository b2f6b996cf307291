#!/usr/bin/python3
"""Tests of the counting: what every kind of program leaves in meson's log, and what it must count for."""

import contextlib
import importlib.util
import io
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location('count_results', os.path.join(HERE, 'count-results.py'))
count_results = importlib.util.module_from_spec(spec)
spec.loader.exec_module(count_results)

# what it is, stdout, meson's result, passed, failed, skipped
CASES = [
    ('every case passed', '1..2\nok 1 /a\nok 2 /b\n', 'OK', 2, 0, 0),
    ('one case failed', '1..2\nok 1 /a\nnot ok 2 /b\n', 'ERROR', 1, 1, 0),
    ('a skipped case', 'TAP version 13\n1..2\nok 1 /a\nok 2 /b # SKIP no root\n', 'OK', 1, 0, 1),
    ('all skipped', '1..0 # SKIP no root\n', 'SKIP', 0, 0, 1),
    ('crashed in the second of three', '1..3\nok 1 /a\n', 'ERROR', 1, 1, 0),
    ('crashed after the last', '1..1\nok 1 /a\n', 'ERROR', 1, 1, 0),
    ('crashed before the first', '', 'ERROR', 0, 1, 0),
    ('ran out of time', '1..2\nok 1 /a\n', 'TIMEOUT', 1, 1, 0),
    ('no TAP, exit status 0', 'hello\n', 'OK', 1, 0, 0),
    ('no TAP, exit status 1', 'hello\n', 'FAIL', 0, 1, 0),
    ('no TAP, skipped', '', 'SKIP', 0, 0, 1),
    ('the plan comes last', 'ok 1 /a\nok 2 /b\n1..2\n', 'OK', 2, 0, 0),
    ('words that begin like a case', 'okay\nnot okay\n1..1\nok 1 /a\n', 'OK', 1, 0, 0),
]


def main():
    print(f'TAP version 13\n1..{len(CASES) + 1}')
    bad = 0
    for i, (what, stdout, result, *want) in enumerate(CASES, 1):
        passed, failed, skipped = count_results.count({'name': 'x', 'stdout': stdout, 'result': result})
        good = [passed, len(failed), len(skipped)] == want
        bad += not good
        print(f'{"ok" if good else "not ok"} {i} {what}')
    good = {'name': 'x', 'stdout': '1..1\nok 1 /a\n', 'result': 'OK'}
    failed = dict(good, stdout='1..1\nnot ok 1 /a\n', result='ERROR')
    with contextlib.redirect_stdout(io.StringIO()) as told:
        counted = list(count_results.in_place([failed, dict(failed, name='y')], [good]))
    right = counted == [good, dict(failed, name='y')] and 'x ran again' in told.getvalue()
    print(f'{"ok" if right else "not ok"} {len(CASES) + 1} what ran again counts, and is told')
    return 1 if bad or not right else 0


if __name__ == '__main__':
    sys.exit(main())
