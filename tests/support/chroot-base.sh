# shellcheck shell=bash
# Sourced by what runs something in a fresh Debian: as root, with debootstrap.
#
# The package sources, proxies and certificates of this machine are copied in, so that it works wherever apt works here;
# nothing of them is printed.

# fresh_base RELEASE DIRECTORY: a minimal Debian there
fresh_base()
{
  local release=$1 base=$2 mirror here f begun
  begun=$(date +%s)
  command -v debootstrap >/dev/null || apt-get -q -y --no-install-recommends install debootstrap >/dev/null || return 1

  # The first archive apt uses here.
  mirror=$(grep -hE '^URIs:|^deb ' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
    2>/dev/null | grep -oE 'https?://[^ ]+' | grep -v security | head -n 1)
  if ! debootstrap --variant=minbase "$release" "$base" ${mirror:+"$mirror"} >"$base.log" 2>&1; then
    rm -rf --one-file-system "$base"
    debootstrap --variant=minbase "$release" "$base" >"$base.log" 2>&1 || { tail -n 5 "$base.log" >&2; return 1; }
  fi

  for f in apt.conf.d preferences.d trusted.gpg.d keyrings; do
    [ -d /etc/apt/$f ] && cp -a "/etc/apt/$f/." "$base/etc/apt/$f/" 2>/dev/null
  done
  here=$(. /etc/os-release; echo "${VERSION_CODENAME:-}")
  if [ -n "$here" ]; then
    rm -f "$base"/etc/apt/sources.list "$base"/etc/apt/sources.list.d/*
    for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list; do
      [ -f "$f" ] && sed "s/\b$here\b/$release/g" "$f" > "$base$f"
    done
  fi
  mkdir -p "$base/usr/local/share/ca-certificates" "$base/etc/ssl/certs" "$base/usr/share/keyrings"
  cp -a /usr/local/share/ca-certificates/. "$base/usr/local/share/ca-certificates/" 2>/dev/null
  [ -f /etc/ssl/certs/ca-certificates.crt ] && cp -L /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/"
  cp -an /usr/share/keyrings/. "$base/usr/share/keyrings/" 2>/dev/null
  cp -L /etc/resolv.conf /etc/hosts "$base/etc/" 2>/dev/null
  # npm as here, but for what could be a secret
  for f in /etc/npmrc "${HOME:-/root}/.npmrc"; do
    [ -f "$f" ] && grep -viE 'auth|password|token|cert=|key=' "$f" >>"$base/etc/npmrc"
  done
  # Services of packages do not start; what was fetched is not kept; nothing is flushed to the disk, as it is thrown away.
  printf '#!/bin/sh\nexit 101\n' > "$base/usr/sbin/policy-rc.d"
  chmod +x "$base/usr/sbin/policy-rc.d"
  # Nobody is there to ask about a configuration that was copied above.
  printf 'force-unsafe-io\nforce-confdef\nforce-confold\n' > "$base/etc/dpkg/dpkg.cfg.d/thrown-away"
  echo "fresh $release: $(($(date +%s) - begun)) s"
}

# sources TOP DIRECTORY: what git knows or would add, as it is in the working tree
sources()
{
  mkdir -p "$2" || return 1
  (cd "$1" && git -c safe.directory="$1" ls-files -co --exclude-standard -z \
    | while IFS= read -r -d '' f; do [ -e "$f" ] && printf '%s\0' "$f"; done | tar --null -T - -c) | tar -x -C "$2"
}

# inside ROOT COMMAND [BIND...]: runs a shell command there, in /src where that exists; with OFFLINE=1 without a network.
# Each BIND is a directory of this machine that is seen there under the same name.
inside()
{
  local net=
  [ -n "${OFFLINE:-}" ] && net=-n
  # shellcheck disable=SC2086
  unshare -m $net --propagation private -- bash -c '
    root=$1
    shift
    command=$1
    shift
    [ -z "${OFFLINE:-}" ] || ip link set lo up || exit 1
    mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs tmpfs "$root/tmp" || exit 1
    mount --rbind /sys "$root/sys" 2>/dev/null
    for directory; do mkdir -p "$root$directory" && mount --bind "$directory" "$root$directory" || exit 1; done
    exec chroot "$root" env -i HOME=/var/home-of-tests PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      LANG=C.UTF-8 CI=true DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} \
      ${https_proxy:+https_proxy="$https_proxy"} ${no_proxy:+no_proxy="$no_proxy"} \
      sh -c "mkdir -p \$HOME && { cd /src 2>/dev/null || cd /; } && $command"' bash "$@" </dev/null
}
