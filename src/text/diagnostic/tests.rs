//! Claims about how mistakes are kept, ordered and printed.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Code, Diagnostic, DiagnosticJson, Style, render_github, render_text, sort_by_place, suggest};
use crate::text::source::{FileId, Sources, Span};

const VENDOR: FileId = FileId(0);
const OPERATION: FileId = FileId(1);

const VENDOR_TEXT: &str = "version: 1\nvendor: acme\nresources:\n  link: { id: \"^l_\" }\n";
const OPERATION_TEXT: &str = "version: 1\nrows:\n  é: { when: { lnik: live },\n       then: deleted }\n";

fn sources() -> Sources {
    let mut sources = Sources::default();
    sources.add("specs/acme/vendor.yaml".into(), VENDOR_TEXT.to_owned());
    sources.add("specs/acme/pay, then:go.yaml".into(), OPERATION_TEXT.to_owned());
    sources
}

/// The first occurrence of a word.
fn word(file: FileId, text: &str, word: &str) -> Span {
    let start = text.find(word).unwrap();
    Span { file, range: start..start + word.len() }
}

fn mistake() -> Diagnostic {
    Diagnostic::error(Code::KeyNotText, "no resource is called `lnik`")
        .at(word(OPERATION, OPERATION_TEXT, "lnik"), "unknown")
        .at(word(VENDOR, VENDOR_TEXT, "resources"), "resources are named here")
        .help("100% sure:\nname a resource, or a dimension")
        .suggest("lnik", ["link", "json"])
}

/// A file of lines with two labels, on its last line and on its first.
fn first_and_last(text: &str) -> String {
    let mut sources = Sources::default();
    let file = sources.add("lines.yaml".into(), text.to_owned());
    let last = text.trim_end().rfind('\n').unwrap() + 1;
    let mistake = Diagnostic::error(Code::DuplicateKey, "twice").at(Span { file, range: last..last + 1 }, "again");
    render_text(&[mistake.at(Span { file, range: 0..1 }, "first")], &sources, Style::Plain)
}

fn plain(diagnostics: &[Diagnostic]) -> String {
    render_text(diagnostics, &sources(), Style::Plain)
}

fn as_json(diagnostic: &Diagnostic) -> Value {
    serde_json::to_value(DiagnosticJson::new(diagnostic, &sources())).unwrap()
}

