#!/usr/bin/env bash
# What building costs: processor seconds (user and system) from clean, and the wall time after one edit of the library.
# Usage: benches/build.sh [ROUNDS]; it prints the median of so many rounds (3). Dependencies are fetched before time counts.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3}
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
export CARGO_TARGET_DIR=$target CARGO_TERM_COLOR=never
cargo fetch --locked --quiet

TIMEFORMAT='%U %S %R'
# Seconds that a command takes: user and system together, then wall.
seconds() { { time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%.0f %.1f\n", $1 + $2, $3 }'; }
median() { sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

edited=src/lib.rs
for _ in $(seq "$rounds"); do
    rm -rf "${target:?}"/*
    seconds cargo build --locked | tee -a "$target.debug" >/dev/null
    # An edit that changes a function's body and nothing that others see.
    cp "$edited" "$target.kept"
    printf '\n#[expect(dead_code, reason = "measured")]\nfn edited() -> &'"'"'static str {\n    "%s"\n}\n' "$RANDOM" >> "$edited"
    seconds cargo build --locked | cut -d' ' -f2 >> "$target.edit"
    cp "$target.kept" "$edited"
    cargo build --locked --quiet
    seconds cargo test --locked --no-run >> "$target.test"
    seconds cargo build --locked --release >> "$target.release"
done

row() { printf '| %-42s | %6s | %6s |\n' "$1" "$2" "$3"; }
row "what is built" "bound" "took"
row "---" "---:" "---:"
row 'cargo build, CPU s' 150 "$(cut -d' ' -f1 "$target.debug" | median)"
row 'cargo test --no-run on top, CPU s' 150 "$(cut -d' ' -f1 "$target.test" | median)"
row 'cargo build --release, CPU s' 330 "$(cut -d' ' -f1 "$target.release" | median)"
row 'cargo build after one edit, wall s' 10 "$(median < "$target.edit")"
rm -f "$target".*
