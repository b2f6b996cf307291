#!/bin/bash
# The Debian package, as a distribution makes it and a person uses it: deb.sh [--dir DIRECTORY] [--keep]. As root.
#
# In a clean Debian 12: build dependencies by apt, build without a network (the tests of core and ui run then), lintian. In
# another clean one: install, converse with the demo agent through the window, the tests of debian/tests, purge, nothing left.
# The last line is "N passed, N failed, N skipped".
set -u
# shellcheck source=tests/packaging/check.sh
. "$(dirname -- "$0")/check.sh" "$@"
as_root

# --- build --------------------------------------------------------------------------------------------------

version=$(sed -n '1s/.*(\(.*\)-[^-]*).*/\1/p' "$top/debian/changelog")
build=$dir/build
unpack()
{
  sources "$top" "$dir/tree" && mkdir -p "$build/src" && mv "$dir/tree/debian" "$dir/debian" &&
    tar -C "$dir" -I "xz -1" -cf "$build/src/bobbin_$version.orig.tar.xz" --transform "s,^tree,bobbin-$version," tree &&
    mv "$dir/tree" "$build/src/bobbin-$version" && mv "$dir/debian" "$build/src/bobbin-$version/debian"
}
in_source() { inside "$build" "cd /src/bobbin-$version && $1"; }
offline() { OFFLINE=1 in_source "$1"; }
check "a clean Debian 12" fresh_base bookworm "$dir/base" || finish
check "its package tools" inside "$dir/base" "apt-get -q update && apt-get -q -y --no-install-recommends install dpkg-dev apt-utils"
cp -a "$dir/base" "$build" || finish
check "the sources" unpack || finish
check "apt-get build-dep ./" in_source "apt-get -q -y --no-install-recommends build-dep ./" || finish
check "the package, without a network" offline "dpkg-buildpackage -us -uc" || finish
grep -aE '^(Ok|Fail|Skipped|Timeout):' "$dir/log" | tr -s ' \n' ' '
echo

cp "$build"/src/*.deb "$dir/" && package=$(echo "$dir"/bobbin_*.deb)
lint()
{
  inside "$build" "apt-get -q -y --no-install-recommends install lintian >/dev/null && cd /src &&
    lintian -EviIL +pedantic --profile debian --show-overrides --allow-root *.changes" | tee "$dir/lintian"
  ! grep -qE '^[EW]: ' "$dir/lintian"
}
check "lintian" lint
for kind in E W I P X O; do printf '%s %s  ' "$kind" "$(grep -c "^$kind: " "$dir/lintian")"; done
echo "(lintian: errors, warnings, infos, pedantic, experimental, overridden)"
grep -E '^[IP]: ' "$dir/lintian"
printf 'package %s KiB, installed %s KiB\n' "$(($(stat -c %s "$package") / 1024))" "$(dpkg-deb -f "$package" Installed-Size)"
# What -cf-protection and the like would add is not among Debian 12's flags.
hardened()
{
  local what
  inside "$build" "apt-get -q -y --no-install-recommends install devscripts >/dev/null
    hardening-check /src/bobbin-$version/debian/bobbin/usr/bin/bobbin" >"$dir/hardening"
  cat "$dir/hardening"
  for what in "Position Independent Executable" "Stack protected" "Fortify Source functions" "Read-only relocations" "Immediate binding"; do
    grep -q "$what: yes" "$dir/hardening" || return 1
  done
}
check "hardening" hardened
rm -rf --one-file-system "$build"

# --- use ----------------------------------------------------------------------------------------------------

clean=$dir/clean
cp -a "$dir/base" "$clean" && cp "$package" "$clean/var/tmp/" && cp -a "$top/debian/tests" "$clean/var/tmp/tests" || finish
file=/var/tmp/${package##*/}
depends=$(dpkg-deb -f "$package" Depends)
# What triggers of other packages write again is no left-over.
list()
{
  (cd "$clean" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp -o -path ./var/cache -o -path ./var/log \
    -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/tmp -o -path ./var/home-of-tests \) -prune -o -print) | sort
}
check "what it depends on" inside "$clean" "apt-get -q -y --no-install-recommends satisfy '$depends'" || finish
list >"$dir/before"
check "installs" inside "$clean" "apt-get -q -y --no-install-recommends install $file" || finish
check "starts without a display" inside "$clean" "env -u DISPLAY bobbin --version && bobbin --help && bobbin accounts"

# The window is there, display, bus, keyring and whoever presses its buttons are here.
cat >"$dir/bobbin" <<EOF
#!/bin/bash
exec unshare -m --propagation private bash -c '
  root=$clean
  mount -t proc proc \$root/proc && mount --rbind /dev \$root/dev && mount --bind /tmp \$root/tmp || exit 1
  unset GSETTINGS_SCHEMA_DIR
  exec chroot \$root /usr/bin/bobbin "\$@"' bash "\$@"
EOF
chmod +x "$dir/bobbin"
converse()
{
  (cd "$top" && TMPDIR=/tmp BOBBIN_PROGRAM="$dir/bobbin" PYTHONDONTWRITEBYTECODE=1 bash tests/support/with-desktop.sh \
    /usr/bin/python3 tests/e2e/demo-conversation.py "$dir" "$dir/demo.png")
}
check "a conversation through its window" converse
grep -a '^Window' "$dir/log"
mkdir -p "$top/build-chroot" && cp "$dir/demo.png" "$top/build-chroot/deb.png" 2>/dev/null

check "purges" inside "$clean" "apt-get -q -y purge bobbin"
list >"$dir/after"
nothing_left() { diff "$dir/before" "$dir/after"; }
check "leaves nothing" nothing_left

wanted=$(sed -n 's/^Depends: //p' "$top/debian/tests/control" | tr ',' '\n' | grep -v '^ *bobbin$' | sort -u | tr '\n' ' ')
check "installs again, for its own tests" inside "$clean" "apt-get -q -y --no-install-recommends install $file $wanted"
for test in $(sed -n 's/^Tests: //p' "$top/debian/tests/control"); do
  check "autopkgtest $test" inside "$clean" "sh /var/tmp/tests/$test"
done
finish
