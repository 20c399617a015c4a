//! Any text that holds a secret, in encodings the data choose: what comes out holds it no more, as it stands or decoded.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proviso::text::secret::{Redactor, Secret, Showing};
use std::sync::LazyLock;

const VALUES: [&str; 3] = ["skey_test_5z8m4p", "p&ss \"w\u{f6}rd\"/=", "0123456789"];

static REDACTOR: LazyLock<Redactor> = LazyLock::new(|| {
    let secrets = VALUES.map(Secret::new);
    let (redactor, refused) = Redactor::new(["A", "B", "C"].into_iter().zip(&secrets));
    assert!(refused.is_empty());
    redactor
});

/// One value, each byte written in one of the ways that an encoder may choose.
fn written(value: &str, choices: &[u8]) -> Vec<u8> {
    let mut written = Vec::new();
    let mut choices = choices.iter().cycle();
    let layer = choices.next().map_or(0, |choice| choice % 3);
    for letter in value.chars() {
        let choice = choices.next().map_or(0, |choice| choice % 2);
        let mut bytes = [0; 4];
        let bytes = letter.encode_utf8(&mut bytes).as_bytes();
        match (layer, choice) {
            (1, 1) => bytes.iter().for_each(|byte| written.extend(format!("%{byte:02X}").into_bytes())),
            (2, 1) => written.extend(format!("\\u{:04x}", u32::from(letter)).into_bytes()),
            (2, _) if letter == '"' => written.extend(b"\\\""),
            _ => written.extend(bytes),
        }
    }
    written
}

fuzz_target!(|data: &[u8]| {
    let [which, at, length, rest @ ..] = data else { return };
    let value = VALUES[usize::from(*which) % VALUES.len()];
    let (choices, text) = rest.split_at(usize::from(*length).min(rest.len()));
    let (before, after) = text.split_at(usize::from(*at).min(text.len()));
    let secret = written(value, choices);
    let whole = [before, &secret, after].concat();
    let told = REDACTOR.redact_bytes(&whole, Showing::Nothing);
    for value in VALUES {
        assert!(!told.windows(value.len()).any(|piece| piece == value.as_bytes()), "{}", String::from_utf8_lossy(&told));
    }
    // An escape sign right before may make the first of its bytes mean something else; then it is no such secret.
    if !before.ends_with(b"\\") && !before.contains(&b'%') && !before.contains(&b'\\') {
        assert!(!told.windows(secret.len()).any(|piece| piece == secret), "{}", String::from_utf8_lossy(&told));
    }
    let text = String::from_utf8_lossy(&whole);
    REDACTOR.redact(&text);
});
