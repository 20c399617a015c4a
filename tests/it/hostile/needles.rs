//! What must not stand in a text, in every form that an encoder gives it; written without the crate's own redactor.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use std::collections::BTreeSet;

/// Values in all their forms.
pub(crate) struct Needles {
    plain: BTreeSet<String>,
    /// Base64, which may be broken over lines.
    encoded: BTreeSet<String>,
}

impl Needles {
    /// The forms of these values.
    pub(crate) fn of(values: impl IntoIterator<Item = String>) -> Self {
        let mut needles = Self { plain: BTreeSet::new(), encoded: BTreeSet::new() };
        values.into_iter().for_each(|value| needles.add(&value));
        needles
    }

    fn add(&mut self, value: &str) {
        let each = |written: fn(u8) -> String| value.bytes().map(written).collect::<String>();
        let json = serde_json::to_string(value).unwrap();
        let json = json.trim_matches('"').to_owned();
        let twice = serde_json::to_string(&json).unwrap();
        let percent = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string();
        let units: String = value.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        self.plain.extend([value.to_owned(), json, twice.trim_matches('"').to_owned(), units]);
        self.plain.extend([percent.replace("%20", "+"), percent.to_lowercase(), percent]);
        self.plain.insert(each(|byte| format!("%{byte:02X}")));
        self.plain.insert(each(|byte| format!("{byte:02x}")));
        self.plain.insert(each(|byte| format!("{byte:02X}")));
        // HTML has signs of its own for some characters.
        let html = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        self.plain.extend([html.replace('"', "&quot;"), html.replace('"', "&#34;"), html]);
        for before in 0..3 {
            let bytes = [&b"???"[..before], value.as_bytes()].concat();
            for text in [STANDARD.encode(&bytes), URL_SAFE.encode(&bytes)] {
                // The characters that hold bits of the value and of nothing else.
                self.encoded.insert(text[(before * 8).div_ceil(6)..bytes.len() * 8 / 6].to_owned());
            }
        }
    }

    /// Fails where one of them stands in a text.
    pub(crate) fn assert_none(&self, text: &str, place: &str) {
        let joined = text.replace("\\r", "").replace("\\n", "").replace(['\r', '\n'], "");
        let plain = self.plain.iter().find_map(|needle| text.find(needle.as_str()));
        let encoded = self.encoded.iter().find_map(|needle| joined.find(needle.as_str()));
        let around = |text: &str, at: usize| {
            let (start, end) = (text.floor_char_boundary(at.saturating_sub(200)), text.ceil_char_boundary(at + 200));
            text[start..end].to_owned()
        };
        let found = plain.map(|at| around(text, at)).or_else(|| encoded.map(|at| around(&joined, at)));
        assert!(found.is_none(), "a secret stands in {place}: ...{}...", found.unwrap_or_default());
    }
}

/// Bytes as text, as far as they are any.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_needle_is_found_in_each_of_its_forms() {
    let value = "key \"a/b\"+\u{e9}";
    let all = Needles::of([value.to_owned()]);
    let encoded = STANDARD.encode(format!("user:{value}"));
    let forms = [value.to_owned(), serde_json::to_string(value).unwrap(), "key%20%22a%2Fb%22%2B%C3%A9".to_owned()];
    let broken = format!("{}\n{}", &encoded[..10], &encoded[10..]);
    for form in forms.into_iter().chain([encoded, broken, "6b65792022612f62222bc3a9".to_owned()]) {
        let text = format!("before {form} behind");
        assert!(std::panic::catch_unwind(|| all.assert_none(&text, "here")).is_err(), "{form}");
    }
    all.assert_none("nothing of the kind, key or not", "here");
}
