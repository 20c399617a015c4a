//! What browsers, converters and editors do to a page's text, each kind drawn at random.

use fastrand::Rng;

/// A kind of damage: a text and a source of chance to a text that says the same.
pub(crate) type Damage = fn(&str, &mut Rng) -> String;

/// What happens where a page is shown and copied; any of it in any order.
pub(crate) const RENDERING: [(&str, Damage); 9] = [
    ("bullets", bullets),
    ("white space", white_space),
    ("glued lines and cells", glued),
    ("cells between pipes", pipes),
    ("emphasis and code", emphasis),
    ("quotes", quotes),
    ("dashes", dashes),
    ("capitals", capitals),
    ("small letters", small_letters),
];

/// What happens to the copy afterwards, in this order: what is invisible comes first, and only then can it be misread.
pub(crate) const TRANSPORT: [(&str, Damage); 3] =
    [("zero-width characters", zero_width), ("misread characters", misread), ("what cleaners leave", residue)];

fn one<'a>(of: &[&'a str], rng: &mut Rng) -> &'a str {
    of[rng.usize(..of.len())]
}

/// Replaces each of some characters by one of some texts, now and then.
fn replaced(text: &str, which: &[char], by: &[&str], rng: &mut Rng) -> String {
    let mut replaced = String::new();
    for character in text.chars() {
        if which.contains(&character) && rng.bool() {
            replaced.push_str(one(by, rng));
        } else {
            replaced.push(character);
        }
    }
    replaced
}

/// Puts one of some texts between characters, here and there.
fn strewn(text: &str, what: &[&str], rng: &mut Rng) -> String {
    let mut strewn = String::new();
    for character in text.chars() {
        if rng.u8(..8) == 0 {
            strewn.push_str(one(what, rng));
        }
        strewn.push(character);
    }
    strewn + one(what, rng)
}

fn bullets(text: &str, rng: &mut Rng) -> String {
    let line = |line: &str| format!("{}{line}", one(&["", "• ", "- ", "* ", "  – ", "‣", "+ ", "▪\t", "> · "], rng));
    text.lines().map(line).collect::<Vec<_>>().join("\n").replace("> ", "")
}

fn white_space(text: &str, rng: &mut Rng) -> String {
    replaced(text, &[' ', '\n', '\t'], &[" ", "\n", "\t", "   ", "\r\n", "\n\n", "\u{a0}", "\u{2009}", "\u{3000}"], rng)
}

fn glued(text: &str, rng: &mut Rng) -> String {
    replaced(text, &['\n', '\t'], &[""], rng)
}

fn pipes(text: &str, rng: &mut Rng) -> String {
    replaced(text, &['\t', '\n'], &[" | ", "|", " |\n| ", "|\n|---|---|\n|"], rng)
}

fn emphasis(text: &str, rng: &mut Rng) -> String {
    let words = text.split(' ').map(|word| {
        let mark = one(&["", "", "*", "**", "`", "***", "~~"], rng);
        format!("{mark}{word}{mark}")
    });
    words.collect::<Vec<_>>().join(" ")
}

fn quotes(text: &str, rng: &mut Rng) -> String {
    replaced(text, &['"', '\''], &["“", "”", "‘", "’", "«", "»", "„", "'", "\"", "\\\""], rng)
}

fn dashes(text: &str, rng: &mut Rng) -> String {
    replaced(text, &['-'], &["–", "—", "‑", "−", "--", "\u{ad}"], rng)
}

fn capitals(text: &str, rng: &mut Rng) -> String {
    let word = |word: &str| if rng.bool() { word.to_uppercase() } else { word.to_owned() };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn small_letters(text: &str, rng: &mut Rng) -> String {
    let word = |word: &str| if rng.bool() { word.to_lowercase() } else { word.to_owned() };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The characters that nobody sees.
const UNSEEN: [char; 5] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{feff}', '\u{a0}'];

fn zero_width(text: &str, rng: &mut Rng) -> String {
    let unseen = UNSEEN.map(String::from);
    strewn(text, &unseen.each_ref().map(String::as_str), rng)
}

/// The unseen characters, and some others that are no letters, with their UTF-8 read as Windows-874 and as Windows-1252.
fn misread(text: &str, rng: &mut Rng) -> String {
    let thai = ["โ€‹", "โ€\u{8c}", "โ€\u{8d}", "๏ปฟ", "ย\u{a0}", "โ–ผ", "๐Ÿ”‘", "โ€ข", "โ€”", "โ€\u{fffd}"];
    let western = ["â€‹", "â€Œ", "â€\u{8d}", "ï»¿", "Â\u{a0}", "â–¼", "ðŸ”‘", "â€¢", "â€”", "â€\u{fffd}", "Â·"];
    strewn(text, if rng.bool() { &thai } else { &western }, rng)
}

fn residue(text: &str, rng: &mut Rng) -> String {
    replaced(text, &['\n'], &["โ\n", "โ€\n", "\u{fffd}\n"], rng)
}
