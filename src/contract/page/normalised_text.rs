//! From a page's text to what every copy of it has in common: its letters and digits, and apart from them its signs.

use super::misread_character::MisreadCharacter;
use std::ops::Range;

/// A text as far as copies of it agree.
///
/// **Letters** are the letters and digits of any script, in one case, and nothing else. A page is copied by browsers, converters
/// and editors, and each of them adds, takes or replaces characters of its own choice: white space and line ends, zero-width
/// characters (perhaps misread in a wrong code page), bullets, pipes between the cells of a table or nothing at all, asterisks,
/// underscores and backticks of Markdown, straight or curved quotes, hyphens or dashes, capitals of a heading. None of these
/// is a letter or a digit, so no rule here depends on what is beside a character, and damage of several kinds at once does
/// no more than damage of one.
///
/// **Signs** are the punctuation that none of the above adds or takes, and the underscore. They distinguish `1.5` from `15`,
/// `[]` from `{}`, and a code or a pattern with its underscores from one that Markdown has eaten them out of. The underscore
/// cannot be among the letters, since `_emphasis_` and the eaten `link(_test)?_` look alike, and it cannot be dropped, since a
/// page that puts eaten underscores back says something new. So a sentence is found by its letters alone, and its signs show
/// whether it is exactly as it was.
///
/// It does not see through numbers that a converter puts before the items of a list, targets of links and names of
/// languages that it writes into the text (they change the page, and a sentence only where they are inside it), an accent
/// written as a character of its own, and words that are hidden or shown anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NormalisedText {
    letters: Vec<char>,
    /// Each sign with the number of letters before it.
    signs: Vec<(usize, char)>,
}

/// Punctuation that carries meaning in codes, numbers and patterns, and that belongs to no bullet, table, emphasis, quote or dash.
const SIGNS: &str = "_.,:;!?/()[]{}<>=&%$@^";

impl NormalisedText {
    /// Normalises a text.
    pub fn new(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let mut normalised = Self::default();
        let mut before = None;
        let mut rest = characters.as_slice();
        while let Some((&character, after)) = rest.split_first() {
            if let Some(misread) = MisreadCharacter::at(before, rest) {
                misread.meant.into_iter().for_each(|meant| normalised.push(meant));
                (_, rest) = rest.split_at(misread.length);
            } else {
                normalised.push(character);
                before = Some(character);
                rest = after;
            }
        }
        normalised
    }

    fn push(&mut self, character: char) {
        if character == '…' {
            self.signs.extend([(self.letters.len(), '.'); 3]);
        } else if SIGNS.contains(character) {
            self.signs.push((self.letters.len(), character));
        } else {
            self.letters.extend(folded(character).filter(|folded| folded.is_alphanumeric()));
        }
    }

    /// The letters and digits.
    pub fn letters(&self) -> &[char] {
        &self.letters
    }

    /// A stretch of the letters as a text.
    pub fn text(&self, range: Range<usize>) -> String {
        self.stretch(range).iter().collect()
    }

    /// A stretch of the letters with the signs between them; those before its first letter and after its last are not in it.
    pub fn signed_text(&self, range: Range<usize>) -> String {
        let (_, signs) = self.signs.split_at(self.signs.partition_point(|(before, _)| *before <= range.start));
        let mut signs = signs.iter().peekable();
        let mut text = String::new();
        for (position, letter) in (range.start..).zip(self.stretch(range)) {
            while let Some((_, sign)) = signs.next_if(|(before, _)| *before <= position) {
                text.push(*sign);
            }
            text.push(*letter);
        }
        text
    }

    /// The letters of a range; none for one that is not in the text.
    fn stretch(&self, range: Range<usize>) -> &[char] {
        self.letters.get(range).unwrap_or(&[])
    }
}

/// A character in one case, by way of all three, so that all that copies make of it results in the same: `ß` and `SS`, `ς` and `Σ`.
fn folded(character: char) -> impl Iterator<Item = char> {
    character.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> String {
        NormalisedText::new(text).letters.iter().collect()
    }

    fn signed(text: &str) -> String {
        let normalised = NormalisedText::new(text);
        normalised.signed_text(0..normalised.letters.len())
    }

    #[test]
    fn only_letters_and_digits_are_compared() {
        assert_eq!(letters("• **Pay** `link_id` | “up” — 1.5\u{200b}%"), "paylinkidup15");
        assert_eq!(letters("ลิงก์ ที่ 2"), letters("ลิงก์\u{200b}ที่\n2"));
        assert_eq!(letters(" \u{feff}\u{a0}-|*"), "");
    }

    #[test]
    fn signs_stand_apart_and_only_between_letters() {
        assert_eq!(signed("(a_b [c]? 1.5…)"), "a_b[c]?1.5");
        assert_eq!(signed("“a” – `b` | *c*"), "abc");
        assert_ne!(signed("link(_test)?_[0-9]"), signed("link(test)?[0-9]"));
        assert_eq!(NormalisedText::new("ab.cd.ef").signed_text(2..4), "cd");
        assert_eq!(NormalisedText::new("ab.cd.ef").signed_text(1..5), "b.cd.e");
    }

    #[test]
    fn no_change_of_case_shows() {
        let cased = |character: &char| !character.to_uppercase().eq(character.to_lowercase());
        // Alone, this one reads as what is left of a misread space.
        for character in ('\0'..=char::MAX).filter(cased).filter(|character| !"âÂ".contains(*character)) {
            let plain = letters(&character.to_string());
            assert_eq!(letters(&character.to_uppercase().to_string()), plain, "{character:?} in capitals");
            assert_eq!(letters(&character.to_lowercase().to_string()), plain, "{character:?} in small letters");
        }
    }
}
