//! Text of contracts and vendors made safe to show: nothing in it can move a cursor, hide, or reverse what is beside it.

use std::borrow::Cow;
use unicode_general_category::{GeneralCategory, get_general_category};

/// Returns true for a character that is a sign to a machine and not to the eye: controls, format characters (those that turn the
/// direction of writing, take no room, or tag what follows among them), line separators, private ones, and unassigned ones.
pub fn is_hidden(character: char) -> bool {
    use GeneralCategory as Category;
    let hidden = [
        Category::Control,
        Category::Format,
        Category::LineSeparator,
        Category::ParagraphSeparator,
        Category::PrivateUse,
        Category::Surrogate,
        Category::Unassigned,
    ];
    match character {
        ' '..='~' => false,
        // Selects the variant of another character, any number in a row, and is itself never seen.
        '\u{e0100}'..='\u{e01ef}' => true,
        _ => hidden.contains(&get_general_category(character)),
    }
}

/// A text of one or several lines in which each hidden character is written as an escape.
pub fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    text.chars().for_each(|character| push_visible(&mut shown, character));
    shown
}

/// A text as [`text()`] makes it, on one line.
pub fn line(text: &str) -> String {
    self::text(text).replace('\n', "\\n")
}

fn push_visible(shown: &mut String, character: char) {
    match character {
        '\n' => shown.push('\n'),
        '\t' => shown.push_str("    "),
        hidden if is_hidden(hidden) => shown.extend(hidden.escape_unicode()),
        plain => shown.push(plain),
    }
}

/// A text as [`text()`] makes it, but for the codes by which we set colours. Foreign text has to be made visible before it is put
/// between colours, since its colours look like ours.
pub fn painted(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = colour_code(rest);
        let (code, after) = rest.split_at(length.unwrap_or(character.len_utf8()));
        match length {
            Some(_) => shown.push_str(code),
            None => push_visible(&mut shown, character),
        }
        rest = after;
    }
    shown
}

/// The length of the code of a colour at the beginning of a text: bold, faint, one of sixteen colours, or none again.
fn colour_code(text: &str) -> Option<usize> {
    let (codes, _) = text.strip_prefix("\x1b[")?.split_once('m')?;
    codes.split(';').all(is_colour).then_some("\x1b[m".len() + codes.len())
}

fn is_colour(code: &str) -> bool {
    matches!(code.as_bytes(), [b'0'..=b'2'] | [b'3' | b'9', b'0'..=b'7'])
}

/// A JSON document in which each hidden character is written as JSON escapes it; lines stay lines.
pub fn json(document: &str) -> Cow<'_, str> {
    if document.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return Cow::Borrowed(document);
    }
    Cow::Owned(escape_json(document, is_hidden))
}

/// A JSON document with some of its characters written as JSON escapes them; line ends stay.
pub fn escape_json(document: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(document.len());
    for character in document.chars() {
        if character != '\n' && is_escaped(character) {
            let mut units = [0; 2];
            shown.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            shown.push(character);
        }
    }
    shown
}

/// A text that any terminal and any pipeline can be shown.
pub fn printable(text: &str) -> String {
    inert(&self::text(text))
}

/// A text in which no line can be taken for a command to the pipeline that reads it: `::error::`, `##[group]`.
pub fn inert(text: &str) -> String {
    let text = text.replace("##[", "#\\u{23}[").replace("##vso[", "#\\u{23}vso[");
    text.split_inclusive('\n').map(disarm_line).collect()
}

fn disarm_line(line: &str) -> Cow<'_, str> {
    match line.split_once("::") {
        Some((before, after)) if before.trim().is_empty() => Cow::Owned(format!("{before}:\\u{{3a}}{after}")),
        _ => Cow::Borrowed(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// Every character that another reader of Unicode's tables says is hidden, by its number.
    fn hidden_by_python() -> Option<Vec<u32>> {
        let script = "import sys, unicodedata as u\n\
            hidden = ('Cc', 'Cf', 'Co', 'Zl', 'Zp')\n\
            print(*[n for n in range(sys.maxunicode + 1) if u.category(chr(n)) in hidden])";
        let output = Command::new("python3").args(["-c", script]).output().ok()?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(String::from_utf8(output.stdout).unwrap().split_whitespace().map(|n| n.parse().unwrap()).collect())
    }

    #[test]
    fn all_that_another_table_of_unicode_hides_is_hidden() {
        let Some(numbers) = hidden_by_python() else { return };
        assert!(numbers.len() > 137_000, "{}", numbers.len());
        let shown: Vec<u32> = numbers.into_iter().filter(|n| !char::from_u32(*n).is_none_or(is_hidden)).collect();
        assert!(shown.is_empty(), "{shown:x?}");
    }

    #[test]
    fn what_is_there_to_be_read_stays() {
        for plain in ["aZ~ !", "é Ω я 日本語 한국어 العربية हिन्दी", "👍🏽 ❤️ €"]
        {
            assert_eq!((text(plain), json(plain)), (plain.to_owned(), Cow::Borrowed(plain)));
        }
    }

    #[test]
    fn what_is_hidden_is_written_as_an_escape() {
        assert_eq!(
            text("\x1b]52;c;x\x07\u{61c}\u{ad}\u{200d}\u{e0041}\u{e000}\u{fdd0}"),
            r"\u{1b}]52;c;x\u{7}\u{61c}\u{ad}\u{200d}\u{e0041}\u{e000}\u{fdd0}"
        );
        assert_eq!(line("a\nb\tc\r\u{2028}"), r"a\nb    c\u{d}\u{2028}");
        assert_eq!(json("{\n\"a\": \"\u{202e}\u{e0041}\u{7f}\"}"), "{\n\"a\": \"\\u202e\\udb40\\udc41\\u007f\"}");
    }

    #[test]
    fn of_codes_only_colours_stay_and_only_where_they_are_asked_for() {
        let coloured = "\x1b[1;31mred\x1b[0m \x1b[94mblue\x1b[0m";
        assert_eq!(painted(coloured), coloured);
        assert!(!text(coloured).contains('\x1b'));
        for code in ["\x1b[2J", "\x1b[m", "\x1b[8m", "\x1b[31", "\x1b[1;5m", "\x1b]0;m", "\x1b[31;m", "\u{9b}31m"] {
            assert_eq!(painted(code), text(code));
        }
    }

    #[test]
    fn no_line_is_a_command_to_a_pipeline() {
        assert_eq!(inert("::error::x\n  ::y::\na::b"), ":\\u{3a}error::x\n  :\\u{3a}y::\na::b");
        assert_eq!(inert("##[group]"), "#\\u{23}[group]");
    }
}
