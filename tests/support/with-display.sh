#!/bin/bash
# with-display.sh PROGRAM [ARGUMENT...]: runs a program on an X display of its own, with a home of its own and no bus.
# For suite "ui". Its exit status is the program's.
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/bobbin-display.XXXXXX") || exit 99
xvfb=
cleanup()
{
  trap - EXIT
  [ -n "$xvfb" ] && kill "$xvfb" 2>/dev/null && wait "$xvfb" 2>/dev/null
  rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

mkdir -m 700 "$dir/home" "$dir/run" && mkdir -p "$dir/home/.config/gtk-4.0" && mkfifo "$dir/number" || exit 99
printf '[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=false\ngtk-cursor-blink=false\n' \
  > "$dir/home/.config/gtk-4.0/settings.ini"
export HOME="$dir/home"
export XDG_RUNTIME_DIR="$dir/run" GDK_BACKEND=x11 GSK_RENDERER="${GSK_RENDERER:-cairo}" LANG="${LANG:-C.UTF-8}"
export ADW_DISABLE_PORTAL=1 GTK_USE_PORTAL=0 GIO_USE_VFS=local DBUS_SESSION_BUS_ADDRESS=disabled:
unset WAYLAND_DISPLAY XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME

Xvfb -displayfd 3 -screen 0 1280x900x24 -dpi 96 -nolisten tcp -noreset 3<>"$dir/number" >"$dir/xvfb.log" 2>&1 &
xvfb=$!
exec 4<>"$dir/number"
if ! read -r -t 30 number <&4; then
  echo "with-display.sh: Xvfb did not start:" >&2
  cat "$dir/xvfb.log" >&2
  exit 99
fi
exec 4<&-
export DISPLAY=":$number"
"$@"
