#!/bin/sh
# organise.sh MAKE-PROFILE PROGRAM [N]: the list over N conversations, in a profile made for it.
set -e
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$1" "$dir/bobbin" "${3:-100000}" >&2
"$2" "$dir/bobbin"
