//! Claims about what a redactor finds.

use std::borrow::Cow;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::{NotRedacted, Piece, Redactor, Secret, Showing, ShownParts, Written};

mod by_name;

fn redactor(values: &[(&str, &str)]) -> Redactor {
    let redactor = Redactor::default();
    for (name, value) in values {
        redactor.add_short(name, &Secret::new(*value)).unwrap();
    }
    redactor
}

fn redacted(value: &str, text: &str) -> String {
    redactor(&[("KEY", value)]).redact(text).into_owned()
}

fn percent(value: &str, keep: impl Fn(char) -> bool, capital: bool) -> String {
    value.chars().fold(String::new(), |mut out, character| {
        if keep(character) {
            out.push(character);
        } else {
            for byte in character.to_string().bytes() {
                if capital { write!(out, "%{byte:02X}") } else { write!(out, "%{byte:02x}") }.unwrap();
            }
        }
        out
    })
}

fn unicode_escapes(value: &str) -> String {
    value.encode_utf16().fold(String::new(), |mut out, unit| {
        write!(out, "\\u{unit:04x}").unwrap();
        out
    })
}

#[test]
fn neither_debug_of_a_secret_nor_of_a_redactor_shows_the_value() {
    let secret = Secret::new("skey_test_0123456789");
    let redactor = Redactor::default();
    redactor.add("KEY", &secret).unwrap();
    assert_eq!(format!("{secret:?} {redactor:?}"), r#"Secret Redactor ["KEY"]"#);
}

#[test]
fn a_text_without_a_value_is_not_copied() {
    let redactor = redactor(&[("KEY", "skey_test_0123")]);
    assert!(matches!(redactor.redact("nothing 100% secret \\ here"), Cow::Borrowed(_)));
}

#[test]
fn a_value_is_replaced_by_its_name_and_the_rest_stays() {
    assert_eq!(redacted("skey_test_1", r#"{"key":"skey_test_1","n":1}"#), r#"{"key":"$KEY","n":1}"#);
}

#[test]
fn basic_credentials_are_found_with_and_without_a_password() {
    for text in ["skey_test_1:", "user:skey_test_1", "us:skey_test_1", "u:skey_test_1", "skey_test_1:x"] {
        let shown = redacted("skey_test_1", &format!("Basic {}", STANDARD.encode(text)));
        assert!(shown.contains("$KEY"), "{text}: {shown}");
    }
}

#[test]
fn no_base64_character_that_holds_bits_of_the_value_is_left() {
    assert_eq!(redacted("secret", &STANDARD.encode("a:secret")), "YT$KEY");
    assert_eq!(redacted("secre", &STANDARD.encode(":secre")), "O$KEY");
}

#[test]
fn no_base64_character_is_left_behind_a_name() {
    for behind in ["", ":", "::", ":pass", ":pass word"] {
        let shown =
            redacted("skey_test_1", &format!("Basic {}, and more", STANDARD.encode(format!("skey_test_1{behind}"))));
        assert_eq!(shown, "Basic $KEY, and more");
    }
}

#[test]
fn variables_are_known_by_position_and_by_how_the_value_was_written() {
    let value = r#"a b"c\d"#;
    let redactor = redactor(&[("KEY", value)]);
    let text = format!(r#"$KEY {value} a%20b%22c%5Cd a b\"c\\d {}"#, STANDARD.encode(value));
    let written = [Written::Plain, Written::Percent, Written::Json, Written::Otherwise];
    let mut expected = vec![Piece::Text(b"$KEY ")];
    for written in written {
        expected.extend([Piece::Variable { name: "KEY".into(), written }, Piece::Text(b" ")]);
    }
    expected.pop();
    assert_eq!(redactor.pieces(text.as_bytes(), Showing::Nothing), expected);
}

#[test]
fn of_a_value_within_another_the_longer_one_gives_the_name() {
    let redactor = redactor(&[("SHORT", "abcdef"), ("LONG", "abcdefghij")]);
    assert_eq!(redactor.redact("abcdefghij abcdef"), "$LONG $SHORT");
}

#[test]
fn of_values_that_overlap_no_part_is_left() {
    let redactor = redactor(&[("A", "abcdef"), ("B", "defghijk")]);
    assert_eq!(redactor.redact("-abcdefghijk-"), "-$B-");
}

#[test]
fn the_first_name_of_a_value_is_kept() {
    let redactor = redactor(&[("FIRST", "abcdef"), ("SECOND", "abcdef")]);
    assert_eq!(redactor.redact("abcdef"), "$FIRST");
}

#[test]
fn a_short_value_is_refused_unless_it_is_added_as_one() {
    let redactor = Redactor::default();
    assert_eq!(redactor.add("PIN", &Secret::new("123")), Err(NotRedacted::TooShort));
    assert_eq!(redactor.redact("pin 123"), "pin 123");
    redactor.add_short("PIN", &Secret::new("123")).unwrap();
    assert_eq!(redactor.redact("pin 123 %31%32%33"), "pin $PIN $PIN");
}

#[test]
fn an_empty_value_redacts_nothing() {
    assert_eq!(redacted("", "text"), "text");
}

#[test]
fn refused_values_are_told_by_name() {
    let (short, long) = (Secret::new("1"), Secret::new("12345"));
    let (redactor, refused) = Redactor::new([("S", &short), ("L", &long)]);
    assert_eq!(refused, [("S", NotRedacted::TooShort)]);
    assert_eq!(redactor.redact("12345"), "$L");
}

#[test]
fn a_value_added_later_is_found_from_then_on() {
    let redactor = redactor(&[("KEY", "skey_test_1")]);
    assert_eq!(redactor.redact("token_abc"), "token_abc");
    redactor.add("TOKEN", &Secret::new("token_abc")).unwrap();
    assert_eq!(redactor.redact("skey_test_1 token_abc"), "$KEY $TOKEN");
}

#[test]
fn many_values_keep_their_own_names() {
    let names: Vec<(String, String)> = (100..200).map(|n| (format!("N{n}"), format!("value-{n}-end"))).collect();
    let pairs: Vec<(&str, &str)> = names.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let redactor = redactor(&pairs);
    for (name, value) in &names {
        assert_eq!(redactor.redact(value), format!("${name}"));
        for text in ["", ":", "ab"].iter().flat_map(|before| encodings(value, before, "!")) {
            let shown = redactor.redact(&text);
            assert_eq!(shown.matches('$').count(), 1, "{text}: {shown}");
            assert!(shown.contains(&format!("${name}")), "{text}: {shown}");
        }
    }
}

#[test]
fn adding_many_values_rebuilds_few() {
    let redactor = Redactor::default();
    for number in 0..1000 {
        redactor.add("T", &Secret::new(format!("token-{number}"))).unwrap();
    }
    assert!(redactor.groups.read().unwrap().len() <= 10);
}

#[test]
fn values_are_added_while_others_read() {
    let redactor = redactor(&[("KEY", "skey_test_1")]);
    std::thread::scope(|scope| {
        scope.spawn(|| (0..50).for_each(|n| redactor.add("T", &Secret::new(format!("token-{n}"))).unwrap()));
        scope.spawn(|| (0..50).for_each(|_| assert_eq!(redactor.redact("skey_test_1"), "$KEY")));
    });
    assert_eq!(redactor.redact("token-49!"), "$T!");
}

#[test]
fn bytes_that_are_no_text_stay_around_the_name() {
    let redactor = redactor(&[("KEY", "skey_test_1")]);
    assert_eq!(redactor.redact_bytes(b"\xff\xfeskey_test_1\x80", Showing::Nothing).as_ref(), b"\xff\xfe$KEY\x80");
}

#[test]
fn broken_escapes_harm_nothing() {
    for text in ["%", "%4", "%zz", "\\", "\\u", "\\ud83d", "\\ud83d\\u0041", "\\u00", "%%%\\\\\\", "\\x"] {
        assert_eq!(redacted("skey_test_1", text), text);
        assert_eq!(redacted("skey_test_1", &format!("{text}skey_test_1")), format!("{text}$KEY"));
    }
}

#[test]
fn an_escape_that_begins_or_ends_a_value_goes_with_it() {
    assert_eq!(redacted("/a b/", "x%2fa%20b%2F!"), "x$KEY!");
    assert_eq!(redacted("\"key\"", r#"["\"key\""]"#), r#"["$KEY"]"#);
}

#[test]
fn encodings_over_encodings_are_undone() {
    let basic = STANDARD.encode("id:p+ss?w~rd>>>");
    let url = percent(&percent(&basic, char::is_alphanumeric, true), char::is_alphanumeric, false);
    let shown = redacted("p+ss?w~rd>>>", &url);
    assert!(shown.contains("$KEY"), "{shown}");
    let json = serde_json::to_string(&format!("/?k={}", percent("p\"q/r s", char::is_alphanumeric, true))).unwrap();
    assert_eq!(redacted("p\"q/r s", &json), r#""/?k=$KEY""#);
}

/// Every way in which a value may be written after some other bytes, with the text that stands for the value in it.
fn encodings(value: &str, before: &str, after: &str) -> Vec<String> {
    let whole = format!("{before}{value}{after}");
    let json = serde_json::to_string(&whole).unwrap();
    let unreserved = |character: char| character.is_ascii_alphanumeric() || "-._~".contains(character);
    let form = percent(&whole, |character| unreserved(character) || character == ' ', true).replace(' ', "+");
    let hex: String = whole.bytes().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").unwrap();
        out
    });
    vec![
        whole.clone(),
        json.clone(),
        json.replace('/', "\\/"),
        unicode_escapes(&whole),
        percent(&whole, unreserved, true),
        percent(&whole, unreserved, false),
        percent(&whole, |_| false, true),
        percent(&json, unreserved, true),
        form,
        hex.to_uppercase(),
        hex,
        STANDARD.encode(&whole),
        STANDARD_NO_PAD.encode(&whole),
        URL_SAFE.encode(&whole),
        URL_SAFE_NO_PAD.encode(&whole),
        percent(&STANDARD.encode(&whole), unreserved, false),
        serde_json::to_string(&STANDARD.encode(&whole)).unwrap().replace('/', "\\/"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_survives_in_any_encoding_at_any_offset(
        value in r#"[a-z0-9 "\\/+%&=:é€😀\n]{4,24}"#,
        before in r#"[a-z :"%\\é]{0,7}"#,
        after in r#"[a-z :"%\\é]{0,7}"#,
    ) {
        let redactor = redactor(&[("_", &value)]);
        for (number, text) in encodings(&value, &before, &after).into_iter().enumerate() {
            let shown = redactor.redact(&text);
            prop_assert!(shown.contains("$_"), "encoding {}: {} -> {}", number, text, shown);
            // Redacting twice changes nothing: what is left holds no value in any encoding.
            prop_assert_eq!(redactor.redact(&shown), shown.clone());
        }
    }

    #[test]
    fn no_text_is_too_odd_to_be_looked_through_for_names(
        text in r#"(password|"secret"|\\|"|'|:|=|&|\{|\}|\[|\]|,| |\n|é|[a-z0-9]){0,40}"#,
    ) {
        let shown = ShownParts { places: vec!["/password".to_owned()], headers: Vec::new() };
        let redactor = Redactor::default();
        redactor.redact(&redactor.redact(&text));
        redactor.redact_showing(&text, Showing::Answer(&shown));
    }

    #[test]
    fn no_text_is_too_odd_to_be_redacted(value in "\\PC{1,12}", text in "(\\PC|%[0-9a-f]{2}|\\\\u[0-9a-f]{4}|\\\\)*") {
        let redactor = redactor(&[("A", &value), ("B", "%41%42"), ("C", "ab cd")]);
        let shown = redactor.redact(&text);
        prop_assert!(!text.contains(&value) || matches!(shown, Cow::Owned(_)));
        let odd = char::REPLACEMENT_CHARACTER;
        prop_assert!(!shown.contains(odd) || text.contains(odd));
    }
}

#[test]
fn base64_that_is_broken_over_lines_is_found_and_what_stands_around_it_stays() {
    let value = "skey_test_0123456789abcdef0123456789abcdef";
    let encoded = STANDARD.encode(format!("somebody:{value}"));
    for (end, escaped) in [("\n", "\n"), ("\r\n", "\r\n"), ("\n", "\\n"), ("\r\n", "\\r\\n"), ("\n", "%0A")] {
        for width in [20, 60, 64] {
            let lines: Vec<_> =
                encoded.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
            let text = format!("first{end}---{escaped}{}{escaped}---{end}last", lines.join(escaped));
            let told = redacted(value, &text);
            let left = told.replace(escaped, "").replace(end, "");
            assert!(left.starts_with("first---") && left.ends_with("---last") && left.contains("$KEY"), "{told}");
            let tail = &encoded[16..];
            assert!(
                !tail.as_bytes().windows(8).any(|piece| left.as_bytes().windows(8).any(|own| own == piece)),
                "{told}"
            );
        }
    }
}

#[test]
fn a_value_that_only_two_lines_together_seem_to_hold_is_no_value() {
    let text = "number 12\n34 and\n12\n34";
    assert_eq!(redacted("1234", text), text);
}

#[test]
fn a_part_of_twelve_signs_is_hidden_and_what_says_only_its_kind_is_not() {
    let secret = Secret::new("skey_test_5z8m4pq1w2e3r4t5").in_parts(10);
    let (redactor, _) = Redactor::new([("KEY", &secret)]);
    for (text, shown) in [
        ("your key 5z8m4pq1w2e3... is off", "your key $KEY... is off"),
        ("ending in 4pq1w2e3r4t5", "ending in $KEY"),
        ("SKEY_TEST_5Z8M4PQ1W2E3R", "SKEY_TEST_$KEY"),
        ("5%7A8m4pq1w2e3", "$KEY"),
        ("skey_test_5z8m4pq1w2e", "skey_test_5z8m4pq1w2e"),
        ("skey_test_", "skey_test_"),
    ] {
        assert_eq!(redactor.redact(text), shown);
    }
    let unparted = redacted("skey_test_5z8m4pq1w2e3r4t5", "5z8m4pq1w2e3");
    assert_eq!(unparted, "5z8m4pq1w2e3", "only where parts are secret");
}

#[test]
fn ordinary_text_passes_unharmed() {
    let secrets = [
        "skey_test_5z8m4pq1w2e3r4t5",
        "pkey_test_5z8m4pq1w2e3r4t6",
        "4711",
        "hunter2!",
        "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    ];
    let secrets = secrets.map(|value| Secret::new(value).in_parts(0));
    let (redactor, _) = Redactor::new(["A", "B", "C", "D", "E"].into_iter().zip(&secrets));
    let texts = [
        r#"{"object":"link","id":"link_test_8u0t5z8m4pq","livemode":false,"amount":10000,"currency":"thb"}"#,
        "{\n  \"data\": [\n    1,\n    2,\n    3,\n    4,\n    7,\n    1,\n    1\n  ]\n}",
        "GET https://api.example/v1/links/link_test_8u0t?expand=a%20b&amp;page=4 HTTP/1.1",
        "2026-11-20T10:11:12.345Z 127.0.0.1:8080 4-7-1 and 47 11, hunter, key, test_, skey_test_, pkey_test_",
        "Content-Type: multipart/form-data; boundary=----=_Part_47=\r\n\r\nA line=20of quoted=\r\nprintable",
        "00000000: 7b22 6f62 6a65 6374 223a 226c 696e 6b22  {\"object\":\"link\"",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2lnbmF0dXJl",
        "a1b2c3d4-0000-0000-0000-000000000000",
        "\u{feff}zero\u{200b}width, \u{202e}bidi, C:\\users\\new\\x, \\u12, &unknown; &#x; &#999999999999; %u12 =zz \\777 \\u{110000}",
    ];
    for text in texts {
        assert!(matches!(redactor.redact(text), Cow::Borrowed(_)), "{text} -> {}", redactor.redact(text));
    }
}
