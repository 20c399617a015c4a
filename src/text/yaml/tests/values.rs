//! Claims about what a text means: the same as the YAML crate finds in it.

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{FILE, codes, read, shown};
use crate::text::source::Decoder;

fn value(yaml: &str) -> Value {
    let (sources, mistakes) = read(yaml);
    assert_eq!(mistakes, [], "{yaml}");
    sources[FILE].tree().unwrap().value.clone()
}

fn same_as_serde_yaml(yaml: &str) -> Result<(), TestCaseError> {
    let (sources, mistakes) = read(yaml);
    let theirs = serde_yaml::from_str::<Value>(yaml).ok();
    let ours = sources[FILE].tree().map(|tree| &tree.value);
    prop_assert!(mistakes.is_empty(), "{}: {:?}", yaml, mistakes);
    prop_assert_eq!(theirs.as_ref(), ours, "{}", yaml);
    // Decoding keeps the order as written, which a value of JSON does not.
    let theirs: serde_yaml::Value = serde_yaml::from_str(yaml).unwrap();
    let ours = serde_yaml::Value::deserialize(Decoder::new(sources[FILE].tree().unwrap())).unwrap();
    prop_assert_eq!(serde_yaml::to_string(&theirs).unwrap(), serde_yaml::to_string(&ours).unwrap(), "{}", yaml);
    Ok(())
}

#[test]
fn words_that_older_yaml_took_for_truth_values_are_text() {
    for word in ["yes", "no", "on", "off", "y", "n", "NO", "nUll", "tRue", "017", "1_000", "1e999", "0x", "inf", "nan"]
    {
        assert_eq!(value(&format!("k: {word}")), json!({ "k": word }));
    }
}

#[test]
fn scalars_of_the_core_schema_are_read() {
    let yaml = "[null, Null, NULL, ~, true, True, TRUE, false, 0o17, 0x1f, -0b11, +1, -0, 1., .5, -.5, 1e3, 18446744073709551615]";
    let expected = json!([
        null,
        null,
        null,
        null,
        true,
        true,
        true,
        false,
        15,
        31,
        -3,
        1,
        0,
        1.0,
        0.5,
        -0.5,
        1000.0,
        18_446_744_073_709_551_615_u64
    ]);
    assert_eq!(value(yaml), expected);
}

#[test]
fn numbers_that_json_cannot_carry_are_refused() {
    for number in
        [".inf", "-.INF", "+.Inf", ".nan", "18446744073709551616", "-9223372036854775809", "0xfffffffffffffffff"]
    {
        assert_eq!(codes(&format!("k: {number}")), ["number-out-of-range"], "{number}");
    }
}

#[test]
fn quoted_scalars_are_text() {
    assert_eq!(value("a: \"404\"\nb: 'no'\nc: \"\"\n\"1\": x"), json!({ "a": "404", "b": "no", "c": "", "1": "x" }));
}

#[test]
fn line_ends_of_windows_are_accepted() {
    assert_eq!(value("a: x\r\nb:\r\n  - |\r\n    t\r\n    u\r\n"), json!({ "a": "x", "b": ["t\nu\n"] }));
}

#[test]
fn tabs_within_texts_are_kept() {
    assert_eq!(
        value("a: |\n  x\n  \ty\nb: \"p\tq\"\nc: r # a\tb\n"),
        json!({ "a": "x\n\ty\n", "b": "p\tq", "c": "r" })
    );
}

#[test]
fn a_block_text_ends_with_a_line_end_only_where_one_is_written() {
    assert_eq!(value("a: |\n  x"), json!({ "a": "x" }));
    assert_eq!(value("a: >\n  x\n"), json!({ "a": "x\n" }));
    assert_eq!(value("a: |-\n  x\nb: |+\n  y\n\n"), json!({ "a": "x", "b": "y\n\n" }));
}

#[test]
fn a_key_without_a_value_is_null_and_no_cut_sentence() {
    assert_eq!(
        value("? a b\n? c\nd e:\nf: { g h: , i: 1 }\n"),
        json!({ "a b": null, "c": null, "d e": null, "f": { "g h": null, "i": 1 } })
    );
}

