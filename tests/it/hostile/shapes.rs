//! Sixty shapes in which a vendor may echo a key: none of them passes the redactor, and none of them comes into any output.

use crate::servers::http::{Answer, Server};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE};
use proviso::text::secret::{Redactor, Secret};
use serde_json::json;
use std::path::Path;
use std::process::Command;

const KEY: &str = "skey_Test_5z8M4pQ1w2E3r4T5y6U7";

/// A shape's name, and how the key is written in it.
type Shape = (&'static str, fn(&str) -> String);

const SHAPES: [Shape; 60] = [
    ("as it is", str::to_owned),
    ("in small letters", str::to_lowercase),
    ("in capitals", str::to_uppercase),
    ("reversed", |key| key.chars().rev().collect()),
    ("reversed, in capitals", |key| key.to_uppercase().chars().rev().collect()),
    ("within a word", |key| format!("xX{key}Xx")),
    ("within a URL", |key| format!("https://user:{key}@host.example/{key}/?k={key}#{key}")),
    ("percent, whole", |key| bytes(key, "%", |byte| format!("{byte:02X}"))),
    ("percent, small letters", |key| bytes(key, "%", |byte| format!("{byte:02x}"))),
    ("percent, every other", |key| mixed(key, |letter| format!("%{:02X}", u32::from(letter)))),
    ("percent, twice", |key| bytes(&bytes(key, "%", |byte| format!("{byte:02X}")), "%", |byte| format!("{byte:02X}"))),
    ("percent, of UTF-16 units", |key| bytes(key, "%u", |byte| format!("{byte:04X}"))),
    ("quoted-printable, whole", |key| bytes(key, "=", |byte| format!("{byte:02X}"))),
    ("quoted-printable, every other", |key| mixed(key, |letter| format!("={:02X}", u32::from(letter)))),
    ("quoted-printable, folded", |key| lines(key, 7, "=\r\n")),
    ("HTML, decimal", |key| letters(key, |letter| format!("&#{};", u32::from(letter)))),
    ("HTML, decimal with zeros", |key| letters(key, |letter| format!("&#{:05};", u32::from(letter)))),
    ("HTML, hexadecimal", |key| letters(key, |letter| format!("&#x{:x};", u32::from(letter)))),
    ("HTML, hexadecimal in capitals", |key| letters(key, |letter| format!("&#X{:X};", u32::from(letter)))),
    ("HTML, named", |key| key.replace('_', "&lowbar;")),
    ("HTML, every other", |key| mixed(key, |letter| format!("&#{};", u32::from(letter)))),
    ("HTML, twice", |key| letters(key, |letter| format!("&amp;#{};", u32::from(letter)))),
    ("\\x", |key| bytes(key, "\\x", |byte| format!("{byte:02x}"))),
    ("\\x, every other", |key| mixed(key, |letter| format!("\\x{:02X}", u32::from(letter)))),
    ("\\u", |key| letters(key, |letter| format!("\\u{:04x}", u32::from(letter)))),
    ("\\u with braces", |key| letters(key, |letter| format!("\\u{{{:x}}}", u32::from(letter)))),
    ("\\U of eight digits", |key| letters(key, |letter| format!("\\U{:08X}", u32::from(letter)))),
    ("\\u, every other", |key| mixed(key, |letter| format!("\\u{:04X}", u32::from(letter)))),
    ("struck through", |key| letters(key, |letter| format!("{letter}\u{336}"))),
    ("octal, escaped", |key| bytes(key, "\\", |byte| format!("{byte:03o}"))),
    ("octal, bare", |key| bytes(key, "", |byte| format!("{byte:03o}"))),
    ("octal, with spaces", |key| bytes(key, " ", |byte| format!("{byte:03o}"))),
    ("hexadecimal", |key| bytes(key, "", |byte| format!("{byte:02x}"))),
    ("hexadecimal in capitals", |key| bytes(key, "", |byte| format!("{byte:02X}"))),
    ("hexadecimal with colons", |key| bytes(key, ":", |byte| format!("{byte:02x}"))),
    ("hexadecimal with spaces", |key| bytes(key, " ", |byte| format!("{byte:02X}"))),
    ("hexadecimal with hyphens", |key| bytes(key, "-", |byte| format!("{byte:02x}"))),
    ("hexadecimal with commas and spaces", |key| bytes(key, ", ", |byte| format!("{byte:02x}"))),
    ("hexadecimal over lines", |key| lines(&bytes(key, "", |byte| format!("{byte:02x}")), 16, "\n")),
    ("Base64", |key| BASE64_STANDARD.encode(key)),
    ("Base64 of a pair", |key| BASE64_STANDARD.encode(format!("{key}:"))),
    ("Base64 of a later place", |key| BASE64_STANDARD.encode(format!("u:{key}"))),
    ("Base64 without padding", |key| BASE64_STANDARD_NO_PAD.encode(format!("us:{key}."))),
    ("Base64 for URLs", |key| BASE64_URL_SAFE.encode(format!("\u{ff}\u{fe}{key}\u{ff}"))),
    ("Base64 in small letters", |key| BASE64_STANDARD.encode(key).to_lowercase()),
    ("Base64, percent-encoded", |key| bytes(&BASE64_STANDARD.encode(key), "%", |byte| format!("{byte:02X}"))),
    ("Base64 over lines", |key| lines(&BASE64_STANDARD.encode(key), 16, "\n")),
    ("Base64 folded by CRLF", |key| lines(&BASE64_STANDARD.encode(key), 16, "\r\n ")),
    ("Base64 twice", |key| BASE64_STANDARD.encode(BASE64_STANDARD.encode(key))),
    ("Base64 twice, at later places", |key| {
        BASE64_URL_SAFE.encode(format!("x{}", BASE64_STANDARD.encode(format!("u:{key}"))))
    }),
    ("Base32", base32),
    ("Base32 in small letters", |key| base32(key).to_lowercase()),
    ("Base32 of a later place", |key| base32(&format!("ab{key}"))),
    ("UTF-16, the low byte first", |key| utf16(key, u16::to_le_bytes)),
    ("UTF-16, the high byte first", |key| utf16(key, u16::to_be_bytes)),
    ("with spaces between", |key| spaced(key, 1, " ")),
    ("with zero-width spaces between", |key| spaced(key, 1, "\u{200b}")),
    ("in pairs with hyphens between", |key| spaced(key, 2, "-")),
    ("in fours with spaces between", |key| spaced(key, 4, " ")),
    ("its first part", |key| format!("{}...", &key[10..22])),
];

fn letters(key: &str, written: impl Fn(char) -> String) -> String {
    key.chars().map(written).collect()
}

fn mixed(key: &str, written: impl Fn(char) -> String) -> String {
    key.chars().enumerate().map(|(at, letter)| if at % 2 == 0 { written(letter) } else { letter.into() }).collect()
}

/// Every byte with the same before it; nothing stands before the first one if it is something between them.
fn bytes(key: &str, before: &str, written: impl Fn(u8) -> String) -> String {
    let parts: Vec<String> = key.bytes().map(written).collect();
    let between = before.starts_with([':', ' ', '-', ',']);
    format!("{}{}", if between { "" } else { before }, parts.join(before))
}

fn lines(text: &str, width: usize, end: &str) -> String {
    spaced(text, width, end)
}

fn spaced(text: &str, width: usize, between: &str) -> String {
    let parts: Vec<&str> = text.as_bytes().chunks(width).map(|part| std::str::from_utf8(part).unwrap()).collect();
    parts.join(between)
}

fn utf16(key: &str, order: fn(u16) -> [u8; 2]) -> String {
    String::from_utf8(key.encode_utf16().flat_map(order).collect()).unwrap()
}

fn base32(key: &str) -> String {
    let bits: String = key.bytes().map(|byte| format!("{byte:08b}")).collect();
    let digit = |bits: &[u8]| {
        let bits = format!("{:0<5}", std::str::from_utf8(bits).unwrap());
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[usize::from_str_radix(&bits, 2).unwrap()])
    };
    bits.as_bytes().chunks(5).map(digit).collect()
}

