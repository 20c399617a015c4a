//! Characters whose bytes were read in a wrong code page: their meaning, and their length in the text.
//!
//! A page in UTF-8 that is read as Windows-1252 or Windows-874 shows a zero-width space as three characters, of which the first
//! is a letter (`â€‹`, `โ€‹`); a cleaner that then takes control characters and symbols away keeps that letter. Both
//! would be taken for letters of the page. Only sequences of characters that are no letters are undone here: spaces, zero-width
//! characters, bullets, dashes, quotes, arrows, pictures. The rules keep clear of what real Thai or French has.

/// A character that was misread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MisreadCharacter {
    /// The character that was meant, where all of it is left.
    pub(super) meant: Option<char>,
    /// The number of characters that it became.
    pub(super) length: usize,
}

/// The characters that Windows-1252 has for the bytes from 0x80 to 0x9f; Windows-874 has the same ones or none.
const SYMBOLS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The character instead of a byte that a code page has nothing for.
const REPLACED: char = char::REPLACEMENT_CHARACTER;

impl MisreadCharacter {
    /// The misread character at the beginning of a text, if there is one; `before` is the character before it that was read rightly.
    pub(super) fn at(before: Option<char>, rest: &[char]) -> Option<Self> {
        // Nearly every character is ASCII and begins nothing.
        rest.first().filter(|first| !first.is_ascii())?;
        Self::of_sequence(before, rest).or_else(|| is_residue(before, rest).then_some(Self { meant: None, length: 1 }))
    }

    /// A character of which every byte is left, or all but the last.
    fn of_sequence(before: Option<char>, rest: &[char]) -> Option<Self> {
        let bytes: Vec<u8> = rest.iter().take(4).map_while(|character| code_page_byte(*character)).collect();
        let thai = rest.first().copied().is_some_and(is_thai);
        let length = match *bytes.as_slice() {
            // In Thai, the letter of 0xc2 is before quotes and consonants, and before a space at the end of a word.
            [0xc2, 0xa0, ..] if thai && before.is_some_and(is_thai) => return None,
            [0xc2, 0xa0, ..] => 2,
            [0xc2, 0xa1..=0xbf, ..] if !thai => 2,
            // In Thai, the letter of 0xe2 has a consonant after it, never one of the symbols.
            [0xe2, 0x80..=0x9f, 0x80..=0xbf, ..] | [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbf, 0xbd, ..] => 3,
            [0xe2, 0x80, ..] => {
                let length = if matches!(rest, [_, _, REPLACED, ..]) { 3 } else { 2 };
                return Some(Self { meant: None, length });
            }
            [0xf0, 0x9f, 0x80..=0xbf, 0x80..=0xbf] => 4,
            _ => return None,
        };
        let (sequence, _) = bytes.split_at(length);
        Some(Self { meant: str::from_utf8(sequence).ok()?.chars().next(), length })
    }
}

/// Returns true if the first character is what a cleaner left of a longer one.
fn is_residue(before: Option<char>, rest: &[char]) -> bool {
    match rest {
        // Neither is a word of its own: one needs a consonant after it, the other a vowel.
        ['โ' | 'ย', after @ ..] => {
            let is_followed = after.first().copied().is_some_and(is_thai);
            let goes_on = is_followed && MisreadCharacter::of_sequence(None, after).is_none();
            !goes_on && !before.is_some_and(is_thai)
        }
        // The space after it was one that does not break; words in capitals may end so.
        ['Â', after @ ..] => {
            after.first().is_none_or(|after| after.is_whitespace()) && !before.is_some_and(char::is_uppercase)
        }
        _ => false,
    }
}

fn is_thai(character: char) -> bool {
    ('\u{e01}'..='\u{e5b}').contains(&character)
}

/// The byte that either code page reads as this character; where both have the character, they have it for the same byte.
fn code_page_byte(character: char) -> Option<u8> {
    let code = u32::from(character);
    let byte = match character {
        '\u{80}'..='\u{ff}' => code,
        '\u{e01}'..='\u{e3a}' | '\u{e3f}'..='\u{e5b}' => code - 0xe01 + 0xa1,
        _ => 0x80 + u32::try_from(SYMBOLS.iter().position(|symbol| *symbol == character)?).ok()?,
    };
    u8::try_from(byte).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::page::NormalisedText;

    fn letters(text: &str) -> String {
        NormalisedText::new(text).letters().iter().collect()
    }

    #[test]
    fn what_was_meant_is_read_from_either_code_page() {
        let of = |text: &str| {
            MisreadCharacter::of_sequence(None, &text.chars().collect::<Vec<_>>()).and_then(|misread| misread.meant)
        };
        assert_eq!(of("โ€‹"), Some('\u{200b}'));
        assert_eq!(of("â€‹"), Some('\u{200b}'));
        assert_eq!(of("โ€\u{8d}"), Some('\u{200d}'));
        assert_eq!(of("๏ปฟ"), Some('\u{feff}'));
        assert_eq!(of("ï»¿"), Some('\u{feff}'));
        assert_eq!(of("Â\u{a0}"), Some('\u{a0}'));
        assert_eq!(of("ย\u{a0}"), Some('\u{a0}'));
        assert_eq!(of("โ–ผ"), Some('▼'));
        assert_eq!(of("๐Ÿ”‘"), Some('🔑'));
        assert_eq!(of("â€™"), Some('’'));
    }

    #[test]
    fn what_is_left_of_a_misread_character_is_no_letter() {
        for text in ["linksโ\nCode", "linksโcode", "linksโ€code", "linksโ€\u{fffd}code", "linksÂ code", "linksยcode"]
        {
            assert_eq!(letters(text), "linkscode", "{text}");
        }
        assert_eq!(letters("linksโ๏ปฟcode"), "linkscode");
        assert_eq!(letters("links๏ปฟย\u{a0}code"), "linkscode");
    }

    #[test]
    fn real_words_stay_whole() {
        for text in
            ["โดย", "“โดย”", "โบ”", "โต”", "โกก", "ยก", "โลก", "โดย\u{a0}", "๐", "âge", "hâlâ", "naïve", "Ânes", "ß»"]
        {
            let whole: String = text.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect();
            assert_eq!(letters(text), letters(&whole), "{text}");
            assert_eq!(letters(text).chars().count(), whole.replace('ß', "ss").chars().count(), "{text}");
        }
        assert_eq!(letters("HÂLÂ BU"), letters("hâlâ bu"));
    }
}
