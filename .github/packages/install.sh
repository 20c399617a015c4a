#!/bin/sh
# Installs proviso @VERSION@ for the user who runs it. The checksums in this file are those of its own release.
#
#     curl --proto '=https' --tlsv1.2 -LsSf @REPOSITORY@/releases/latest/download/install.sh | sh
#     ... | sh -s -- --to DIR
#
# PROVISO_DOWNLOADS names another place that has the release's archives.
set -eu

fail() {
    printf 'error: %s\n' "$1" >&2
    exit 1
}

has() { command -v "$1" > /dev/null 2>&1; }

# The archive and the checksum for this machine, into `archive` and `expected`.
choose() {
    system=$(uname -s)
    processor=$(uname -m)
    # A shell under Rosetta takes itself for an Intel machine.
    if [ "$system" = Darwin ] && [ "$(sysctl -n sysctl.proc_translated 2> /dev/null || true)" = 1 ]; then
        processor=arm64
    fi
    case "$system-$processor" in
        Linux-x86_64 | Linux-amd64)
            archive=@ARCHIVE_X86_64_UNKNOWN_LINUX_MUSL@
            expected=@SHA256_X86_64_UNKNOWN_LINUX_MUSL@
            ;;
        Linux-aarch64 | Linux-arm64)
            archive=@ARCHIVE_AARCH64_UNKNOWN_LINUX_MUSL@
            expected=@SHA256_AARCH64_UNKNOWN_LINUX_MUSL@
            ;;
        Darwin-arm64)
            archive=@ARCHIVE_AARCH64_APPLE_DARWIN@
            expected=@SHA256_AARCH64_APPLE_DARWIN@
            ;;
        Darwin-x86_64)
            archive=@ARCHIVE_X86_64_APPLE_DARWIN@
            expected=@SHA256_X86_64_APPLE_DARWIN@
            ;;
        *) fail "no binary of proviso is released for $system on $processor; build it with \`cargo install --git @REPOSITORY@ proviso\`" ;;
    esac
}

# Downloads $1 into $2; from the release by https alone.
download() {
    if [ -n "${PROVISO_DOWNLOADS:-}" ]; then
        set -- "$PROVISO_DOWNLOADS/$1" "$2"
    else
        set -- "@DOWNLOADS@/$1" "$2" '=https'
    fi
    if has curl; then
        curl --proto "${3:-=http,https}" --fail --silent --show-error --location --retry 3 --output "$2" "$1"
    elif has wget; then
        wget -q -O "$2" "$1"
    else
        fail "neither curl nor wget is installed"
    fi || fail "$1 cannot be downloaded"
}

# The SHA-256 of the file $1.
checksum() {
    if has sha256sum; then
        sha256sum < "$1"
    elif has shasum; then
        shasum -a 256 < "$1"
    else
        fail "neither sha256sum nor shasum is installed, so the download cannot be checked"
    fi
}

main() {
    to=${HOME:-}/.local/bin
    while [ $# -gt 0 ]; do
        case $1 in
            --to)
                [ $# -gt 1 ] || fail "--to needs a folder"
                to=$2
                shift 2
                ;;
            --help | -h)
                echo "Installs proviso @VERSION@ into ~/.local/bin, or into the folder after --to."
                exit 0
                ;;
            *) fail "unexpected argument $1; the only option is --to DIR" ;;
        esac
    done
    choose
    place=$(mktemp -d)
    trap 'rm -rf "$place"' EXIT
    trap 'exit 130' INT TERM
    download "$archive" "$place/archive"
    found=$(checksum "$place/archive") || exit 1
    found=${found%% *}
    [ "$found" = "$expected" ] || fail "$archive has the checksum $found, expected $expected; nothing was installed"
    tar -C "$place" -xzf "$place/archive"
    mkdir -p "$to"
    # Moved within one folder, so that a proviso that is running there is replaced and not overwritten.
    cp "$place/${archive%.tar.gz}/proviso" "$to/.proviso.$$"
    mv -f "$to/.proviso.$$" "$to/proviso"
    echo "$("$to/proviso" --version) is installed in $to"
    case ":$PATH:" in
        *":$to:"*) ;;
        *) echo "$to is not in your PATH; add it: export PATH=\"$to:\$PATH\"" ;;
    esac
}

# The last line, so that half a download does nothing.
main "$@"
