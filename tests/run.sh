#!/bin/sh
# Installs what is missing, builds with gcc and clang and with sanitizers, and runs every test. The last line is
# "N passed, N failed, N skipped", counted in cases. Exit status 0 when nothing failed.
#
#   tests/run.sh [--only STEP]...    steps: gcc clang core style packaging foreign ui e2e asan
set -u
cd "$(dirname "$0")/.." || exit 1

only=
while [ $# -gt 0 ]; do
  case $1 in
    --only) only="$only $2"; shift 2 ;;
    *) echo "usage: run.sh [--only STEP]..." >&2; exit 2 ;;
  esac
done
wanted() { [ -z "$only" ] || case " $only " in *" $1 "*) true ;; *) false ;; esac; }

. tests/support/steps.sh

step "packages" sh tests/deps.sh build desktop test || finish

step "build with gcc" build build-gcc gcc || finish
# clang is there for its warnings, which need no optimisation.
if wanted clang; then step "build with clang" build build-clang clang -Doptimization=0; fi
for suite in style core packaging foreign ui; do
  if wanted $suite; then suite build-gcc $suite; fi
done
if wanted e2e; then again=1 && suite build-gcc e2e; again=; fi
if wanted asan; then
  if step "build with sanitizers" build build-asan gcc -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false; then
    sanitizer_environment
    for suite in core ui; do
      suite build-asan $suite --timeout-multiplier 4 --wrap "sh $PWD/tests/support/leaks-exactly.sh"
    done
  fi
fi
finish