/// What would give the key away: the longest stretch of a shape that no name replaces, in the ways in which a report may write it.
fn betrays(text: &str, shape: &str) -> bool {
    let json = serde_json::to_string(shape).unwrap();
    let twice = serde_json::to_string(&json).unwrap();
    let json = json.trim_matches('"');
    let html = shape.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    // What the eye does not see is written as an escape, of JSON's where it is JSON.
    let (escaped, seen) = (proviso::text::visible::json(json), proviso::text::visible::text(shape));
    [shape, json, &twice[3..twice.len() - 3], &html, &escaped, &seen].iter().any(|form| text.contains(form))
}

#[test]
fn no_shape_of_a_key_passes_the_redactor() {
    let secret = Secret::new(KEY).in_parts(10);
    let (redactor, _) = Redactor::new([("THE_KEY", &secret)]);
    for (name, shape) in SHAPES {
        let written = shape(KEY);
        let text = format!("{{\"before\": 1}} {written} | behind");
        let shown = redactor.redact(&text);
        assert!(shown.starts_with("{\"before\": 1} ") && shown.ends_with(" | behind"), "{name}: {shown}");
        assert!(shown.contains("$THE_KEY"), "{name}: {shown}");
        // What is left is the little that stands around the key in some rows, and never six signs in a row that are made of it.
        let around = ["https://user:", "@host.example/", "https://user"];
        let left = shown.replace("$THE_KEY", " ");
        let kept = written.as_bytes().windows(6).filter(|piece| {
            let piece = std::str::from_utf8(piece).unwrap_or("no text");
            left.contains(piece) && !around.iter().any(|around| around.contains(piece))
        });
        assert_eq!(kept.count(), 0, "{name}: {shown}");
    }
}

