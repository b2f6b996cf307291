# shellcheck shell=bash disable=SC2154,SC2317
# Sourced by the campaigns of packages: $dir is the place for all they make, removed at the end unless $keep is set.

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
  tail -n 60 "$dir/log"
  printf '%-44s %4d s   FAILED\n' "$name" "$(($(date +%s) - begun))"
  return 1
}

finish()
{
  echo "$passed passed, $failed failed, 0 skipped"
  [ "$failed" = 0 ]
  exit
}
