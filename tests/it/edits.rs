//! Good bytes with some of them replaced, doubled or left out, for tests that anything may come.

use proptest::prelude::*;
use proptest::sample::Index;

/// How many are tried of each kind in the usual run of the tests; the long runs are in tests/fuzz.
pub(crate) fn some(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// One change.
#[derive(Debug, Clone)]
enum Edit {
    Replace(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    /// A stretch again, somewhere else.
    Copy(Index, usize, Index),
    End(Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    let signs = prop::sample::select(vec![
        "{", "}", "[", "]", ":", ": ", ",", "\"", "'", "\n", "\r\n", "  ", "- ", "#", "&a", "*a", "!", "|", "$", "\0",
        "\t", "-1", "1e999", "null", "\\u0000", "\u{feff}", "\u{202e}", "%", "*", "<<: ",
    ]);
    prop_oneof![
        1 => (at(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        4 => (at(), signs).prop_map(|(at, text)| Edit::Insert(at, text.as_bytes().to_vec())),
        1 => (at(), prop::collection::vec(any::<u8>(), 1..9)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        2 => (at(), 1..40_usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        2 => (at(), 1..200_usize, at()).prop_map(|(from, length, to)| Edit::Copy(from, length, to)),
        1 => at().prop_map(Edit::End),
    ]
}

fn apply(bytes: &mut Vec<u8>, edit: &Edit) {
    let place = |at: &Index, bytes: &Vec<u8>| at.index(bytes.len() + 1);
    match edit {
        Edit::Replace(at, byte) if !bytes.is_empty() => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        Edit::Insert(at, piece) => drop(splice(bytes, place(at, bytes), 0, piece)),
        Edit::Remove(at, length) => drop(splice(bytes, place(at, bytes), *length, &[])),
        Edit::Copy(from, length, to) => {
            let from = place(from, bytes);
            let piece = bytes[from..(from + length).min(bytes.len())].to_vec();
            splice(bytes, place(to, bytes), 0, &piece);
        }
        Edit::End(at) => bytes.truncate(place(at, bytes)),
        Edit::Replace(..) => {}
    }
}

fn splice(bytes: &mut Vec<u8>, at: usize, length: usize, piece: &[u8]) -> Vec<u8> {
    let end = (at + length).min(bytes.len());
    bytes.splice(at..end, piece.iter().copied()).collect()
}

/// One of these, with up to so many changes.
pub(crate) fn edited(good: Vec<Vec<u8>>, changes: usize) -> impl Strategy<Value = Vec<u8>> {
    (prop::sample::select(good), prop::collection::vec(edit(), 0..=changes)).prop_map(|(mut bytes, edits)| {
        edits.iter().for_each(|edit| apply(&mut bytes, edit));
        bytes
    })
}
