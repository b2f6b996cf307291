#!/bin/bash
# Runs the README's two commands, each in a fresh Debian of its own. As root.
#
#   chroot.sh [--release bookworm|trixie] [--dir DIRECTORY] [--keep] [COMMAND...]
#
# The package sources, proxies and certificates of this machine are copied in, so that it works wherever apt works here.
set -u
release=bookworm
dir=${TMPDIR:-/var/tmp}/bobbin-chroot.$$
keep=
while [ $# -gt 0 ]; do
  case $1 in
    --release) release=$2; shift 2 ;;
    --dir) dir=$2; shift 2 ;;
    --keep) keep=1; shift ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || set -- "sh src/run.sh" "sh tests/run.sh"
[ "$(id -u)" = 0 ] || { echo "chroot.sh: must run as root" >&2; exit 1; }
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)

cleanup() { trap - EXIT; [ -n "$keep" ] || rm -rf --one-file-system "$dir"; }
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$dir" || exit 1

# shellcheck source=tests/support/chroot-base.sh
. "$top/tests/support/chroot-base.sh"
fresh_base "$release" "$dir/base" || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
sources "$top" "$dir/base/src" || exit 1

passed=0
status=0
last=
for command; do
  rm -rf --one-file-system "$dir/root"
  cp -a "$dir/base" "$dir/root" || exit 1
  begun=$(date +%s)
  echo "== $release: $command"
  inside "$dir/root" "$command" | tee "$dir/output"
  rc=${PIPESTATUS[0]}
  echo "== $command: exit status $rc after $(($(date +%s) - begun)) s"
  if [ "$rc" = 0 ]; then passed=$((passed + 1)); else status=1; fi
  last=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$dir/output" | tail -n 1)
  mkdir -p "$top/build-chroot" && find "$dir/root/src" -maxdepth 3 -name 'demo.png' -exec cp {} "$top/build-chroot/" \;
done
if [ -n "$last" ] && [ $status = 0 ]; then echo "$last"; else echo "$passed passed, $(($# - passed)) failed, 0 skipped"; fi
exit $status
