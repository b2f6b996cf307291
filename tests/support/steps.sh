# shellcheck shell=sh
# Sourced by run.sh and campaign.sh: steps with their time, suites, and the sum of cases.

passed=0
failed=0
skipped=0
begun=$(date +%s)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

told() { printf '%-40s %4d s   %s\n' "$1" "$(($(date +%s) - $2))" "$3"; }

# step NAME COMMAND...: quiet unless it fails, which counts as one failed case
step()
{
  step_name=$1
  step_begun=$(date +%s)
  shift
  if "$@" >"$scratch/step.log" 2>&1 </dev/null; then
    told "$step_name" "$step_begun" "done"
    return 0
  fi
  failed=$((failed + 1))
  grep -E -A8 'error:|warning:|FAILED|ERROR' "$scratch/step.log" >"$scratch/errors" || tail -n 20 "$scratch/step.log"
  grep -vE '^\[|^(ccache )?(gcc|clang|cc) ' "$scratch/errors" | cut -c1-400 | head -n 80
  told "$step_name" "$step_begun" FAILED
  return 1
}

# build DIRECTORY COMPILER [OPTION...]
build()
{
  build_dir=$1
  compiler=$2
  shift 2
  [ -f "$build_dir/build.ninja" ] || CC=$compiler meson setup "$build_dir" -Dwerror=true "$@" || return 1
  ninja -C "$build_dir"
}

# suite DIRECTORY NAME [OPTION...]: runs a suite of the build and adds its cases
suite()
{
  suite_dir=$1
  suite_name=$2
  shift 2
  meson test -C "$suite_dir" --no-rebuild --suite "$suite_name" --list >/dev/null 2>&1 || return 0
  tests "$suite_dir" "$suite_name" --suite "$suite_name" "$@"
}

# results_of DIRECTORY LOGBASE: the file; with --wrap meson adds the name of the wrapper
results_of()
{
  for results_file in "$1/meson-logs/$2"-*.json "$1/meson-logs/$2.json"; do
    [ -f "$results_file" ] && break
  done
  echo "$results_file"
}

# run_tests DIRECTORY LOGBASE [OPTION or TEST...]
run_tests()
{
  run_dir=$1
  run_base=$2
  shift 2
  rm -f "$run_dir/meson-logs/$run_base".json "$run_dir/meson-logs/$run_base"-*.json
  meson test -C "$run_dir" --no-rebuild --logbase "$run_base" "$@" >"$scratch/meson.log" 2>&1 </dev/null
}

# tests DIRECTORY NAME [OPTION or TEST...]. With again=1 a program that failed runs once more, alone, and that run counts; both are
# told. For tests with a real desktop, where a busy machine can hold up a window manager or a screen reader's bus.
tests()
{
  tests_dir=$1
  tests_name=$2
  tests_begun=$(date +%s)
  shift 2
  run_tests "$tests_dir" "results-$tests_name" --num-processes 2 "$@"
  meson_status=$?
  first=$(results_of "$tests_dir" "results-$tests_name")
  second=
  if [ "${again:-}" = 1 ] && [ $meson_status -ne 0 ]; then
    # shellcheck disable=SC2046
    if run_tests "$tests_dir" "again-$tests_name" --num-processes 1 \
      $(/usr/bin/python3 tests/support/count-results.py --failed "$first"); then meson_status=0; fi
    second=$(results_of "$tests_dir" "again-$tests_name")
  fi
  # shellcheck disable=SC2086
  /usr/bin/python3 tests/support/count-results.py "$first" $second >"$scratch/count" 2>&1
  # shellcheck disable=SC2046
  set -- $(tail -n 1 "$scratch/count")
  sed '$d' "$scratch/count"
  if [ $# -ne 3 ] || { [ $meson_status -ne 0 ] && [ "$2" = 0 ]; }; then
    cat "$scratch/count"
    tail -n 20 "$scratch/meson.log"
    set -- "${1:-0}" 1 "${3:-0}"
  fi
  passed=$((passed + $1))
  failed=$((failed + $2))
  skipped=$((skipped + $3))
  told "$tests_name in $tests_dir" "$tests_begun" "$1 passed, $2 failed, $3 skipped"
}

# Address, leak and undefined-behaviour sanitizers. The slow unwinder is what makes suppressions and lines exact.
sanitizer_environment()
{
  # Without the first, the leak sanitizer falls over the threads of a TLS handshake (thread-local memory of loaded modules).
  export ASAN_OPTIONS="intercept_tls_get_addr=0:detect_leaks=1:fast_unwind_on_malloc=0:malloc_context_size=40"
  export LSAN_OPTIONS="suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0"
  export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1"
  export BOBBIN_SANITIZED=1
  # No EGL: Mesa leaks 128 bytes at some starts, in a module that is unloaded and so cannot be named above. All is drawn by cairo.
  export GDK_DEBUG=gl-disable
}

finish()
{
  told "all" "$begun" ""
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ]
  exit
}
