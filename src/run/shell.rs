//! Words of a POSIX shell that are text through and through, but for the variables that are put there by position.
//!
//! Everything is within single quotes. What must not be printed raw, such as a control character, is printed by `printf` when the
//! line runs.

use crate::text::secret::{Piece, Written};
use crate::text::visible::is_hidden;

/// Percent-encodes what it reads, as requests do; with what every POSIX system has.
const PERCENT: &str = "od -An -v -tu1 | awk '{for(i=1;i<=NF;i++)printf($i>47&&$i<58||$i>64&&$i<91||$i>96&&$i<123||\
                       $i==45||$i==46||$i==95||$i==126)?\"%c\":\"%%%02X\",$i+0}'";

/// A text as a word.
pub fn quoted(text: &str) -> String {
    word(&[Piece::Text(text.as_bytes())])
}

/// A text as a person would type it: as it is where a shell reads it so, and quoted otherwise.
pub fn typed_word(text: &str) -> String {
    let is_plain =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._/-:=".contains(&byte));
    if is_plain { String::from(text) } else { quoted(text) }
}

/// A word. A shell cannot hold a zero byte in it, nor a line end that `printf` would have to print last.
pub(super) fn word(pieces: &[Piece<'_>]) -> String {
    let mut word = String::new();
    for piece in pieces {
        match piece {
            Piece::Variable { name, written } => word += &format!("\"{}\"", expansion(name, *written)),
            Piece::Text(bytes) => {
                for (hidden, stretch) in stretches(bytes) {
                    word += &if hidden { format!("\"$(printf {})\"", format(stretch)) } else { single(stretch) };
                }
            }
        }
    }
    if word.is_empty() { "''".to_owned() } else { word }
}

/// A command that prints any bytes, line ends and zeros included.
pub(super) fn printf(pieces: &[Piece<'_>]) -> String {
    let mut text = String::new();
    let mut values = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(bytes) => text += &escaped(bytes),
            Piece::Variable { name, written } => {
                text += "%s";
                values += &format!(" \"{}\"", expansion(name, *written));
            }
        }
    }
    format!("printf {}{values}", first_is_no_option(&text))
}

/// Returns whether a word can hold these bytes as they are, without `printf`.
pub(super) fn is_plain(pieces: &[Piece<'_>]) -> bool {
    pieces.iter().all(|piece| match piece {
        Piece::Text(bytes) => stretches(bytes).all(|(hidden, _)| !hidden),
        Piece::Variable { .. } => true,
    })
}

/// A name as shells take it for a variable.
pub(crate) fn variable(name: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let name: String = name.chars().map(letter).collect();
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name }
}

/// The expansion of a variable within double quotes, written as its value was in the request.
fn expansion(name: &str, written: Written) -> String {
    let name = variable(name);
    match written {
        Written::Plain | Written::Otherwise => format!("${name}"),
        Written::Percent => format!("$(printf %s \"${name}\" | {PERCENT})"),
        Written::Json => format!("$(printf %s \"${name}\" | sed 's/[\"\\\\]/\\\\&/g')"),
    }
}

/// A text that a shell takes as it is.
fn single(bytes: &[u8]) -> String {
    format!("'{}'", String::from_utf8_lossy(bytes).replace('\'', r"'\''"))
}

/// The format by which `printf` prints bytes.
fn format(bytes: &[u8]) -> String {
    first_is_no_option(&escaped(bytes))
}

/// A format within single quotes; one that began with a dash would be an option.
fn first_is_no_option(format: &str) -> String {
    match format.strip_prefix('-') {
        Some(rest) => format!("'\\055{rest}'"),
        None => format!("'{format}'"),
    }
}

/// Bytes as they are within single quotes in a format of `printf`: what is hidden in octal, and nothing that means anything to it.
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (hidden, stretch) in stretches(bytes) {
        if hidden {
            stretch.iter().for_each(|byte| text += &format!("\\{byte:03o}"));
        } else {
            let stretch = String::from_utf8_lossy(stretch);
            text += &stretch.replace('\\', r"\\").replace('%', "%%").replace('\'', r"'\''");
        }
    }
    text
}

/// The stretches of bytes that may be shown, and of those that are hidden or no text, in turn.
fn stretches(bytes: &[u8]) -> impl Iterator<Item = (bool, &[u8])> {
    let mut ends: Vec<(bool, usize)> = Vec::new();
    let mut push = |hidden: bool, length: usize| match ends.last_mut() {
        Some((same, end)) if *same == hidden => *end += length,
        last => {
            let start = last.map_or(0, |(_, end)| *end);
            ends.push((hidden, start + length));
        }
    };
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|letter| push(is_hidden(letter), letter.len_utf8()));
        if !chunk.invalid().is_empty() {
            push(true, chunk.invalid().len());
        }
    }
    let mut start = 0;
    ends.into_iter().map(move |(hidden, end)| {
        let stretch = bytes.get(start..end).unwrap_or_default();
        start = end;
        (hidden, stretch)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::process::Command;

    const SHELLS: [&str; 2] = ["sh", "bash"];

    fn run(shell: &str, line: &str, value: &str) -> Vec<u8> {
        let output = Command::new(shell).args(["-c", line]).env("KEY", value).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {line}: {output:?}");
        output.stdout
    }

    fn key(written: Written) -> Piece<'static> {
        Piece::Variable { name: "KEY".into(), written }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn a_shell_makes_of_a_word_what_it_was_made_from(
            text in r#"([ -~]|[$`'"\\{}!*?~%@-]|\$\(touch x\)|[\x01-\x09\x0b-\x1f\x7f]|[\u{202e}\u{ad}\u{e0041}é日]){0,24}"#,
            value in r"[ -~é\x01-\x1f]{0,12}[ -~]",
        ) {
            let pieces = [Piece::Text(text.as_bytes()), key(Written::Plain), Piece::Text(text.as_bytes())];
            let line = format!("printf %s {}", word(&pieces));
            prop_assert!(!line.chars().any(is_hidden), "{}", line);
            for shell in SHELLS {
                prop_assert_eq!(run(shell, &line, &value), format!("{text}{value}{text}").into_bytes(), "{}", line);
            }
        }

        #[test]
        fn a_shell_prints_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..24), value in "[ -~é]{0,12}") {
            let line = printf(&[Piece::Text(&bytes), key(Written::Plain), Piece::Text(&bytes)]);
            prop_assert!(!line.chars().any(is_hidden), "{}", line);
            for shell in SHELLS {
                prop_assert_eq!(run(shell, &line, &value), [&bytes, value.as_bytes(), &bytes].concat(), "{}", line);
            }
        }

        #[test]
        fn a_variable_is_written_as_its_value_was(value in "[ -~é€\\n\u{7}]{0,12}[ -~]") {
            let percent = format!("printf %s {}", word(&[key(Written::Percent)]));
            let json = format!("printf %s {}", word(&[key(Written::Json)]));
            for shell in SHELLS {
                prop_assert_eq!(run(shell, &percent, &value), crate::text::secret::percent(&value).into_bytes());
                let quoted = value.replace('\\', r"\\").replace('"', "\\\"");
                prop_assert_eq!(run(shell, &json, &value), quoted.into_bytes());
            }
        }
    }

    #[test]
    fn a_name_is_one_that_a_shell_has() {
        assert_eq!(variable("pay-link_1.id"), "pay_link_1_id");
        assert_eq!(variable("0_TOKEN"), "_0_TOKEN");
    }
}
