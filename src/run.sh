#!/bin/sh
# Installs what is missing, builds, and starts Bobbin with the demo agent. Without a display it runs on a virtual one, holds
# a conversation with the demo agent through the window, and prints the answer and where the screenshot lies.
#
#   src/run.sh [OPTION...]    options are given to bobbin; the build is in $BOBBIN_BUILD or ./build
set -eu
cd "$(dirname "$0")/.."
build=${BOBBIN_BUILD:-build}

display=
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && display=1

if [ -n "$display" ]; then sh tests/deps.sh build; else sh tests/deps.sh build desktop; fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() { "$@" >"$log" 2>&1 || { tail -n 60 "$log" >&2; echo "failed: $*" >&2; exit 1; }; }
echo "Building in $build"
[ -f "$build/build.ninja" ] || quietly meson setup "$build"
quietly ninja -C "$build"

GSETTINGS_SCHEMA_DIR=$(cd "$build/data" && pwd)
export GSETTINGS_SCHEMA_DIR
if [ -n "$display" ]; then
  [ $# -gt 0 ] || set -- --demo
  rm -f "$log"
  exec "$build/src/bobbin" "$@"
fi
echo "No display: holding a conversation with the demo agent on a virtual one"
bash tests/support/with-desktop.sh /usr/bin/python3 tests/e2e/demo-conversation.py "$build" "$build/demo.png"
