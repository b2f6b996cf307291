#!/bin/bash
# with-desktop.sh PROGRAM [ARGUMENT...]: runs a program on a private desktop: X display, session bus, window manager,
# compositor, unlocked keyring and home. For suite "e2e". Its exit status is the program's.
#
#   BOBBIN_SCREEN=1280x900   size of the screen
#   BOBBIN_KEYRING=no        no keyring, and a bus that starts nothing by itself
#
# Everything started below carries BOBBIN_DESKTOP in its environment; that is how the end finds what is left, such as
# services the bus started.
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/bobbin-desktop.XXXXXX") || exit 99
export BOBBIN_DESKTOP="$dir"

ours()
{
  local environ pid
  for environ in /proc/[0-9]*/environ; do
    pid=${environ#/proc/}
    pid=${pid%/environ}
    [ "$pid" = $$ ] || [ "$pid" = "$BASHPID" ] && continue
    grep -qsxz "BOBBIN_DESKTOP=$dir" "$environ" 2>/dev/null && echo "$pid"
  done
}

cleanup()
{
  trap - EXIT
  local pid tries
  for signal in TERM KILL; do
    tries=0
    for pid in $(ours); do kill -$signal "$pid" 2>/dev/null; done
    until [ -z "$(ours)" ] || [ $tries -ge 40 ]; do sleep 0.05; tries=$((tries + 1)); done
  done
  rm -rf "$dir" "/dev/shm/${dir##*/}"
}
trap cleanup EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

fail()
{
  echo "with-desktop.sh: $1" >&2
  [ -s "$2" ] && cat "$2" >&2
  exit 99
}

# Starts a program that writes its number or address on descriptor 3, and waits for that line.
announced()
{
  local name=$1
  shift
  mkfifo "$dir/$name" || exit 99
  exec 4<>"$dir/$name"
  "$@" 3>&4 4<&- >"$dir/$name.log" 2>&1 &
  read -r -t 30 line <&4 || fail "$1 did not start" "$dir/$name.log"
  exec 4<&-
}

# Waits at most 10 s for a condition.
wait_for()
{
  local tries=0
  until "$@" >/dev/null 2>&1 || [ $tries -ge 200 ]; do sleep 0.05; tries=$((tries + 1)); done
  [ $tries -lt 200 ]
}

mkdir -m 700 "$dir/home" "$dir/run" && mkdir -p "$dir/home/.config/gtk-4.0" || exit 99
printf '[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=false\ngtk-cursor-blink=false\n' \
  > "$dir/home/.config/gtk-4.0/settings.ini"
export HOME="$dir/home"
export XDG_RUNTIME_DIR="$dir/run" GDK_BACKEND=x11 GSK_RENDERER="${GSK_RENDERER:-cairo}" LANG="${LANG:-C.UTF-8}"
export GSETTINGS_BACKEND=keyfile ADW_DISABLE_PORTAL=1 GTK_USE_PORTAL=0 GIO_USE_VFS=local
unset DBUS_SESSION_BUS_ADDRESS WAYLAND_DISPLAY GTK_A11Y GTK_THEME
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME

# The display comes before the bus: services the bus starts inherit it.
announced display Xvfb -displayfd 3 -screen 0 "${BOBBIN_SCREEN:-1280x900}x24" -dpi 96 -nolisten tcp -noreset
export DISPLAY=":$line"
if [ "${BOBBIN_KEYRING:-yes}" = no ]; then
  sed '/<standard_session_servicedirs/d' /usr/share/dbus-1/session.conf > "$dir/bus.conf"
  announced bus dbus-daemon --config-file="$dir/bus.conf" --nofork --print-address=3
else
  announced bus dbus-daemon --session --nofork --print-address=3
fi
export DBUS_SESSION_BUS_ADDRESS="$line"

# The accessibility bus is no service of the bus that starts nothing.
launcher=/usr/libexec/at-spi-bus-launcher
if [ "${BOBBIN_KEYRING:-yes}" = no ] && [ -x "$launcher" ]; then
  "$launcher" --launch-immediately >"$dir/atspi.log" 2>&1 &
  gdbus wait --session --timeout 15 org.a11y.Bus || fail "the accessibility bus did not start" "$dir/atspi.log"
fi

openbox --sm-disable >"$dir/openbox.log" 2>&1 &
if [ "${BOBBIN_KEYRING:-yes}" != no ]; then
  printf test | gnome-keyring-daemon --unlock --foreground --components=secrets >"$dir/keyring.log" 2>&1 &
  gdbus wait --session --timeout 15 org.freedesktop.secrets || fail "the keyring did not start" "$dir/keyring.log"
fi
manager() { xprop -root _NET_SUPPORTING_WM_CHECK | grep -q 'window id'; }
wait_for manager || fail "the window manager did not start" "$dir/openbox.log"
xcompmgr >"$dir/xcompmgr.log" 2>&1 &

"$@"
