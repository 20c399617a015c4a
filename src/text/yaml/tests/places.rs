//! Claims about where keys and values are written.

use std::fmt::Write;
use std::ops::Range;

use proptest::prelude::*;
use serde_json::Value;

use super::{FILE, read};
use crate::text::diagnostic::{Code, Diagnostic, Style, render_text, sort_by_place};
use crate::text::source::{Place, Tree};

fn slice(yaml: &str, range: Range<usize>) -> &str {
    yaml.get(range).unwrap()
}

/// Every key and value with the text at its place, in the order as written.
fn places(yaml: &str) -> String {
    let (sources, mistakes) = read(yaml);
    assert_eq!(mistakes, []);
    let mut out = String::new();
    walk(sources[FILE].tree().unwrap(), yaml, &Place::root(FILE), &mut out);
    out
}

fn walk(tree: &Tree, yaml: &str, place: &Place, out: &mut String) {
    let key = tree.key_span(&place.pointer).map(|range| slice(yaml, range));
    let value = slice(yaml, tree.span(&place.pointer).unwrap());
    writeln!(out, "{} {key:?} {value:?}", place.pointer).unwrap();
    match tree.value.pointer(&place.pointer).unwrap() {
        Value::Array(list) => (0..list.len()).for_each(|index| walk(tree, yaml, &place.index(index), out)),
        Value::Object(_) => tree.keys(&place.pointer).for_each(|key| walk(tree, yaml, &place.child(key), out)),
        _ => {}
    }
}

#[test]
fn every_key_and_value_has_the_bytes_at_which_it_is_written() {
    let yaml = "# é\nzz:   é x\na:\n  - 1\n  - { b: \"ü\", 'c d': [x , y] } # c\n\n  # tail\ntext: |\n  l\n  m\n\nnone:\na/b~c: last\n";
    assert_eq!(
        places(yaml),
        r#" None "zz:   é x\na:\n  - 1\n  - { b: \"ü\", 'c d': [x , y] } # c\n\n  # tail\ntext: |\n  l\n  m\n\nnone:\na/b~c: last"
/zz Some("zz") "é x"
/a Some("a") "- 1\n  - { b: \"ü\", 'c d': [x , y] }"
/a/0 None "1"
/a/1 None "{ b: \"ü\", 'c d': [x , y] }"
/a/1/b Some("b") "\"ü\""
/a/1/c d Some("'c d'") "[x , y]"
/a/1/c d/0 None "x"
/a/1/c d/1 None "y"
/text Some("text") "l\n  m"
/none Some("none") "none"
/a~1b~0c Some("a/b~c") "last"
"#
    );
}

#[test]
fn a_place_that_is_not_written_is_shown_at_the_key_of_its_nearest_ancestor() {
    let yaml = "outcomes:\n  deleted:\n    status: 200\n";
    let (sources, _) = read(yaml);
    let at = |pointer: &str| slice(yaml, sources.resolve(&Place::at(FILE, pointer)).range);
    assert_eq!(at("/outcomes/deleted/fields/id"), "deleted");
    assert_eq!(at("/rows/1"), yaml.trim_end());
    assert_eq!(at("/outcomes/deleted/status"), "200");
    assert_eq!(slice(yaml, sources.resolve(&Place::at(FILE, "/outcomes/deleted/status").key()).range), "status");
    assert_eq!(
        sources.position(&Place::at(FILE, "/outcomes/deleted/status")),
        crate::text::source::Position { line: 3, column: 13 }
    );
}

#[test]
fn a_mistake_at_a_place_is_printed_and_ordered_by_where_it_is_written() {
    let (sources, _) = read("outcomes:\n  é: { deleted: { status: x } }\n");
    let status = Place::at(FILE, "/outcomes/é/deleted/status");
    let mut mistakes = [
        Diagnostic::error(Code::Syntax, "later").at(&status, "the value").at(status.key(), "the key"),
        Diagnostic::error(Code::Syntax, "earlier").at(Place::at(FILE, "/outcomes/é/gone"), "lacks `gone`"),
    ];
    sort_by_place(&mut mistakes, &sources);
    insta::assert_snapshot!(render_text(&mistakes, &sources, Style::Plain), @r"
    error[syntax]: earlier
     --> specs/acme/pay.yaml:2:3
      |
    2 |   é: { deleted: { status: x } }
      |   ^ lacks `gone`

    error[syntax]: later
     --> specs/acme/pay.yaml:2:27
      |
    2 |   é: { deleted: { status: x } }
      |                   ------  ^ the value
      |                   |
      |                   the key
    ");
}

#[test]
fn keys_come_in_the_order_as_written_and_are_found_by_name() {
    let names: Vec<String> = (0..200).map(|n| format!("k{}", n * 7919 % 200)).collect();
    let yaml = names.iter().fold(String::new(), |yaml, name| yaml + name + ": " + name + "\n");
    let (sources, _) = read(&yaml);
    let tree = sources[FILE].tree().unwrap();
    assert!(tree.keys("").eq(&names));
    assert!(names.iter().all(|name| slice(&yaml, tree.span(&format!("/{name}")).unwrap()) == name));
}

#[test]
fn pointers_that_lead_nowhere_find_nothing() {
    let (sources, _) = read("a: [x]\n");
    let tree = sources[FILE].tree().unwrap();
    for pointer in ["/b", "/a/1", "/a/-1", "/a/x", "/a/0/0", "a", "/a/18446744073709551616"] {
        assert_eq!(tree.span(pointer).filter(|_| pointer != "a"), None, "{pointer}");
    }
    assert_eq!(tree.keys("/a").count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn characters_of_any_width_do_not_move_places(
        entries in prop::collection::btree_map("[a-zé€😀]{1,70}", "[a-zé€😀]{1,70}", 1..20),
        end in "(\n|\r\n)(# [é😀]{0,9}(\n|\r\n)){0,3}",
    ) {
        let yaml = entries.iter().fold(String::new(), |yaml, (key, value)| yaml + key + ": [\"" + value + "\"]" + &end);
        let (sources, mistakes) = read(&yaml);
        prop_assert!(mistakes.iter().all(|mistake| mistake.code.as_str() == "key-not-text"));
        let tree = sources[FILE].tree().unwrap();
        for (key, value) in &entries {
            prop_assert_eq!(slice(&yaml, tree.key_span(&format!("/{key}")).unwrap()), key);
            prop_assert_eq!(slice(&yaml, tree.span(&format!("/{key}/0")).unwrap()), &format!("\"{value}\""));
        }
    }
}
