#!/usr/bin/env bash
# Lays out the folder that an image is built from, out of the archives of a release: context.sh ARCHIVES OUT
set -euo pipefail
archives=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out/licenses"
cp "$here/Dockerfile" "$out/"
for pair in amd64=x86_64 arm64=aarch64; do
    set -- "$archives"/proviso-v*-"${pair#*=}"-unknown-linux-musl.tar.gz
    [ $# -eq 1 ] && [ -f "$1" ] || { echo "error: expected one archive for ${pair#*=} in $archives" >&2; exit 1; }
    name=$(basename "$1" .tar.gz)
    mkdir -p "$out/${pair%=*}"
    tar -xzf "$1" -O "$name/proviso" > "$out/${pair%=*}/proviso"
    tar -C "$out/licenses" --strip-components 1 -xzf "$1" "$name/LICENSE-MIT" "$name/LICENSE-APACHE"
done
