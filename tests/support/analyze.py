#!/usr/bin/python3
"""Looks at the sources with what reads them without running them; one case a tool and directory.

    analyze.py BUILD_DIRECTORY [--tool gcc|cppcheck]... [--only PATH]...

The files, and for gcc's -fanalyzer the flags, are those of BUILD_DIRECTORY/compile_commands.json. Nothing may be said of our own code.
The last line is "PASSED FAILED SKIPPED".
"""
import argparse
import json
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TOOLS = ('cppcheck', 'gcc')
SUPPORT = Path(__file__).resolve().parent
TOP = SUPPORT.parent.parent
FOUND = re.compile(r'^(?:\.\./)*(?:.*?/)?((?:src|tests)/[^:]+):\d+:.*(?:warning|error|style|performance|portability)')

parser = argparse.ArgumentParser()
parser.add_argument('build', type=Path)
parser.add_argument('--tool', action='append', choices=TOOLS)
parser.add_argument('--only', action='append', default=[])
options = parser.parse_args()
build = options.build.resolve()


def sources():
    """Our own files as the build compiles them: path from the top → flags."""
    found = {}
    for entry in json.loads((build / 'compile_commands.json').read_text()):
        path = (Path(entry['directory']) / entry['file']).resolve()
        if path.is_relative_to(TOP / 'src'):
            flags = [flag for flag in shlex.split(entry['command']) if re.match(r'-[IDf]|-std|-pthread|-U', flag)]
            found[str(path.relative_to(TOP))] = flags
    return {path: flags for path, flags in found.items() if not options.only or any(path.startswith(o) for o in options.only)}


def run_cppcheck(path, flags):
    """Without its look at headers of the system: GLib is told in a file of its own."""
    return ['cppcheck', '--quiet', '--enable=warning,performance,portability', '--inline-suppr', '--std=c11', '--language=c',
            f'--library={SUPPORT}/cppcheck-glib.cfg', '--suppressions-list=' + str(SUPPORT / 'cppcheck.supp'), f'-I{TOP}/src', f'-I{TOP}/src/core',
            f'-I{TOP}/src/ui', f'-I{build}', '--template={file}:{line}: warning: {message} [{id}]', str(TOP / path)]


def run_gcc(path, flags):
    """The analyzer wants the code as it is optimised a little; what else gcc warns of is seen in every build."""
    return ['gcc', *flags, '-O1', '-w', '-fanalyzer', '-Wanalyzer-null-argument', '-c', '-o', '/dev/null', str(TOP / path)]


def look(tool, path, flags):
    """What the tool says of one file, as lines; what is said twice only once."""
    command = {'cppcheck': run_cppcheck, 'gcc': run_gcc}[tool](path, flags)
    done = subprocess.run(command, cwd=build, capture_output=True, text=True, check=False)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if FOUND.match(line)]
    if done.returncode != 0 and not lines:
        lines = [f'{path}: {tool} failed: {(done.stderr or done.stdout)[-300:]}']
    return path, list(dict.fromkeys(lines))


def main():
    """The number of cases with a finding."""
    files = sources()
    passed = failed = 0
    with ThreadPoolExecutor(2) as pool:
        for tool in options.tool or TOOLS:
            said = dict(pool.map(lambda item: look(tool, *item), files.items()))
            for folder in sorted({str(Path(path).parent) for path in files}):
                lines = [line for path in files if str(Path(path).parent) == folder for line in said[path]]
                lines = list(dict.fromkeys(lines))
                print(f'{tool:9} {folder:32} {"FAILED" if lines else "passed"}', flush=True)
                print(''.join(f'    {line}\n' for line in lines), end='', flush=True)
                passed += not lines
                failed += bool(lines)
    print(passed, failed, 0)
    return failed


sys.exit(1 if main() else 0)
