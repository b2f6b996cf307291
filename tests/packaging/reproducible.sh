#!/bin/bash
# Two builds at different paths, dates, time zones, languages and file modes: reproducible.sh [--dir DIRECTORY] [--keep].
#
# The program and all that is installed with it are the same to the bit, and so are the two Debian packages where
# debhelper is there. The last line is "N passed, N failed, N skipped".
set -u
# shellcheck source=tests/packaging/check.sh
. "$(dirname -- "$0")/check.sh" "$@"

export CCACHE_DISABLE=1
# Without it the clock is the same for both; everything else still differs.
later=''
command -v faketime >/dev/null && later='faketime -f +400d'
one=$dir/one/bobbin
two=$dir/two/a-longer/way/there/bobbin
here() { (umask 022; export TZ=UTC LC_ALL=C.UTF-8 LANGUAGE=C; cd "$one" && "$@"); }
# faketime starts a program, so that what is a function here has a shell of its own.
# shellcheck disable=SC2086
there() { (umask 002; export TZ=Pacific/Kiritimati LC_ALL=C LANGUAGE=de; cd "$two" && $later bash -c "$(declare -f "$1"); $1"); }
unpack()
{
  rm -rf "$dir/one" "$dir/two" && sources "$top" "$one" && sources "$top" "$two"
}
check "the sources, twice" unpack || finish

# Without debugging information, which names the folder of the build and is stripped from what is installed.
plain() { meson setup build --buildtype=release -Dtests=false --prefix=/usr && ninja -C build && DESTDIR=$PWD/../root meson install -C build --strip; }
check "built here" here plain || finish
check "built there, later" there plain || finish
same() { diff -r "$one/../root" "$two/../root" && (cd "$one/../root" && find . -type f | wc -l); }
check "what is installed is the same" same

if command -v dh >/dev/null && command -v dpkg-buildpackage >/dev/null; then
  package() { rm -rf build && DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage -us -uc -b -d; }
  check "the package, built here" here package || finish
  check "the package, built there, later" there package || finish
  same_packages()
  {
    local deb
    for deb in "$dir"/one/*.deb; do cmp "$deb" "$two/../${deb##*/}" || return 1; done
    sha256sum "$dir"/one/*.deb
  }
  check "the packages are the same" same_packages
  finish
fi
echo "$passed passed, $failed failed, 1 skipped"
[ "$failed" = 0 ]
