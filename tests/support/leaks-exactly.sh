#!/bin/sh
# Runs a test built with sanitizers, with quick stacks first: exact ones cost up to thirty times the time of the test.
# Leaks are suppressed by what stands in the stack of the allocation, so a run that found nothing but leaks is repeated
# with exact stacks, and that run counts. Anything else that was found counts at once.
#
#   leaks-exactly.sh COMMAND...
set -u
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
ASAN_OPTIONS="${ASAN_OPTIONS:-}:fast_unwind_on_malloc=1" "$@" >"$dir/out" 2>"$dir/err"
status=$?
if [ $status -ne 0 ] && grep -q 'ERROR: LeakSanitizer' "$dir/err" \
    && ! grep -qE '^not ok|ERROR: AddressSanitizer|runtime error:' "$dir/out" "$dir/err"; then
  ASAN_OPTIONS="${ASAN_OPTIONS:-}:fast_unwind_on_malloc=0" "$@"
  exit
fi
cat "$dir/out"
cat "$dir/err" >&2
exit $status
