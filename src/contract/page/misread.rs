//! Characters whose bytes were read in a wrong code page: what they were, and how much of the text they are.
//!
//! A page in UTF-8 that is read as Windows-1252 or Windows-874 shows a zero-width space as three characters, of which the first
//! is a letter (`â€‹`, `โ€‹`); a cleaner that then takes control characters and symbols away leaves that letter alone. Both
//! would be taken for letters of the page. Only sequences of characters that are no letters are undone here: spaces, zero-width
//! characters, bullets, dashes, quotes, arrows, pictures. The rules keep clear of what real Thai or French has.

/// Something that was misread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Misread {
    /// The character that was meant, where all of it is left.
    pub(super) meant: Option<char>,
    /// How many characters it became.
    pub(super) length: usize,
}

/// What Windows-1252 has for the bytes from 0x80 to 0x9f; Windows-874 has the same ones or none.
const SYMBOLS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Where a replacement character stands for a byte that a code page has nothing for.
const REPLACED: char = char::REPLACEMENT_CHARACTER;

/// What was misread at the beginning of a text, if anything; `before` is the character before it that was read rightly.
pub(super) fn misread(before: Option<char>, rest: &[char]) -> Option<Misread> {
    // Nearly every character is ASCII and begins nothing.
    rest.first().filter(|first| !first.is_ascii())?;
    sequence(before, rest).or_else(|| residue(before, rest).then_some(Misread { meant: None, length: 1 }))
}

/// A character of which every byte is left, or all but the last.
fn sequence(before: Option<char>, rest: &[char]) -> Option<Misread> {
    let bytes: Vec<u8> = rest.iter().take(4).map_while(|character| byte(*character)).collect();
    let thai = rest.first().copied().is_some_and(is_thai);
    let length = match *bytes.as_slice() {
        // In Thai, the letter of 0xc2 stands before quotes and consonants, and before a space at the end of a word.
        [0xc2, 0xa0, ..] if thai && before.is_some_and(is_thai) => return None,
        [0xc2, 0xa0, ..] => 2,
        [0xc2, 0xa1..=0xbf, ..] if !thai => 2,
        // In Thai, the letter of 0xe2 has a consonant after it, never one of the symbols.
        [0xe2, 0x80..=0x9f, 0x80..=0xbf, ..] | [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbf, 0xbd, ..] => 3,
        [0xe2, 0x80, ..] => {
            let replaced = rest.get(2) == Some(&REPLACED);
            return Some(Misread { meant: None, length: if replaced { 3 } else { 2 } });
        }
        [0xf0, 0x9f, 0x80..=0xbf, 0x80..=0xbf] => 4,
        _ => return None,
    };
    let meant = bytes.get(..length).and_then(|bytes| str::from_utf8(bytes).ok())?.chars().next();
    Some(Misread { meant, length })
}

/// Whether the first character is what a cleaner left of a longer one.
fn residue(before: Option<char>, rest: &[char]) -> bool {
    let after = rest.get(1).copied();
    match rest.first() {
        // Neither is a word of its own: one needs a consonant after it, the other a vowel.
        Some('โ' | 'ย') => {
            let followed = after.is_some_and(is_thai) && sequence(None, rest.get(1..).unwrap_or_default()).is_none();
            !followed && !before.is_some_and(is_thai)
        }
        // The space after it was one that does not break; words in capitals may end so.
        Some('Â') => after.is_none_or(char::is_whitespace) && !before.is_some_and(char::is_uppercase),
        _ => false,
    }
}

fn is_thai(character: char) -> bool {
    ('\u{e01}'..='\u{e5b}').contains(&character)
}

/// The byte that either code page reads as this character; where both have the character, they have it for the same byte.
fn byte(character: char) -> Option<u8> {
    let offset = |from: char, to: u8| u8::try_from(u32::from(character) - u32::from(from)).ok().map(|by| to + by);
    match character {
        '\u{80}'..='\u{ff}' => u8::try_from(u32::from(character)).ok(),
        '\u{e01}'..='\u{e3a}' | '\u{e3f}'..='\u{e5b}' => offset('\u{e01}', 0xa1),
        _ => {
            let index = SYMBOLS.iter().position(|symbol| *symbol == character)?;
            u8::try_from(index).ok().map(|index| 0x80 + index)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::page::Normalised;

    fn letters(text: &str) -> String {
        Normalised::of(text).letters().iter().collect()
    }

    #[test]
    fn what_was_meant_is_read_from_either_code_page() {
        let of = |text: &str| sequence(None, &text.chars().collect::<Vec<_>>()).and_then(|misread| misread.meant);
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
