#!/usr/bin/env bash
# Packs a binary as a release does, then installs it through each channel from a server on this machine, and uses it.
#
#     try.sh BINARY [FOLDER]     the packages are left in FOLDER, where one is given
#
# What this machine lacks is reported as SKIPPED.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null; rm -rf "$work"' EXIT
skip() { printf 'SKIPPED: %s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" > /dev/null 2>&1; }

own=$(uname -m)-$(uname -s)
case $own in
    x86_64-Linux) own=x86_64-unknown-linux-musl ;;
    aarch64-Linux) own=aarch64-unknown-linux-musl ;;
    arm64-Darwin) own=aarch64-apple-darwin ;;
    x86_64-Darwin) own=x86_64-apple-darwin ;;
    *) fail "no release is made for $own" ;;
esac
cp "$1" "$work/proviso"
strip "$work/proviso"                     # a debug build is a hundred megabytes; a release has nothing to remove
mkdir -p "${2:-$work/out}"
out=$(cd "${2:-$work/out}" && pwd)
version=$("$work/proviso" --version)
version=${version#proviso }

# The packages of this machine's system have the binary; those of the others a script of the same name.
pack() {
    printf '#!/bin/sh\necho "the binary of another system"\n' > "$work/other"
    chmod +x "$work/other"
    python3 "$here/binary.py" "$own" "$work/proviso" "$out"
    for triple in $(cd "$here" && python3 -c 'import project; print(*project.TARGETS)'); do
        [ "$triple" = "$own" ] || python3 "$here/binary.py" "$triple" "$work/other" "$out" > /dev/null
    done
    python3 "$here/release.py" "$out"
    (cd "$out" && sha256sum --quiet --check SHA256SUMS)
    (umask 077 && TZ=Asia/Tokyo python3 "$here/binary.py" x86_64-pc-windows-msvc "$work/other" "$work/again" > /dev/null)
    for file in "$work"/again/*; do
        cmp "$file" "$out/${file##*/}" || fail "${file##*/} is not the same when it is made again"
    done
}

# A server on this machine with the release, a registry for npm and an index for pip; `site` is its address.
serve() {
    mkdir -p "$work/site/release"
    cp "$out"/* "$work/site/release/"
    mkfifo "$work/port"
    python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$work/site" > "$work/port" 2> /dev/null &
    server=$!
    site=http://127.0.0.1:$(head -n 1 "$work/port" | sed -n 's/.* port \([0-9]*\).*/\1/p')
    python3 "$here/site.py" "$work/site" "$site"
}

# Uses an installed command: `uses WHERE COMMAND...`.
uses() {
    local where=$1
    shift
    [ "$("$@" --version)" = "proviso $version" ] || fail "$where: --version"
    "$@" demo > "$work/demo" || fail "$where: demo ended with $?"
    grep -q '1 violates' "$work/demo" || fail "$where: demo shows no violation"
    local code=0
    "$@" run --specs "$work/nothing-here" > /dev/null 2>&1 || code=$?
    [ "$code" = 2 ] || fail "$where: wrong arguments ended with $code, expected 2"
    echo "used: $where"
}

by_archive() {
    tar -C "$work" -xzf "$out/proviso-v$version-$own.tar.gz"
    uses "the archive" "$work/proviso-v$version-$own/proviso"
    bash -n "$work/proviso-v$version-$own/completions/proviso.bash"
    python3 "$here/binstall.py" "$out"
}

by_script() {
    curl -fsS "$site/release/install.sh" | PROVISO_DOWNLOADS=$site/release sh -s -- --to "$work/by script" > "$work/said"
    grep -q 'is not in your PATH' "$work/said" || fail "install.sh: no word of the PATH"
    uses "install.sh" "$work/by script/proviso"
    mkdir "$work/site/damaged"
    head -c 1000 "$out/proviso-v$version-$own.tar.gz" > "$work/site/damaged/proviso-v$version-$own.tar.gz"
    for from in damaged nowhere; do
        if PROVISO_DOWNLOADS=$site/$from sh "$out/install.sh" --to "$work/refused" > "$work/said" 2>&1; then
            fail "install.sh installed what is $from"
        fi
        [ ! -e "$work/refused" ] || fail "install.sh left something of what is $from"
        sed 's/^/    /' "$work/said"
    done
    mkdir "$work/strange"
    printf '#!/bin/sh\necho Plan9\n' > "$work/strange/uname"
    chmod +x "$work/strange/uname"
    ! PATH=$work/strange:$PATH sh "$out/install.sh" --to "$work/refused" 2> "$work/said" || fail "install.sh knows Plan9"
    sed 's/^/    /' "$work/said"
    has wget || { skip "wget is not on this machine, so install.sh was tried with curl alone"; return; }
    mkdir "$work/bare"
    for tool in sh uname mktemp rm wget sha256sum tar gzip mkdir cp mv; do ln -s "$(command -v $tool)" "$work/bare/"; done
    PATH=$work/bare PROVISO_DOWNLOADS=$site/release sh "$out/install.sh" --to "$work/by-wget" > /dev/null
    uses "install.sh without curl" "$work/by-wget/proviso"
}

by_npm() {
    has npm || { skip "npm is not on this machine"; return; }
    export npm_config_registry=$site/npm/ npm_config_cache=$work/npm-cache npm_config_update_notifier=false
    mkdir "$work/by-npx" "$work/by-npm" "$work/bare-npm"
    cd "$work/by-npx"
    uses "npx" npx --yes proviso
    cd "$work/by-npm"
    npm install --silent --no-audit --no-fund proviso
    [ "$(find node_modules -name 'cli-*' | wc -l)" = 1 ] || fail "npm installed the binaries of other systems"
    uses "npm" node_modules/.bin/proviso
    (mkdir "$work/empty" && cd "$work/empty" && "$work/proviso" init acme -q > /dev/null)
    interrupt INT node_modules/.bin/proviso
    interrupt TERM node_modules/.bin/proviso
    cd "$work/bare-npm"
    npm install --silent --no-audit --no-fund --omit=optional proviso
    local code=0
    node_modules/.bin/proviso --version 2> "$work/said" || code=$?
    grep -q 'without --omit=optional' "$work/said" && [ "$code" = 2 ] || fail "npm: an absent binary ended with $code"
    cd "$work"
    unset npm_config_registry
}

# A signal that only the script gets reaches the binary, which ends as without the script: `interrupt SIGNAL COMMAND`.
interrupt() {
    mkfifo "$work/serving-$1"
    exec 3<> "$work/serving-$1"
    set -m                                # without job control a job in the background ignores SIGINT
    "$2" serve --specs "$work/empty/specs" >&3 2>&1 < /dev/null &
    set +m
    local wrapper=$! code=0
    read -r _ <&3
    kill -"$1" "$wrapper"
    timeout 20 tail -f /dev/null --pid "$wrapper" || { kill -KILL -"$wrapper"; fail "npm: SIG$1 is not passed on"; }
    wait "$wrapper" || code=$?
    exec 3>&-
    [ "$code" = 0 ] || fail "npm: SIG$1 ended with $code, and without the script with 0"
    ! pgrep -f "serve --specs $work/empty/specs" > /dev/null || fail "npm: the binary goes on after SIG$1"
}

by_pip() {
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check --index-url "$site/simple" proviso-cli
    uses "pip" "$work/venv/bin/proviso"
    "$work/venv/bin/pip" uninstall --quiet --yes proviso-cli
    [ ! -e "$work/venv/bin/proviso" ] || fail "pip left the binary"
    if has twine && has wheel; then
        twine check --strict "$out"/*.whl
        # Checks each file against the wheel's own list.
        wheel unpack --dest "$work/unpacked" "$out"/*manylinux*"$(uname -m)"*.whl > /dev/null
    else
        skip "twine and wheel are not on this machine, so the wheels were installed and not checked"
    fi
    if has pipx; then
        export PIPX_HOME=$work/pipx PIPX_BIN_DIR=$work/pipx/bin
        local wheel
        wheel=$(echo "$out"/*manylinux*"$(uname -m)"*.whl)
        uses "pipx" pipx run --spec "$wheel" proviso
    else
        skip "pipx is not on this machine"
    fi
}

# The recipe for pre-commit, which installs the wheel; a contract with a mistake is no commit.
by_pre_commit() {
    has pre-commit || { skip "pre-commit is not on this machine"; return; }
    mkdir "$work/by-pre-commit"
    cd "$work/by-pre-commit"
    "$work/proviso" init acme -q > /dev/null
    cp "$here/../../examples/pre-commit.yaml" .pre-commit-config.yaml
    git init --quiet && git add .
    export PRE_COMMIT_HOME=$work/pre-commit PIP_EXTRA_INDEX_URL=$site/simple
    for stage in pre-commit pre-push; do
        pre-commit run --all-files --hook-stage "$stage" > "$work/said" 2>&1 || fail "$stage: $(cat "$work/said")"
        grep -q Passed "$work/said" || fail "$stage: $(cat "$work/said")"
    done
    sed -i 's/then: deleted,/then: delted,/' specs/acme/links.delete.yaml && git add .
    ! pre-commit run > "$work/said" 2>&1 || fail "pre-commit lets a mistake pass"
    grep -q delted "$work/said" || fail "pre-commit: $(cat "$work/said")"
    echo "used: pre-commit"
    cd "$work"
}

by_formula() {
    has ruby || { skip "Ruby is not on this machine, so the formula was not read"; return; }
    ruby -c "$out/proviso.rb" > /dev/null
    ruby "$here/homebrew/try.rb" "$out/proviso.rb" "$site/release" "$work/brew"
    uses "the formula" "$work/brew/bin/proviso"
}

by_image() {
    bash "$here/image/context.sh" "$out" "$work/context"
    cmp "$work/proviso" "$work/context/amd64/proviso"
    (cd "$work/context" && find . -type f | sort | tr '\n' ' ' && echo)
}

# The one place to fill in is enough: a copy with another owner there names it everywhere, and may be released.
by_another_owner() {
    has git || { skip "git is not on this machine"; return; }
    local root=$work/copy other=another
    mkdir "$root"
    (cd "$here/../.." && git ls-files -co --exclude-standard -z | xargs -0 tar -cf -) | tar -C "$root" -xf -
    cd "$root"
    git init --quiet
    sed -i "s,https://github.com/[^/]*/proviso,https://github.com/$other/proviso," Cargo.toml
    ! python3 .github/packages/repository.py 2> "$work/said" || fail "repository.py does not see another owner"
    python3 .github/packages/repository.py --write > "$work/said"
    GITHUB_REPOSITORY=$other/proviso python3 .github/packages/repository.py --release
    ! git grep --no-index -nw OWNER -- . ':!tests' ':!.github/packages' ':!src' || fail "OWNER is left"
    ! GITHUB_REPOSITORY=mistaken/proviso python3 .github/packages/repository.py --release 2> "$work/said" || fail "any repository may release"
    cd "$work"
}

pack
serve
by_archive
by_script
by_npm
by_pip
by_pre_commit
by_formula
by_image
by_another_owner
echo "every channel that this machine has was tried"
