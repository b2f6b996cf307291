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
command -v debootstrap >/dev/null || apt-get -q -y --no-install-recommends install debootstrap >/dev/null || exit 1

cleanup() { trap - EXIT; [ -n "$keep" ] || rm -rf --one-file-system "$dir"; }
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$dir" || exit 1

# The first archive apt uses here; nothing of it is printed.
mirror=$(grep -hE '^URIs:|^deb ' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
  2>/dev/null | grep -oE 'https?://[^ ]+' | grep -v security | head -n 1)
begun=$(date +%s)
if ! debootstrap --variant=minbase "$release" "$dir/base" ${mirror:+"$mirror"} >"$dir/debootstrap.log" 2>&1; then
  rm -rf "$dir/base"
  debootstrap --variant=minbase "$release" "$dir/base" >"$dir/debootstrap.log" 2>&1 || {
    tail -n 5 "$dir/debootstrap.log" >&2
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
  }
fi
echo "fresh $release: $(($(date +%s) - begun)) s"

# apt as here: sources, proxies, certificates
for f in apt.conf.d preferences.d trusted.gpg.d keyrings; do
  [ -d /etc/apt/$f ] && cp -a "/etc/apt/$f/." "$dir/base/etc/apt/$f/" 2>/dev/null
done
here=$(. /etc/os-release; echo "${VERSION_CODENAME:-}")
if [ -n "$here" ]; then
  rm -f "$dir"/base/etc/apt/sources.list "$dir"/base/etc/apt/sources.list.d/*
  for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list; do
    [ -f "$f" ] && sed "s/\b$here\b/$release/g" "$f" > "$dir/base$f"
  done
fi
mkdir -p "$dir/base/usr/local/share/ca-certificates" "$dir/base/etc/ssl/certs" "$dir/base/usr/share/keyrings"
cp -a /usr/local/share/ca-certificates/. "$dir/base/usr/local/share/ca-certificates/" 2>/dev/null
[ -f /etc/ssl/certs/ca-certificates.crt ] && cp -L /etc/ssl/certs/ca-certificates.crt "$dir/base/etc/ssl/certs/"
cp -an /usr/share/keyrings/. "$dir/base/usr/share/keyrings/" 2>/dev/null
cp -L /etc/resolv.conf /etc/hosts "$dir/base/etc/" 2>/dev/null
# npm as here, but for what could be a secret
for f in /etc/npmrc "${HOME:-/root}/.npmrc"; do
  [ -f "$f" ] && grep -viE 'auth|password|token|cert=|key=' "$f" >>"$dir/base/etc/npmrc"
done
printf '#!/bin/sh\nexit 101\n' > "$dir/base/usr/sbin/policy-rc.d"
chmod +x "$dir/base/usr/sbin/policy-rc.d"
mkdir -p "$dir/base/src"
(cd "$top" && git -c safe.directory="$top" ls-files -co --exclude-standard -z | tar --null -T - -c) \
  | tar -x -C "$dir/base/src" || exit 1

inside()
{
  unshare -m --propagation private -- bash -c '
    root=$1
    mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs tmpfs "$root/tmp" || exit 1
    mount --rbind /sys "$root/sys" 2>/dev/null
    exec chroot "$root" env -i HOME=/var/home-of-tests PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      LANG=C.UTF-8 CI=true ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
      ${no_proxy:+no_proxy="$no_proxy"} sh -c "mkdir -p \$HOME && cd /src && $2"' bash "$1" "$2" </dev/null
}

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
