# shellcheck shell=bash disable=SC2034,SC2317
# Sourced by the campaigns of packages with their arguments, [--dir DIRECTORY] [--keep]. Sets $top, the sources, and $dir, the
# place for all they make, removed at the end unless kept.

self=$(basename -- "$0" .sh)
dir=${TMPDIR:-/var/tmp}/bobbin-$self.$$
keep=
while [ $# -gt 0 ]; do
  case $1 in
    --dir) dir=$2; shift 2 ;;
    --keep) keep=1; shift ;;
    *) echo "usage: $self.sh [--dir DIRECTORY] [--keep]" >&2; exit 2 ;;
  esac
done
as_root() { [ "$(id -u)" = 0 ] || { echo "$self.sh: must run as root" >&2; exit 1; }; }
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
# shellcheck source=tests/support/chroot-base.sh
. "$top/tests/support/chroot-base.sh"

cleanup() { trap - EXIT; [ -n "$keep" ] || rm -rf --one-file-system "$dir"; }
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$dir" && dir=$(CDPATH='' cd -- "$dir" && pwd) || exit 1
passed=0
failed=0

# check NAME COMMAND...: a case; its output, in $dir/log, is shown where it fails
check()
{
  local name=$1 begun
  begun=$(date +%s)
  shift
  if "$@" >"$dir/log" 2>&1 </dev/null; then
    passed=$((passed + 1))
    printf '%-44s %4d s   ok\n' "$name" "$(($(date +%s) - begun))"
    return 0
  fi
  failed=$((failed + 1))
  grep -aE '^(not ok|Bail out!|ERROR:|FAILED)|: (error|fatal error):|-(WARNING|CRITICAL) \*\*' "$dir/log" | head -n 20
  tail -n 40 "$dir/log"
  printf '%-44s %4d s   FAILED\n' "$name" "$(($(date +%s) - begun))"
  return 1
}

finish()
{
  echo "$passed passed, $failed failed, 0 skipped"
  [ "$failed" = 0 ]
  exit
}
