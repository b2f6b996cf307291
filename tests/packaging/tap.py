"""What the tests of packaging share: where things are, tools that may be missing, TAP.

The build directory comes by BOBBIN_BUILD_DIR. A tool that is not installed skips its case; tests/deps.sh names them all."""

import os
import re
import shutil
import subprocess
import sys
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get('BOBBIN_BUILD_DIR', os.path.join(TOP, 'build')))
BOBBIN = os.path.join(BUILD, 'src', 'bobbin')


class Skip(Exception):
    """Cannot be looked at here."""


def read(*parts):
    with open(os.path.join(TOP, *parts), encoding='utf-8') as file:
        return file.read()


def app_id():
    (name,) = (n for n in os.listdir(os.path.join(BUILD, 'data')) if n.endswith('.gschema.xml'))
    return name.removesuffix('.gschema.xml')


def built(suffix):
    return os.path.join(BUILD, 'data', app_id() + suffix)


def version():
    return re.search(r"^  version: '([^']+)'", read('meson.build'), re.M).group(1)


def tool(name):
    """Its path; packages put some where only root looks."""
    path = shutil.which(name) or shutil.which(name, path='/usr/sbin:/usr/lib/x86_64-linux-gnu/glib-2.0')
    if path is None:
        raise FileNotFoundError(f'{name} is not installed: sh tests/deps.sh test does it')
    return path


def output(*command, **kwargs):
    """What a command says, on both channels; fails where it fails."""
    command = [str(c) for c in command]
    done = subprocess.run([tool(command[0]), *command[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=300, check=False, **kwargs)
    assert done.returncode == 0, f'{" ".join(command)}: exit status {done.returncode}\n{done.stdout}'
    return done.stdout


def silent(*command, **kwargs):
    """A checker that must have nothing to say."""
    said = output(*command, **kwargs)
    assert said.strip() == '', f'{" ".join(str(c) for c in command)}:\n{said}'


def tracked(*suffixes):
    """Files of the project, from git or, in a tarball, from the tree."""
    done = subprocess.run(['git', '-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard', '-z'], cwd=TOP,
                          capture_output=True, check=False) if shutil.which('git') else None
    # Unpacked inside of another clone, as meson dist does, git answers and knows nothing of it.
    if done is not None and done.returncode == 0 and done.stdout:
        paths = [p for p in done.stdout.decode().split('\0') if p and os.path.isfile(os.path.join(TOP, p))]
    else:
        paths = []
        for folder, folders, names in os.walk(TOP):
            folders[:] = [n for n in folders if not n.startswith(('.git', 'build', '_', 'obj-', 'node_modules'))]
            paths += [os.path.relpath(os.path.join(folder, n), TOP) for n in names]
    return sorted(p for p in paths if not suffixes or p.endswith(suffixes))


def same(got, wanted, what):
    """Two sets of names."""
    got, wanted = set(got), set(wanted)
    assert got == wanted, f'{what}: missing {sorted(wanted - got)}, too many {sorted(got - wanted)}'


def options_of(*words):
    """The option names that `bobbin WORDS --help` lists, without -h and --help."""
    said = output(BOBBIN, *words, '--help', env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    names = {n for n in re.findall(r'^  (?:-\w, )?(--[\w-]+)', said, re.M) if n != '--help'}
    return names


# The commands, as the program's own help lists them; the window's options are named there too.
def commands():
    said = output(BOBBIN, '--help', env={**os.environ, 'LC_ALL': 'C.UTF-8'})
    found = [tuple(m.split()) for m in re.findall(r'^  bobbin ((?:[a-z][a-z-]* ?)+)', said, re.M)]
    return list(dict.fromkeys(found))


def main(cases):
    """Runs functions as TAP. Names on the command line choose among them."""
    chosen = [case for case in cases if len(sys.argv) < 2 or case.__name__ in sys.argv[1:]]
    print(f'1..{len(chosen)}', flush=True)
    failed = False
    for n, case in enumerate(chosen, 1):
        name = case.__name__.replace('_', '-')
        try:
            case()
            print(f'ok {n} {name}', flush=True)
        except Skip as why:
            print(f'ok {n} {name} # SKIP {why}', flush=True)
        except (AssertionError, OSError, ValueError, subprocess.SubprocessError) as failure:
            failed = True
            trace = '' if isinstance(failure, AssertionError) else traceback.format_exc()
            print('\n'.join('# ' + line for line in f'{failure}\n{trace}'.splitlines()))
            print(f'not ok {n} {name}', flush=True)
    sys.exit(failed)
