#!/bin/sh
# Long runs of what tests/run.sh only tries briefly. The last line is "N passed, N failed, N skipped".
#
#   tests/campaign.sh cuts|kills|faults|fuzz|analyzers|sanitizers|benchmarks|chroot|trixie|deb|flatpak|reproducible [--seed N] [--seconds N]
#
#   cuts         the line fails at every byte of an exchange, for every service: cut, reset, half closed, stalled, changed, slow
#   kills        kill -9 at 50 random moments of a streaming conversation: nothing lost, nothing sent twice
#   faults       every call that writes to the disk fails in turn; a database with each page damaged in turn
#   fuzz         libFuzzer with address and undefined-behaviour sanitizers on every codec, --seconds (3600) of two processors in all
#   analyzers    cppcheck on all sources: one case a directory
#   sanitizers   address, leak and undefined-behaviour sanitizers with exact stacks on core, ui and e2e; valgrind on core,
#                the thread sanitizer on the store
#   benchmarks   the ratios of speed and memory; benchmarks.json in the build directory
#   chroot       src/run.sh and tests/run.sh, each in a fresh Debian 12 (as root, with debootstrap)
#   trixie       a fresh Debian 13: gcc and clang without a warning, and every suite
#   deb          the Debian package: built, checked, installed, used and purged in a clean Debian 12 (as root)
#   flatpak      the Flatpak: built, installed and used, on the GNOME runtime or one made of Debian's packages (as root)
#   reproducible two builds at different paths and dates are the same to the bit
set -u
cd "$(dirname "$0")/.." || exit 1
usage() { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }

[ $# -gt 0 ] || usage
campaign=$1
shift
seed=$(date +%s)
seconds=
while [ $# -gt 1 ]; do
  case $1 in
    --seed) seed=$2 ;;
    --seconds) seconds=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[ $# -eq 0 ] || usage

case $campaign in
  chroot|trixie)
    # The sanitizers look at our code, which is the same there.
    [ "$campaign" = trixie ] && exec bash tests/support/chroot.sh --release trixie \
      "sh tests/run.sh --only clang --only style --only core --only packaging --only foreign --only ui --only e2e"
    exec bash tests/support/chroot.sh --release bookworm
    ;;
  deb|flatpak|reproducible)
    sh tests/deps.sh build desktop test package || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
    exec bash "tests/packaging/$campaign.sh"
    ;;
  cuts|kills|faults|fuzz|analyzers|sanitizers|benchmarks) ;;
  soak)
    echo "campaign.sh: there is no campaign \"$campaign\" yet" >&2
    exit 2 ;;
  *) usage ;;
esac

. tests/support/steps.sh
echo "seed $seed"
BOBBIN_SEED=$seed
export BOBBIN_SEED
[ -n "$seconds" ] && { BOBBIN_SECONDS=$seconds; export BOBBIN_SECONDS; }
step "packages" sh tests/deps.sh build desktop test || finish

configure() { [ -f build-gcc/build.ninja ] || CC=gcc meson setup build-gcc -Dwerror=true; }

case $campaign in
  cuts)
    step "build with gcc" build build-gcc gcc || finish
    BOBBIN_STRIDE=${BOBBIN_STRIDE:-1}
    BOBBIN_SECONDS=${seconds:-0}
    export BOBBIN_STRIDE BOBBIN_SECONDS
    tests build-gcc cuts --timeout-multiplier 0 cuts
    grep -h ' tries, ' build-gcc/meson-logs/results-cuts.txt
    ;;
  kills)
    step "build with gcc" build build-gcc gcc || finish
    BOBBIN_KILLS=50
    export BOBBIN_KILLS
    tests build-gcc kills --timeout-multiplier 20 e2e-kills
    ;;
  faults)
    step "build with gcc" build build-gcc gcc || finish
    BOBBIN_STRIDE=${BOBBIN_STRIDE:-1}
    export BOBBIN_STRIDE
    tests build-gcc faults --timeout-multiplier 0 disk-faults damage
    grep -h ' tries, ' build-gcc/meson-logs/results-faults.txt
    ;;
  fuzz)
    fuzzers()
    {
      [ -f build-fuzz/build.ninja ] || CC=clang meson setup build-fuzz -Dwerror=true -Dfuzzers=true -Doptimization=1 \
        -Db_sanitize=address,undefined -Db_lundef=false || return 1
      ninja -C build-fuzz tests/fuzz/fuzz tests/fuzz/seeds.stamp
    }
    step "build the fuzzers" fuzzers || finish
    /usr/bin/python3 tests/fuzz/fuzzers.py build-fuzz --seconds "${seconds:-3600}" --seed "$seed" | tee "$scratch/fuzz"
    # shellcheck disable=SC2046
    set -- $(tail -n 1 "$scratch/fuzz")
    passed=${1:-0} failed=${2:-1} skipped=${3:-0}
    ;;
  analyzers)
    step "packages of the analyzers" sh tests/deps.sh analyze || finish
    step "configure" configure || finish
    /usr/bin/python3 tests/support/analyze.py build-gcc --tool cppcheck | tee "$scratch/analyzers"
    # shellcheck disable=SC2046
    set -- $(tail -n 1 "$scratch/analyzers")
    passed=${1:-0} failed=${2:-1} skipped=${3:-0}
    ;;
  benchmarks)
    step "build with gcc" build build-bench gcc --buildtype=release || finish
    meson test -C build-bench --no-rebuild --benchmark --logbase results-benchmarks --verbose
    /usr/bin/python3 tests/support/count-results.py build-bench/meson-logs/results-benchmarks.json >"$scratch/count"
    # shellcheck disable=SC2046
    set -- $(tail -n 1 "$scratch/count")
    passed=$1 failed=$2 skipped=$3
    ;;
  sanitizers)
    step "build with sanitizers" build build-asan gcc -Db_sanitize=address,undefined -Db_lundef=false || finish
    sanitizer_environment
    suite build-asan core --timeout-multiplier 10
    suite build-asan ui --timeout-multiplier 10
    suite build-asan e2e --timeout-multiplier 10
    unset ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS BOBBIN_SANITIZED
    G_SLICE=always-malloc
    export G_SLICE
    step "build with thread sanitizer" build build-tsan gcc -Db_sanitize=thread -Db_lundef=false || finish
    TSAN_OPTIONS="suppressions=$PWD/tests/support/tsan.supp:history_size=4"
    export TSAN_OPTIONS
    tests build-tsan threads --timeout-multiplier 10 store-attachments store-messages store-open store-processes store-recovery \
      store-remote store-rows store-search store-threads
    unset TSAN_OPTIONS
    step "build with gcc" build build-gcc gcc || finish
    tests build-gcc valgrind --suite core --timeout-multiplier 20 --wrap "valgrind -q --leak-check=full \
--errors-for-leak-kinds=definite --show-leak-kinds=definite --error-exitcode=9 \
--suppressions=/usr/share/glib-2.0/valgrind/glib.supp --suppressions=$PWD/tests/support/valgrind.supp"
    ;;
esac
finish
