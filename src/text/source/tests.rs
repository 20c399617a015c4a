//! Claims about files, lines and places; those about trees stand beside their reader.

use super::{FileId, Place, Position, Source, Sources, Span};

fn source(text: &str) -> Source {
    Source::new("a.yaml".into(), text.to_owned())
}

#[test]
fn lines_and_columns_count_from_one_and_columns_in_characters() {
    let source = source("ab\né😀x\r\n\nlast");
    let at = |offset| {
        let Position { line, column } = source.position(offset);
        (line, column)
    };
    assert_eq!([at(0), at(2), at(3), at(5), at(9)], [(1, 1), (1, 3), (2, 1), (2, 2), (2, 3)]);
    assert_eq!([at(12), at(13), at(17), at(99)], [(3, 1), (4, 1), (4, 5), (4, 5)]);
}

#[test]
fn an_offset_within_a_character_is_the_characters() {
    assert_eq!(source("é").position(1), Position { line: 1, column: 1 });
}

#[test]
fn a_line_is_its_bytes_without_the_line_end() {
    let source = source("ab\ncd\r\n\nlast");
    assert_eq!([1, 2, 3, 4, 5].map(|line| source.line(line)), [0..2, 3..5, 7..7, 8..12, 12..12]);
}

#[test]
fn an_empty_text_has_one_empty_line() {
    assert_eq!((source("").position(0), source("").line(1)), (Position { line: 1, column: 1 }, 0..0));
}

#[test]
fn places_grow_by_children_with_their_names_escaped() {
    let place = Place::root(FileId(3)).child("fields").child("/data/a~b").index(2);
    assert_eq!(place, Place::at(FileId(3), "/fields/~1data~1a~0b/2"));
    assert!(place.key().key && !place.key);
}

#[test]
fn files_keep_the_order_and_the_ids_in_which_they_were_added() {
    let mut sources = Sources::default();
    let first = sources.add("b.yaml".into(), String::new());
    let promised = sources.next_id();
    let second = sources.push(source("x"));
    assert_eq!((promised, first < second), (second, true));
    assert_eq!(
        sources.iter().map(|(file, source)| (file, source.text())).collect::<Vec<_>>(),
        [(first, ""), (second, "x")]
    );
}

#[test]
fn a_place_in_an_unread_or_unknown_file_is_its_start() {
    let mut sources = Sources::default();
    let file = sources.add("b.yaml".into(), String::new());
    assert_eq!(sources.resolve(&Place::at(file, "/a/b")), Span { file, range: 0..0 });
    assert_eq!(sources.position(&Place::at(FileId(9), "/a")), Position { line: 1, column: 1 });
    assert_eq!(sources[FileId(9)].text(), "");
}

#[test]
fn an_entry_over_several_lines_is_folded_into_one() {
    let text = "rows:\n  a: { when: {} }   # b\n  b:\n    when: { link: live }\n    # c\n    then:\n      - one\n      - two\n    cites: [x]\n  c: 1\n";
    let source = source(text);
    assert_eq!(source.folded_entry(2), "a: { when: {} }   # b");
    assert_eq!(source.folded_entry(3), "b: { when: { link: live }, then: - one - two, cites: [x] }");
    assert_eq!(source.folded_entry(10), "c: 1");
    assert_eq!(source.folded_entry(99), "");
}
