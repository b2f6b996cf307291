#!/bin/bash
# The Flatpak, built from its manifests and used: flatpak.sh [--dir DIRECTORY] [--keep]. As root.
#
# Where the GNOME runtime cannot be downloaded, one is made of Debian's packages (flatpak-runtime.sh). What is made in
# DIRECTORY is used again when it is there. The last line is "N passed, N failed, N skipped".
set -u
# shellcheck source=tests/packaging/check.sh
. "$(dirname -- "$0")/check.sh" "$@"
as_root

id=io.github.bobbin_chat.Bobbin
manifest=$dir/src/flatpak/$id.json
branch=$(sed -n 's/.*"runtime-version": "\(.*\)".*/\1/p' "$top/flatpak/$id.json")
export FLATPAK_USER_DIR=$dir/flatpak

# --- runtime ------------------------------------------------------------------------------------------------

real_runtime()
{
  timeout 60 flatpak --user remote-add --if-not-exists flathub https://flathub.org/repo/flathub.flatpakrepo &&
    timeout 3600 flatpak --user install -y --noninteractive flathub "org.gnome.Platform//$branch" "org.gnome.Sdk//$branch"
}
made_runtime()
{
  [ -e "$dir/exported" ] || { bash "$top/tests/packaging/flatpak-runtime.sh" "$branch" "$dir/repo" "$dir/runtime" && touch "$dir/exported"; } || return 1
  flatpak --user remote-add --if-not-exists --no-gpg-verify made "file://$dir/repo" &&
    flatpak --user remote-modify --url="file://$dir/repo" made &&
    flatpak --user install -y --noninteractive --or-update made "org.gnome.Platform//$branch" "org.gnome.Sdk//$branch"
}
if real_runtime >"$dir/log" 2>&1; then
  echo "the GNOME runtime $branch, as it is published"
else
  check "a runtime $branch of Debian's packages" made_runtime || finish
fi

# --- sources ------------------------------------------------------------------------------------------------

# What cannot be downloaded here is taken from Debian's sources, if it is the same to the bit.
source_of_cmark()
{
  local url sum name tree=$dir/runtime/tree
  url=$(sed -n 's/.*"url": "\(.*\)".*/\1/p' "$manifest")
  sum=$(sed -n 's/.*"sha256": "\(.*\)".*/\1/p' "$manifest")
  # Where flatpak-builder looks for what it need not download.
  name=$dir/sources/downloads/$sum/${url##*/}
  mkdir -p "${name%/*}"
  [ -s "$name" ] || curl -sfL -m 60 -o "$name" "$url" || {
    inside "$tree" "cd /var/tmp && for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ ! -e \$f ] || sed -n 's/^deb /deb-src /p' \$f; done >/etc/apt/sources.list.d/src.list
      for f in /etc/apt/sources.list.d/*.sources; do [ ! -e \$f ] || sed -i 's/^Types: deb\$/Types: deb deb-src/' \$f; done
      apt-get -q update && apt-get -q -y --no-install-recommends install dpkg-dev &&
      apt-get -q source --download-only --tar-only cmark-gfm" && cp "$tree"/var/tmp/cmark-gfm_*.orig.tar.gz "$name" || return 1
  }
  echo "$sum  $name" | sha256sum -c
}
rm -rf --one-file-system "$dir/src"
check "the sources" sources "$top" "$dir/src" || finish
check "cmark-gfm, with the sum of the manifest" source_of_cmark || finish

# --- build --------------------------------------------------------------------------------------------------

build()
{
  (cd "$dir" && dbus-run-session -- flatpak-builder --user --force-clean --disable-updates --state-dir="$dir/state" \
    --extra-sources="$dir/sources" --install build "$dir/src/flatpak/$1.json")
}
check "the Flatpak, built and installed" build $id || finish
printf 'installed size %s\n' "$(flatpak --user info --show-size $id | tr -dc '0-9.kMGB')"
# fallback-x11 is written with x11 beside it, for the sake of old versions of flatpak
permissions()
{
  flatpak --user info -M $id >"$dir/permissions" || return 1
  grep -E '^(shared|sockets|devices)=' "$dir/permissions"
  grep -qx 'shared=network;ipc;' "$dir/permissions" && grep -qxE 'sockets=(x11;)?wayland;fallback-x11;' "$dir/permissions" &&
    grep -qx 'devices=dri;' "$dir/permissions" && ! grep -qE '^filesystems=|Bus Policy' "$dir/permissions"
}
check "has these five permissions and no other" permissions

exported=$FLATPAK_USER_DIR/exports/share
shown()
{
  desktop-file-validate "$exported/applications/$id.desktop" && [ -e "$exported/icons/hicolor/scalable/apps/$id.svg" ] &&
    [ -e "$exported/icons/hicolor/symbolic/apps/$id-symbolic.svg" ] && grep -q "^Name=$id$" "$exported/dbus-1/services/$id.service" &&
    [ -e "$FLATPAK_USER_DIR/app/$id/current/active/files/share/licenses/$id/bobbin/LICENSE" ]
}
check "is shown by the desktop" shown

# --- use ----------------------------------------------------------------------------------------------------

mkdir -p "$dir/home"
terminal()
{
  cat >"$dir/terminal" <<EOF
set -e
flatpak run --user $id --version
flatpak run --user --command=sh $id -c '
  cd; key=flatpak-test-key; echo \$key >key
  bobbin demo-server --key-stdin <key >server & server=\$!
  until grep -q ^agent server; do kill -0 \$server || exit 1; sleep 0.1; done
  bobbin accounts add --name Test --service nebelus --base-url "\$(sed -n "s/^listening on //p" server)" \
    --agent "\$(sed -n "s/^agent //p" server)"
  bobbin ask --account-key-stdin "show a table" <key | grep Ostrava
  kill \$server; rm key server'
EOF
  HOME=$dir/home dbus-run-session -- sh "$dir/terminal"
}
check "answers in a terminal" terminal

cat >"$dir/bobbin" <<EOF
#!/bin/sh
exec flatpak run --user --env=GSK_RENDERER=cairo --env=GSETTINGS_BACKEND=memory $id "\$@"
EOF
chmod +x "$dir/bobbin"
converse()
{
  (cd "$top" && BOBBIN_PROGRAM="$dir/bobbin" BOBBIN_SANDBOXED="bobbin $id Bobbin" BOBBIN_DATA_DIR=.var/app/$id/data/bobbin \
    PYTHONDONTWRITEBYTECODE=1 bash tests/support/with-desktop.sh /usr/bin/python3 tests/e2e/demo-conversation.py "$dir" "$dir/demo.png")
}
check "a conversation through its window" converse
grep -a '^Window' "$dir/log"
mkdir -p "$top/build-chroot" && cp "$dir/demo.png" "$top/build-chroot/flatpak.png" 2>/dev/null

check "the development build beside it" build $id.Devel
both() { flatpak --user list --app --columns=application | sort | tr '\n' ' ' | grep -q "$id $id.Devel "; }
check "both are installed" both
gone() { flatpak --user uninstall -y --noninteractive $id $id.Devel && ! [ -e "$FLATPAK_USER_DIR/app/$id" ]; }
check "uninstalls" gone
finish