/// A vendor whose answers are right, and hold every shape beside what is promised.
fn echoing() -> Server {
    Server::start(|_| {
        let shapes: serde_json::Map<_, _> =
            SHAPES.iter().map(|(name, shape)| ((*name).to_owned(), json!(shape(KEY)))).collect();
        let body = json!({ "ok": true, "shapes": shapes });
        let mut answer = Answer::new(200, "application/json", body.to_string());
        for (number, (_, shape)) in SHAPES.iter().enumerate() {
            let value = shape(KEY);
            if value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                answer.headers.push((format!("X-Shape-{number}"), value));
            }
        }
        answer.headers.push((format!("X-{KEY}"), "as a name".to_owned()));
        answer
    })
}

const VENDOR: &str = "version: 1\nvendor: echo\ntargets: { sandbox: { origin: \"https://echo.example\", mode: test } }\n\
    credentials: { key: { env: ECHO_KEY, test: \"^skey_Test_\", mock: skey_Test_$alnum20 } }\nauth: { bearer: $key }\n";

const PAGE: &str = "version: 1\noperation: things.list\npage: { id: list, url: \"https://echo.example/l\", read: \"2026-11-20\" }\n\
    request: GET /things\nclauses: { 200.ok: \"ok is true\" }\n\
    outcomes: { listed: { status: 200, fields: { ok: PROMISED }, cites: [200.ok] } }\n\
    rows: { any: { when: {}, then: listed } }\n";

/// Everything that a run tells and writes, by the name of where it is.
fn told(folder: &Path, origin: &str, key: &str, code: i32) -> Vec<(String, String)> {
    let formats = proviso::report::FORMATS.iter().map(|format| format.name);
    let reports = formats.flat_map(|name| [format!("--report-{name}"), format!("out/report.{name}")]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.current_dir(folder).env_clear().env("ECHO_KEY", key).args([
        "run",
        "-vv",
        "--target",
        origin,
        "--baseline",
        "accepted/",
    ]);
    let output = command.args(reports).output().unwrap();
    let streams = [("stdout", output.stdout), ("stderr", output.stderr)];
    let mut all: Vec<_> = streams
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), String::from_utf8_lossy(&bytes).into_owned()))
        .collect();
    assert_eq!(output.status.code(), Some(code), "{all:?}");
    for entry in
        walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file())
    {
        if !entry.path().starts_with(folder.join("specs")) {
            let text = String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned();
            all.push((entry.path().display().to_string(), text));
        }
    }
    all
}

fn contracts(promised: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let echo = folder.path().join("specs/echo");
    std::fs::create_dir_all(&echo).unwrap();
    std::fs::write(echo.join("vendor.yaml"), VENDOR).unwrap();
    std::fs::write(echo.join("things.list.yaml"), PAGE.replace("PROMISED", &promised.to_string())).unwrap();
    folder
}

#[test]
fn no_shape_of_a_key_comes_into_any_output() {
    let server = echoing();
    // Once with an answer that conforms, which is kept as a baseline, and once with one that does not.
    for (promised, code) in [(true, 0), (false, 1)] {
        let folder = contracts(promised);
        let all = told(folder.path(), server.origin(), KEY, code);
        assert!(all.len() > 2 + proviso::report::FORMATS.len(), "there are reports, and more");
        for (place, text) in &all {
            for (name, shape) in SHAPES {
                assert!(!betrays(text, &shape(KEY)), "{name} in {place}");
            }
            assert!(!text.to_lowercase().contains(&KEY.to_lowercase()), "{place}");
        }
        assert!(all.iter().any(|(_, text)| text.contains("$ECHO_KEY")));
    }
    // With another key in use nothing of this is a secret: every row is found where it is not hidden.
    let folder = contracts(true);
    let all = told(folder.path(), server.origin(), "skey_Test_another0another0another", 0);
    for (name, shape) in SHAPES {
        assert!(all.iter().any(|(_, text)| betrays(text, &shape(KEY))), "{name} would be found");
    }
}
