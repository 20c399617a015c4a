#!/usr/bin/env bash
# Builds the image of a release without the internet, measures it and runs it: try.sh ARCHIVES
#
# The base is a stand-in: what the distroless base has, from Debian's packages of this machine's release. Needs root and buildah.
set -euo pipefail
archives=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
builder() { buildah --storage-driver vfs --root "$work/storage" --runroot "$work/run" "$@"; }

# The files of the base: certificates, time zones, names of users and services.
base() {
    local root=$work/base
    mkdir "$work/debs" "$root"
    (cd "$work/debs" && apt-get download -q base-files netbase tzdata ca-certificates media-types > /dev/null 2>&1)
    for package in "$work"/debs/*.deb; do dpkg-deb -x "$package" "$root"; done
    mkdir -p "$root/etc/ssl/certs" "$root/home/nonroot" "$root/tmp"
    cat "$root"/usr/share/ca-certificates/mozilla/*.crt > "$root/etc/ssl/certs/ca-certificates.crt"
    rm -rf "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/ca-certificates" "$root/usr/share/lintian"
    printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' > "$root/etc/passwd"
    printf 'root:x:0:\nnonroot:x:65532:\n' > "$root/etc/group"
    chmod 1777 "$root/tmp"
    local container
    container=$(builder from scratch)
    builder copy --quiet "$container" "$root" / > /dev/null
    builder commit --quiet "$container" base > /dev/null
}

# The bytes of all files of an image, as they are on a disk that holds it.
bytes() {
    local container
    container=$(builder from --pull-never "$1")
    find "$(builder mount "$container")" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }'
}

base
bash "$here/context.sh" "$archives" "$work/context"
builder build --quiet --from localhost/base --pull-never --platform linux/amd64 --tag proviso "$work/context" > /dev/null
container=$(builder from --pull-never localhost/proviso)
root=$(builder mount "$container")
! find "$root" -name sh -o -name bash -o -name busybox | grep . || fail "the image has a shell"
builder inspect --format 'user {{.OCIv1.Config.User}}, entry {{.OCIv1.Config.Entrypoint}}, folder {{.OCIv1.Config.WorkingDir}}' "$container"
echo
builder inspect --format '{{.OCIv1.Config.User}}' "$container" | grep -qx '65532:65532' || fail "the image runs as root"
inside() { builder run --isolation chroot "$container" -- /usr/local/bin/proviso "$@"; }
inside --version
inside demo --color never > "$work/demo"
grep '1 violates' "$work/demo"
whole=$(bytes localhost/proviso)
echo "the image has $whole bytes, of which the stand-in for the base has $(bytes localhost/base)"
[ "$whole" -lt 30000000 ] || fail "the image has 30 MB or more"