#[test]
fn text_shows_every_label_in_its_file_with_the_help() {
    insta::assert_snapshot!(plain(&[mistake()]), @r"
    error[key-not-text]: no resource is called `lnik`
     --> specs/acme/pay, then:go.yaml:3:16
      |
    3 |   é: { when: { lnik: live },
      |                ^^^^ unknown
      |
     --> specs/acme/vendor.yaml:3:1
      |
    3 | resources:
      | --------- resources are named here
      |
      = help: 100% sure:
              name a resource, or a dimension
      = help: did you mean `link`?
    ");
}

#[test]
fn a_warning_is_headed_as_one() {
    let warning = Diagnostic::warning(Code::Tag, "odd").at(word(VENDOR, VENDOR_TEXT, "acme"), "");
    insta::assert_snapshot!(plain(&[warning]), @r"
    warning[tag]: odd
     --> specs/acme/vendor.yaml:2:9
      |
    2 | vendor: acme
      |         ^^^^
    ");
}

#[test]
fn a_label_over_many_lines_is_cut_to_the_first() {
    let long =
        Diagnostic::error(Code::Tag, "long").at(word(VENDOR, VENDOR_TEXT, VENDOR_TEXT.trim_end()), "the whole file");
    insta::assert_snapshot!(plain(&[long]), @r"
    error[tag]: long
     --> specs/acme/vendor.yaml:1:1
      |
    1 | version: 1
      | ^^^^^^^^^^ the whole file
    ");
}

#[test]
fn a_mistake_without_a_place_is_shown_all_the_same() {
    insta::assert_snapshot!(plain(&[Diagnostic::error(Code::FileMissing, "no folder").help("make one")]), @r"
    error[file-missing]: no folder
     |
     = help: make one
    ");
}

#[test]
fn labels_far_apart_are_shown_apart() {
    let text = "a: 1\n".to_owned() + &"#\n".repeat(500) + "a: 2\n";
    insta::assert_snapshot!(first_and_last(&text), @r"
    error[duplicate-key]: twice
       --> lines.yaml:502:1
        |
    502 | a: 2
        | ^ again
        |
       --> lines.yaml:1:1
        |
      1 | a: 1
        | - first
    ");
}

#[test]
fn a_line_too_long_to_show_is_told_by_its_place() {
    let text = format!("a: {}\na: 2\n", "é".repeat(3000));
    insta::assert_snapshot!(first_and_last(&text), @r"
    error[duplicate-key]: twice
    --> lines.yaml:2:1
     = note: again
    --> lines.yaml:1:1
     = note: first
    ");
}

#[test]
fn colours_change_nothing_but_colours() {
    let coloured = render_text(&[mistake()], &sources(), Style::Coloured);
    assert!(coloured.contains("\u{1b}["));
    let stripped = regex::Regex::new("\u{1b}(\\[[0-9;]*m|\\]8;[^\\\\]*\u{1b}\\\\)")
        .unwrap()
        .replace_all(&coloured, "")
        .into_owned();
    assert_eq!(stripped, plain(&[mistake()]));
}

#[test]
fn what_a_contract_says_cannot_steer_the_terminal() {
    let evil = Diagnostic::error(Code::Tag, "a\u{1b}[2Jb")
        .at(word(VENDOR, VENDOR_TEXT, "acme"), "c\u{1b}]0;d")
        .help("e\u{9b}f");
    let sources = sources();
    for printed in [plain(std::slice::from_ref(&evil)), render_github(std::slice::from_ref(&evil), &sources)] {
        assert!(!printed.contains(['\u{1b}', '\u{9b}']), "{printed}");
    }
}

#[test]
fn json_has_the_documented_shape() {
    let printed = as_json(&mistake());
    let label = json!({
        "file": "specs/acme/pay, then:go.yaml", "line": 3, "column": 16, "end_line": 3, "end_column": 20,
        "text": "unknown", "primary": true,
    });
    let other = json!({
        "file": "specs/acme/vendor.yaml", "line": 3, "column": 1, "end_line": 3, "end_column": 10,
        "text": "resources are named here", "primary": false,
    });
    assert_eq!(
        printed,
        json!({
            "code": "key-not-text", "severity": "error", "message": "no resource is called `lnik`",
            "file": "specs/acme/pay, then:go.yaml", "line": 3, "column": 16, "end_line": 3, "end_column": 20,
            "labels": [label, other],
            "help": ["100% sure:\nname a resource, or a dimension", "did you mean `link`?"],
        })
    );
}

#[test]
fn json_of_a_mistake_without_a_place_has_null_places() {
    let printed = as_json(&Diagnostic::error(Code::FileMissing, "gone"));
    assert_eq!((&printed["file"], &printed["line"], &printed["labels"]), (&Value::Null, &Value::Null, &json!([])));
}

#[test]
fn github_lines_escape_what_would_end_them() {
    assert_eq!(
        render_github(&[mistake()], &sources()),
        "::error file=specs/acme/pay%2C then%3Ago.yaml,line=3,endLine=3,col=16,endColumn=20,title=key-not-text::no resource is \
         called `lnik`: unknown%0Ahelp: 100%25 sure:%0Aname a resource, or a dimension%0Ahelp: did you mean `link`?\n"
    );
}

#[test]
fn github_lines_have_no_columns_where_several_lines_are_meant() {
    let long = Diagnostic::warning(Code::Tag, "long").at(word(VENDOR, VENDOR_TEXT, VENDOR_TEXT.trim_end()), "");
    assert_eq!(
        render_github(&[long], &sources()),
        "::warning file=specs/acme/vendor.yaml,line=1,endLine=4,title=tag::long\n"
    );
}

#[test]
fn github_lines_without_a_place_have_a_title() {
    assert_eq!(render_github(&[Diagnostic::error(Code::Tag, "x")], &sources()), "::error title=tag::x\n");
}

#[test]
fn mistakes_are_ordered_by_file_and_place_and_else_as_found() {
    let at =
        |file, start, message: &str| Diagnostic::error(Code::Tag, message).at(Span { file, range: start..start }, "");
    let mut mistakes = [
        at(OPERATION, 3, "e"),
        at(VENDOR, 9, "c"),
        at(VENDOR, 9, "d"),
        at(VENDOR, 2, "b"),
        Diagnostic::error(Code::Tag, "a"),
    ];
    sort_by_place(&mut mistakes, &sources());
    assert_eq!(mistakes.map(|mistake| mistake.message), ["a", "b", "c", "d", "e"]);
}

#[test]
fn a_suggestion_is_near_or_none() {
    let names = ["link", "status", "deleted", "not_found", "é"];
    assert_eq!(suggest("lnik", names), Some("link"));
    assert_eq!(suggest("Status", names), Some("status"));
    assert_eq!(suggest("deletd", names), Some("deleted"));
    assert_eq!(suggest("notfound", names), Some("not_found"));
    assert_eq!(suggest("charge", names), None);
    assert_eq!(suggest("x", ["abc"]), None);
    assert_eq!(suggest("ab", []), None);
}

#[test]
fn codes_are_stable_words_found_by_their_name() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
    for code in Code::ALL {
        assert_eq!(code.as_str().parse(), Ok(*code));
        let name = code.as_str();
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'), "{name}");
        assert!(
            code.explain().ends_with('.') && code.explain().matches(". ").count() >= 1,
            "{name} lacks what is right"
        );
    }
    assert_eq!("no-such-code".parse::<Code>(), Err(()));
}
