#!/usr/bin/env bash
# Prints where axe-core is, which judges whether everybody can use a page. It is fetched once by its name and version, and used
# only when its bytes are the ones named here. For tests only: nothing of it is shipped.
set -euo pipefail
name=axe-core version=4.14.1
sha512=1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5
place="${XDG_CACHE_HOME:-$HOME/.cache}/vrs/$name-$version"
if [ ! -e "$place/axe.min.js" ]; then
    mkdir -p "$place"
    scratch=$(mktemp -d "$place/new.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
    (cd "$scratch" && npm pack --silent "$name@$version" >/dev/null)
    echo "$sha512  $scratch/$name-$version.tgz" | sha512sum --check --quiet >&2
    tar -xzf "$scratch/$name-$version.tgz" -C "$scratch" package/axe.min.js
    mv "$scratch/package/axe.min.js" "$place/axe.min.js"
fi
echo "$place/axe.min.js"
