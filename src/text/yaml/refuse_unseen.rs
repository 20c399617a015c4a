//! Refuses characters that are never seen and that readers of YAML take differently.

use super::mistakes::Mistakes;
use crate::text::diagnostic::Code;

/// Reports each unseen character of the text.
pub(super) fn refuse_unseen(mistakes: &mut Mistakes<'_>) {
    let text = mistakes.text;
    if text.bytes().all(|byte| matches!(byte, b' '..0x7f | b'\t' | b'\n' | b'\r')) {
        return;
    }
    for (at, character) in text.char_indices().filter(|(_, character)| is_unseen(*character)) {
        let message = format!("the text holds the character U+{:04X}, which nobody sees", u32::from(character));
        let help = "remove it, or write it as an escape within double quotes";
        mistakes.report(Code::UnseenCharacter, message, at..at + character.len_utf8(), "here", help);
    }
}

fn is_unseen(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\u{feff}' | '\u{fffe}' | '\u{ffff}' => true,
        other => other.is_control(),
    }
}
