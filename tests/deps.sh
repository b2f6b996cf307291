#!/bin/sh
# deps.sh PURPOSE...: installs what is missing for build, desktop, test, analyze or package. The one list of packages.
#   --list PURPOSE...   only names them
# Debian and Ubuntu: by apt-get (as root, or through sudo). Fedora and Arch: says which command to type.
set -eu

build='gcc libc6-dev meson ninja-build pkgconf gettext libxml2-utils desktop-file-utils libglib2.0-dev libglib2.0-bin
  libgtk-4-dev libgtk-4-bin libadwaita-1-dev libgtksourceview-5-dev libharfbuzz-dev libsoup-3.0-dev libjson-glib-dev libsecret-1-dev
  libsqlite3-dev libarchive-dev libenchant-2-dev libcmark-gfm-dev libcmark-gfm-extensions-dev glib-networking gsettings-desktop-schemas adwaita-icon-theme ca-certificates'
desktop='xvfb xauth x11-utils openbox xcompmgr xdotool xclip imagemagick dbus at-spi2-core gnome-keyring libsecret-tools
  python3 python3-gi gir1.2-atspi-2.0 gir1.2-gtk-4.0 librsvg2-common fonts-cantarell fonts-dejavu-core
  fonts-noto-color-emoji fonts-texgyre-math procps'
test='git clang libclang-rt-14-dev|libclang-rt-dev valgrind appstream iproute2 strace util-linux locales nodejs npm
  man-db mandoc fish zsh shellcheck librsvg2-bin dpkg-dev poppler-utils sqlite3 flatpak-builder'
analyze='cppcheck'
package='debootstrap debhelper lintian flatpak elfutils appstream-compose faketime curl xz-utils'

fedora='sudo dnf install gcc meson ninja-build pkgconf gettext desktop-file-utils glib2-devel gtk4-devel libadwaita-devel
  gtksourceview5-devel harfbuzz-devel libsoup3-devel json-glib-devel libsecret-devel sqlite sqlite-devel libarchive-devel cmark-gfm-devel enchant2-devel glib-networking
  gsettings-desktop-schemas adwaita-icon-theme xorg-x11-server-Xvfb xprop openbox xcompmgr xdotool xclip ImageMagick
  dbus-daemon at-spi2-core gnome-keyring libsecret python3-gobject abattis-cantarell-fonts
  google-noto-color-emoji-fonts texlive-tex-gyre-math git clang compiler-rt valgrind appstream iproute strace nodejs npm
  man-db mandoc fish zsh ShellCheck librsvg2-tools dpkg-dev poppler-utils flatpak-builder'
arch='sudo pacman -S --needed gcc meson ninja pkgconf gettext desktop-file-utils glib2-devel gtk4 libadwaita gtksourceview5 harfbuzz
  libsoup3 json-glib libsecret sqlite libarchive cmark-gfm enchant glib-networking gsettings-desktop-schemas adwaita-icon-theme
  xorg-server-xvfb xorg-xprop openbox xcompmgr xdotool xclip imagemagick dbus at-spi2-core gnome-keyring
  python-gobject cantarell-fonts noto-fonts-emoji tex-gyre-math-fonts git clang compiler-rt valgrind appstream iproute2 strace nodejs npm
  man-db mandoc fish zsh shellcheck librsvg dpkg poppler flatpak-builder'

list_only=
[ "${1:-}" = --list ] && { list_only=1; shift; }
[ $# -gt 0 ] || { echo "usage: deps.sh [--list] build|desktop|test|analyze|package..." >&2; exit 2; }

wanted=
for purpose; do
  case $purpose in
    build) wanted="$wanted $build" ;;
    desktop) wanted="$wanted $desktop" ;;
    test) wanted="$wanted $test" ;;
    analyze) wanted="$wanted $analyze" ;;
    package) wanted="$wanted $package" ;;
    *) echo "deps.sh: no such purpose: $purpose" >&2; exit 2 ;;
  esac
done

if [ -n "$list_only" ]; then
  # shellcheck disable=SC2086
  printf '%s\n' $wanted
  exit 0
fi

# Elsewhere than on Debian's family the libraries themselves tell whether they are there.
if ! command -v dpkg-query >/dev/null 2>&1; then
  missing=
  for tool in meson ninja msgfmt pkg-config; do
    command -v $tool >/dev/null 2>&1 || missing="$missing $tool"
  done
  for library in gtk4 libadwaita-1 gtksourceview-5 harfbuzz libsoup-3.0 json-glib-1.0 libsecret-1 sqlite3 libarchive enchant-2; do
    pkg-config --exists $library 2>/dev/null || missing="$missing $library"
  done
  case " $* " in *' desktop '*)
    for tool in Xvfb openbox xcompmgr xprop xdotool import dbus-daemon gnome-keyring-daemon; do
      command -v $tool >/dev/null 2>&1 || missing="$missing $tool"
    done ;;
  esac
  [ -z "$missing" ] && exit 0
  echo "Not found:$missing" >&2
  echo "Install what is missing and start again. Fedora:" >&2
  printf '  %s\n' "$fedora" >&2
  echo "Arch:" >&2
  printf '  %s\n' "$arch" >&2
  exit 1
fi

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
# pkgconf on some, pkg-config on others, node from its makers: what the tool itself says counts
present()
{
  installed "$1" && return 0
  case $1 in
    pkgconf) command -v pkg-config >/dev/null 2>&1 ;;
    nodejs) command -v node >/dev/null 2>&1 ;;
    npm) command -v npm >/dev/null 2>&1 ;;
    *) return 1 ;;
  esac
}

missing=
for entry in $wanted; do
  found=
  for name in $(echo "$entry" | tr '|' ' '); do present "$name" && found=1; done
  [ -n "$found" ] || missing="$missing $entry"
done
[ -z "$missing" ] && exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
  as_root=sudo
  command -v sudo >/dev/null 2>&1 || {
    echo "Missing packages; install them as root and start again:" >&2
    echo "  apt-get install$missing" | tr '|' ' ' >&2
    exit 1
  }
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() { $as_root env DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1 </dev/null || { tail -n 30 "$log" >&2; return 1; }; }
run apt-get -q update || echo "apt-get update failed; trying with the lists there are" >&2
names=
for entry in $missing; do
  chosen=${entry%%|*}
  for name in $(echo "$entry" | tr '|' ' '); do
    if apt-cache show "$name" >/dev/null 2>&1; then
      chosen=$name
      break
    fi
  done
  names="$names $chosen"
done
# shellcheck disable=SC2086
run apt-get -q -y --no-install-recommends install $names
