#!/usr/bin/python3
"""Runs every fuzzer for its share of the time, two at a time, and tells what each did.

fuzzers.py BUILD_DIRECTORY --seconds N --seed N [TARGET...]

The corpus that grows is BUILD_DIRECTORY/tests/fuzz/corpus/TARGET, what did harm is in found/. The last line is "PASSED FAILED SKIPPED".
"""
import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument('build', type=Path)
parser.add_argument('--seconds', type=int, default=3600)
parser.add_argument('--seed', type=int, default=1)
parser.add_argument('targets', nargs='*')
options = parser.parse_intermixed_args()
home = options.build.resolve() / 'tests' / 'fuzz'
here = Path(__file__).resolve().parent
found = home / 'found'


def all_targets():
    """The program names them when it is given none."""
    said = subprocess.run([home / 'fuzz'], stderr=subprocess.PIPE, text=True, check=False).stderr
    return said.partition('there are:')[2].split()


def run(target, seconds):
    """What libFuzzer said, and whether nothing was found."""
    corpus = home / 'corpus' / target
    corpus.mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ, G_SLICE='always-malloc', GIO_USE_VFS='local', UBSAN_OPTIONS='print_stacktrace=1',
                       ASAN_OPTIONS='detect_leaks=1:intercept_tls_get_addr=0:fast_unwind_on_malloc=0:malloc_context_size=12',
                       LSAN_OPTIONS=f'suppressions={here.parent}/support/lsan.supp:print_suppressions=0')
    command = [home / 'fuzz', f'--target={target}', f'-seed={options.seed}', f'-max_total_time={seconds}', '-rss_limit_mb=2048', '-timeout=20',
               '-print_final_stats=1', f'-dict={home}/seeds/{target}.dict', f'-artifact_prefix={found}/{target}-', corpus, home / 'seeds' / target]
    if (here / 'regressions' / target).is_dir():
        command.append(here / 'regressions' / target)
    log = home / f'{target}.log'
    with open(log, 'w', encoding='utf-8') as out:
        status = subprocess.run(command, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False).returncode
    return target, status, log.read_text(encoding='utf-8', errors='replace')


def tell(target, status, said):
    """One line, and of a finding what it was."""
    edges = re.findall(r'cov: (\d+)', said)
    total = re.search(r'\((\d+) inline 8-bit counters', said)
    runs = re.findall(r'stat::number_of_executed_units: *(\d+)', said) or re.findall(r'^#(\d+)', said, re.M)
    print(f'{target:14} {"passed" if status == 0 else "FAILED":7} {int(runs[-1]) if runs else 0:>9} executions  '
          f'{int(edges[-1]) if edges else 0:>6} of {total[1] if total else "?"} edges', flush=True)
    if status != 0:
        wrong = [line for line in said.splitlines() if re.search(r'ERROR|runtime error|CRITICAL|SUMMARY|Test unit written', line)]
        print('\n'.join('    ' + line[:200] for line in wrong[:6]), flush=True)


def main():
    """Returns the number of targets in which something was found."""
    targets = options.targets or all_targets()
    seconds = max(1, options.seconds * 2 // max(1, len(targets)))
    failed = 0
    found.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as pool:
        for result in pool.map(lambda target: run(target, seconds), targets):
            tell(*result)
            failed += result[1] != 0
    print(len(targets) - failed, failed, 0)
    return failed


sys.exit(1 if main() else 0)
