#!/bin/sh
# encode-icon.sh ENCODER SVG SIZE OUTPUT: the encoder names its output itself, which is no use where two sizes share a folder.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$1" "$2" "$3" -o "$dir"
mv "$dir"/*.symbolic.png "$4"
