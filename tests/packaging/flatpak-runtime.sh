#!/bin/bash
# A stand-in for the GNOME runtime, made of Debian 13's packages: flatpak-runtime.sh BRANCH REPOSITORY DIRECTORY. As root.
#
# For machines that cannot reach the place where the real one is. It is exported as org.gnome.Platform and org.gnome.Sdk under
# the branch the manifest asks for, so the manifest is built unchanged. What is made in DIRECTORY is used again when it is there.
set -eu
branch=$1
repository=$2
dir=$3
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
# shellcheck source=tests/support/chroot-base.sh
. "$top/tests/support/chroot-base.sh"
arch=$(flatpak --default-arch)
# What the program is built with, but for cmark-gfm, which the platform lacks, too.
packages="$(sh "$top/tests/deps.sh" --list build | grep -v cmark-gfm) g++ cmake python3 elfutils appstream appstream-compose
  librsvg2-common fonts-cantarell fonts-dejavu-core fonts-texgyre-math"

mkdir -p "$dir"
if [ ! -e "$dir/complete" ]; then
  rm -rf --one-file-system "$dir/tree"
  fresh_base trixie "$dir/tree"
  inside "$dir/tree" "apt-get -q update && apt-get -q -y --no-install-recommends install ${packages//$'\n'/ }" >"$dir/apt.log" 2>&1 \
    || { tail -n 20 "$dir/apt.log" >&2; exit 1; }
  touch "$dir/complete"
fi

tree=$dir/tree
rt=$dir/runtime
rm -rf --one-file-system "$rt"
mkdir -p "$rt/usr" "$rt/files"
cp -al "$tree/usr/." "$rt/usr/" 2>/dev/null || cp -a "$tree/usr/." "$rt/usr/"
rm -rf "$rt/usr/etc" "$rt/usr/share/doc" "$rt/usr/share/man"
cp -a "$tree/etc" "$rt/usr/etc"
# Where the real one looks for libraries.
printf '%s\n' 'include /run/flatpak/ld.so.conf.d/app-*.conf' /app/lib 'include /run/flatpak/ld.so.conf.d/runtime-*.conf' \
  'include /etc/ld.so.conf.d/*.conf' >"$rt/usr/etc/ld.so.conf"
(cd "$rt/usr/etc" && rm -rf passwd* shadow* group* gshadow* resolv.conf hostname hosts mtab machine-id localtime apt)
find "$rt" -perm /6000 ! -type l -exec chmod a-s {} +
chmod -R u+rwX "$rt"
[ -e "$rt/usr/bin/ldconfig" ] || ln -s ../sbin/ldconfig "$rt/usr/bin/ldconfig"

# What flatpak-builder of Debian 12 calls appstream-compose, said in the words of today's tool.
rm -f "$rt/usr/bin/appstream-compose"
cat >"$rt/usr/bin/appstream-compose" <<'EOF'
#!/bin/sh
set -e
for argument; do case $argument in --basename=*) id=${argument#*=} ;; esac; done
tree=$(mktemp -d)
mkdir -p "$tree/usr/share/metainfo" /app/share/app-info/xmls /app/share/app-info/icons/flatpak
cp /app/share/appdata/*.xml "$tree/usr/share/metainfo/$id.metainfo.xml" 2>/dev/null ||
  cp "/app/share/metainfo/$id.metainfo.xml" "$tree/usr/share/metainfo/"
cp -r /app/share/applications /app/share/icons "$tree/usr/share/"
appstreamcli compose --prefix=/usr --origin="$id" --result-root="$tree/out" --data-dir="$tree/out/xmls" \
  --icons-dir=/app/share/app-info/icons/flatpak --components="$id" "$tree"
cp "$tree"/out/xmls/*.xml.gz "/app/share/app-info/xmls/$id.xml.gz"
rm -rf "$tree"
EOF
chmod 755 "$rt/usr/bin/appstream-compose"

for name in Sdk Platform; do
  cat >"$rt/metadata" <<EOF
[Runtime]
name=org.gnome.$name
runtime=org.gnome.Platform/$arch/$branch
sdk=org.gnome.Sdk/$arch/$branch

[Environment]
XDG_DATA_DIRS=/app/share:/usr/share
LIBRARY_PATH=/app/lib
EOF
  flatpak build-export --runtime --disable-sandbox "$repository" "$rt" "$branch" >/dev/null
done
rm -rf --one-file-system "$rt"
