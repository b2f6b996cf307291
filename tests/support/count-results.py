#!/usr/bin/python3
"""Counts test cases in the logs meson wrote.

    count-results.py LOG.json [AGAIN.json]   prints what failed, then "passed failed skipped" on the last line
    count-results.py --failed LOG.json       prints the names of the programs with a failed case, one a line

A program that is in AGAIN, where it ran alone, counts as it ended there; that it failed before is printed.

Every TAP line is a case. A program without TAP lines is one case, judged by meson; so is the end of a program that
crashed, ran out of time or told fewer cases than it announced, on top of the cases it told."""

import json
import re
import sys

CASE = re.compile(r'^(not )?ok\b(?:\s+\d+)?(?:\s+-)?\s*([^#]*)(?:#\s*(\w+)\s*(.*))?$')
PLAN = re.compile(r'^1\.\.(\d+)')


def count(test):
    """(passed, names of failed, reasons of skipped) of one program."""
    passed, failed, skipped, plan = 0, [], [], None
    for line in (test.get('stdout') or '').splitlines():
        m = PLAN.match(line)
        if m:
            plan = int(m.group(1))
        m = CASE.match(line)
        if m is None:
            continue
        name, directive = m.group(2).strip(), (m.group(3) or '').upper()
        if directive == 'SKIP':
            skipped.append(f'{name}: {m.group(4)}')
        elif m.group(1):
            failed.append(name)
        else:
            passed += 1
    told = passed + len(failed) + len(skipped)
    good = test['result'] in ('OK', 'EXPECTEDFAIL')
    if plan == 0 and good:
        skipped.append(test['name'])
    elif told == 0 and test['result'] == 'SKIP':
        skipped.append(test['name'])
    elif told == 0 and good and plan is None:
        passed += 1
    elif plan is not None and told < plan:
        failed.append(f'only {told} of {plan} cases were told ({test["result"]})')
    elif not failed and not good and test['result'] != 'SKIP':
        failed.append(f'the program: {test["result"]}, exit status {test.get("returncode")}')
    return passed, failed, skipped


def show(test, failed):
    print(f'--- FAILED in {test["name"]}: ' + '; '.join(failed))
    for stream in ('stdout', 'stderr'):
        lines = (test.get(stream) or '').splitlines()
        if stream == 'stdout':
            lines = [line for line in lines if not line.startswith('ok ')]
        if len(lines) > 80:
            print(f'    ... {len(lines) - 80} lines more in the log')
        for line in lines[-80:]:
            print('    ' + line)


def read(path):
    with open(path, encoding='utf-8', errors='replace') as f:
        return [json.loads(line) for line in f if line.strip()]


def in_place(tests, later):
    """Each test, or what it was when it ran again."""
    later = {test['name']: test for test in later}
    for test in tests:
        failed = count(test)[1]
        if test['name'] in later and failed:
            show(test, failed)
            print(f'--- {test["name"]} ran again alone; that run counts')
        yield later.get(test['name'], test)


def name_failed(path):
    for test in read(path):
        if count(test)[1]:
            print(test['name'].rpartition(' / ')[2])


def main():
    if sys.argv[1] == '--failed':
        name_failed(sys.argv[2])
        return
    totals = [0, 0, 0]
    try:
        tests = list(in_place(read(sys.argv[1]), read(sys.argv[2]) if len(sys.argv) > 2 else []))
    except (OSError, ValueError) as error:
        print(f'--- FAILED: no results in {sys.argv[1]}: {error}')
        tests = []
        totals[1] += 1
    for test in tests:
        passed, failed, skipped = count(test)
        if failed:
            show(test, failed)
        for reason in skipped:
            print(f'skipped in {test["name"]}: {reason}')
        totals = [totals[0] + passed, totals[1] + len(failed), totals[2] + len(skipped)]
    print(*totals)


if __name__ == '__main__':
    main()