#[test]
fn of_a_key_that_stands_twice_the_first_value_is_kept() {
    let (sources, _) = read("a: 1\nb: 2\na: { c: 3 }\n");
    let tree = sources[FILE].tree().unwrap();
    assert_eq!(tree.value, json!({ "a": 1, "b": 2 }));
    assert_eq!(tree.keys("").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(tree.span("/a/c"), None);
}

/// A document as a value, and the many ways to write it.
#[derive(Debug, Clone)]
enum Node {
    Scalar(String),
    List(Vec<Node>),
    Mapping(Vec<(String, Node)>),
}

fn node() -> impl Strategy<Value = Node> {
    let plain = "[a-zé][a-z é]{0,6}[a-z]|[-+]?[0-9]{1,3}([.][0-9]{0,2})?|true|null|~|no|yes|0x[0-9a-f]{1,3}";
    let quoted = r#""([a-z0-9:, {}#é\t]|\\n|\\"|\\u00e9|\\\\)*"|'([a-z0-9:, {}#"\\]|'')*'"#;
    let leaf = prop_oneof![plain, quoted].prop_map(Node::Scalar);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let entries = prop::collection::btree_map("[a-zé][a-z_é.]{0,5}", inner.clone(), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Node::List),
            entries.prop_map(|entries| Node::Mapping(entries.into_iter().collect())),
        ]
    })
}

impl Node {
    fn flow(&self) -> String {
        match self {
            Self::Scalar(text) => text.clone(),
            Self::List(list) => format!("[{}]", list.iter().map(Self::flow).collect::<Vec<_>>().join(", ")),
            Self::Mapping(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("\"{key}\": {}", value.flow())).collect();
                format!("{{ {} }}", entries.join(" , "))
            }
        }
    }

    /// Lines under a key or a dash; what is empty or a scalar stands behind it.
    fn block(&self, indent: usize, end: &str) -> String {
        let pad = " ".repeat(indent);
        match self {
            Self::List(list) if !list.is_empty() && indent < 9 => {
                list.iter().fold(String::new(), |out, value| out + end + &pad + "-" + &value.block(indent + 3, end))
            }
            Self::Mapping(entries) if !entries.is_empty() && indent < 9 => {
                let entry = |out: String, (key, value): &(String, Self)| {
                    out + end + pad.as_str() + key.as_str() + ":" + &value.block(indent + 2, end)
                };
                entries.iter().fold(String::new(), entry)
            }
            other => format!(" {} # é", other.flow()),
        }
    }
}

#[test]
fn a_mistake_within_the_end_of_a_line_is_shown() {
    for yaml in ["?\r\r", "a: [\r\r", "\"\r", "a\r\r\n- b"] {
        shown(yaml);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_scalar_means_what_serde_yaml_finds(
        scalar in "[-+]?(0[xob])?[-+]?[0-9a-f_.eE+]{0,22}|[-+.0-9infaNIFxob_e]{1,6}|[-+]?[.](inf|Inf|INF|nan|NaN)"
    ) {
        let yaml = format!("k: {scalar}\n");
        // What JSON cannot carry is refused, and a dash or a sign alone may be no scalar at all.
        let refused = codes(&yaml).iter().any(|code| ["number-out-of-range", "syntax"].contains(code));
        if refused {
            let theirs = serde_yaml::from_str::<Value>(&yaml).ok();
            prop_assert!(theirs.is_none_or(|theirs| theirs["k"].is_null()), "{}", yaml);
        } else {
            same_as_serde_yaml(&yaml)?;
            same_as_serde_yaml(&format!("[{scalar}]\n"))?;
        }
    }

    #[test]
    fn every_document_means_what_serde_yaml_finds(root in node(), end in "\n|\r\n|\n\n|\n# c\n") {
        let entries = Node::Mapping(vec![("root".to_owned(), root)]);
        same_as_serde_yaml(&entries.flow())?;
        same_as_serde_yaml(entries.block(0, &end).trim_start())?;
    }

    #[test]
    fn what_both_readers_accept_they_read_alike(yaml in "([-?:,#&*!|>'\"%@`\\[\\]{} \n\t\rab0é]|: |- |\n|\n  )*") {
        let yaml = format!("k: 0\n{yaml}");
        let (sources, mistakes) = read(&yaml);
        if let (Some(tree), Ok(theirs), []) = (sources[FILE].tree(), serde_yaml::from_str::<Value>(&yaml), &mistakes[..]) {
            prop_assert_eq!(&tree.value, &theirs);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(yaml in any::<String>(), signs in "[-?:,#&*!|>'\"%@`\\[\\]{} \n\t\rab0é\u{feff}<~.]*") {
        shown(&yaml);
        shown(&signs);
    }
}
