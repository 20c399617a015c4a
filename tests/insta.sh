#!/usr/bin/env bash
# The published cargo-insta on the files that proviso writes: it lists, rejects, accepts and reviews them, and what it has
# accepted is what proviso would have accepted, to the byte. Takes the binary of proviso; cargo-insta is the one on the PATH.
set -euo pipefail
proviso=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
unset CI TF_BUILD INSTA_UPDATE INSTA_FORCE_PASS INSTA_WORKSPACE_ROOT

fail() { echo "tests/insta.sh: $*" >&2; exit 1; }
insta() { env -u CARGO_MANIFEST_DIR cargo insta "$@"; }
waiting() { find snapshots -name '*.snap.new' | wc -l; }

# cargo-insta looks only into packages of cargo.
mkdir src && touch src/lib.rs
printf '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' > Cargo.toml
"$proviso" init acme > /dev/null 2>&1
"$proviso" run -q --pending > /dev/null
[ "$(waiting)" = 5 ] || fail "five answers wait for somebody to accept them"
cp -r snapshots ours
find ours -name '*.snap.new' -exec sh -c 'mv "$1" "${1%.new}"' _ {} \;

listed=$(insta pending-snapshots --as-json | grep -c '"path"' || true)
[ "$listed" = 5 ] || fail "pending-snapshots lists $listed of 5: $(insta pending-snapshots 2>&1)"
at=snapshots/mock/acme/links.delete
insta reject --snapshot "$at/live.snap" > /dev/null 2>&1
[ ! -e "$at/live.snap.new" ] && [ ! -e "$at/live.snap" ] || fail "reject takes one away"
insta accept > /dev/null 2>&1
[ "$(waiting)" = 0 ] || fail "accept leaves nothing that waits"
rm ours/mock/acme/links.delete/live.snap
diff -r ours snapshots || fail "what cargo-insta has accepted is what proviso wrote"

"$proviso" run -q --pending > /dev/null
[ "$(waiting)" = 1 ] || fail "only what was rejected is new again"
if command -v script > /dev/null; then
    # Keys are only taken from a terminal.
    printf a | script -qec "env -u CARGO_MANIFEST_DIR cargo insta review" /dev/null > review.txt 2>&1 || true
    grep -q 'acme/links.delete/live' review.txt || fail "review shows the case: $(cat review.txt)"
    [ -e "$at/live.snap" ] && [ "$(waiting)" = 0 ] || fail "review accepts: $(cat review.txt)"
else
    echo "cargo insta review was not tried: there is no script(1) to give it a terminal"
    insta accept > /dev/null 2>&1
fi
"$proviso" run -q --deny drift --deny new > /dev/null || fail "a run sees what cargo-insta has accepted"
echo "cargo-insta lists, rejects, accepts and reviews what proviso writes"
