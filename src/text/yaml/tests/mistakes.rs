//! Claims about mistakes of YAML: each is told at its place, with what would be right.

use crate::text::yaml::{DEEPEST, MOST_VALUES};

use super::{codes, read, shown};

/// One snapshot a mistake: the text, and what is printed for it.
macro_rules! told {
    ($($name:ident: $yaml:expr;)*) => {$(
        #[test]
        fn $name() {
            let mut settings = insta::Settings::new();
            settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/yaml"));
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| insta::assert_snapshot!(stringify!($name), shown($yaml)));
        }
    )*};
}

told! {
    a_key_that_stands_twice_is_told_with_both_places: "rows:\n  live: 1\n  used: 2\n  live: 3\n  used: 4\n  live: 5\n";
    a_quoted_key_doubles_the_same_key_without_quotes: "\"é\": 1\né: 2\n";
    anchors_and_aliases_are_told_one_by_one: "a: &one [1]\nb: *one\nc: { d: &two x, e: *one }\n";
    an_unknown_alias_is_told: "a: 1\nb: *nothing\n";
    tags_are_told_one_by_one: "a: !!str 1\nb: !thing { c: 1 }\nd: &x !y z\n";
    a_merge_key_is_told: "base: { a: 1 }\nuser:\n  <<: { a: 1 }\n  b: 2\n";
    keys_that_are_no_text_are_told: "404: not found\ntrue: yes\nnull: x\n~: y\n1.5: z\n";
    a_list_as_a_key_is_told: "? [a, b]\n: c\n{ d: e }: f\n";
    a_value_without_a_key_is_told: "a: 1\n: b\n";
    a_comma_that_cuts_a_sentence_is_told: "clauses: { 200.deleted: deleted, is true, 404.gone: gone }\n";
    a_comma_that_cuts_a_word_off_is_told: "a: { says: one,two }\n";
    a_number_out_of_range_is_told: "a: 18446744073709551616\nb: [.inf, -.inf, .nan]\n";
    a_tab_before_a_key_is_told: "a:\n\tb: 1\n";
    a_tab_before_a_list_element_is_told: "a:\n  - x\n\t- y\n";
    a_tab_within_braces_is_told: "a: {\n\tb: 1 }\n";
    a_tab_before_a_text_that_goes_on_is_told: "a: x\n\ty\n";
    several_documents_are_told: "a: 1\n---\nb: 2\n";
    an_empty_text_is_told: "";
    a_text_of_comments_is_told: "# nothing\n\n  # at all\n";
    an_empty_document_is_told: "---\n# nothing\n";
    an_unclosed_list_is_told: "a: [1, 2\nb: 3\n";
    an_unclosed_mapping_is_told: "a: { b: 1\nc: 3\n";
    an_unclosed_quote_is_told: "a: \"x\nb: 1\n";
    an_unclosed_quote_at_the_end_is_told: "a: \"x";
    an_unclosed_list_at_the_end_is_told: "a: [x";
    a_superfluous_bracket_is_told: "a: 1]\nb: ]\n";
    a_colon_in_a_text_is_told: "a: says: this\n";
    a_key_too_far_to_the_right_is_told: "a: 1\n  b: 2\n";
    a_key_too_far_to_the_left_is_told: "  a: 1\nb: 2\n";
    a_key_without_a_colon_is_told: "a: 1\nb\nc: 2\n";
    a_list_beside_keys_is_told: "a: 1\n- b\n";
    a_text_behind_a_closing_quote_is_told: "a: \"x\" y\n";
    an_unknown_escape_is_told: "a: \"\\d+\"\n";
    a_text_that_begins_with_a_percent_sign_is_told: "a: %d\n";
    a_text_that_begins_with_an_at_sign_is_told: "a: @x\n";
    a_directive_is_told: "%YAML 1.2\n---\na: 1\n";
    a_control_character_is_told: "a: x\u{1}y\n";
    a_sentence_that_begins_with_an_asterisk_is_told: "a: *Note that\n";
    a_block_text_with_text_behind_its_sign_is_told: "a: | text\n  more\n";
    windows_line_ends_do_not_move_places: "a: 1\r\nb: 2\r\na: 3\r\n";
}

#[test]
fn all_mistakes_of_a_text_are_told_in_order() {
    let yaml = "404: a\nb: &x 1\nc: !t 2\nb: .inf\n<<: 3\nd: { e f, g }\n";
    let expected = [
        "key-not-text",
        "anchor-or-alias",
        "tag",
        "duplicate-key",
        "number-out-of-range",
        "merge-key",
        "unquoted-comma",
        "unquoted-comma",
    ];
    assert_eq!(codes(yaml), expected);
}

#[test]
fn nesting_is_bounded_in_every_style() {
    let deep = 100_000;
    for unit in ["[", "{ a: ", "- ", "? ", "[ { a: "] {
        assert_eq!(codes(&unit.repeat(deep)), ["too-deep"], "{unit}");
    }
    let lines = (0..200).fold(String::new(), |lines, level| lines + &" ".repeat(level) + "a:\n");
    assert_eq!(codes(&lines), ["too-deep"]);
}

#[test]
fn nesting_up_to_the_bound_is_read() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(codes(&nested(DEEPEST)), [""; 0]);
    assert_eq!(codes(&nested(DEEPEST + 1)), ["too-deep"]);
}

#[test]
fn the_number_of_values_is_bounded() {
    assert_eq!(codes(&format!("[{}]", "1,".repeat(MOST_VALUES - 1))), [""; 0]);
    assert_eq!(codes(&format!("[{}]", "1,".repeat(MOST_VALUES))), ["too-many-values"]);
}

#[test]
fn a_bomb_of_aliases_is_refused_and_not_unfolded() {
    let level = |level: usize| format!("a{level}: &a{level} [{}]\n", format!("*a{},", level - 1).repeat(9));
    let bomb: String = (1..100).map(level).collect();
    let codes = codes(&format!("a0: &a0 [x]\n{bomb}"));
    assert!(codes.len() > 900 && codes.iter().all(|code| *code == "anchor-or-alias"));
}

#[test]
fn thousands_of_mistakes_are_cut_off() {
    let (_, mistakes) = read(&"a: 1\n".repeat(30_000));
    assert_eq!(mistakes.len(), 1_000);
    assert!(mistakes.iter().any(|mistake| mistake.help.iter().any(|help| help.starts_with("28999 further mistakes"))));
}
