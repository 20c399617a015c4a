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
/// page that puts eaten underscores back says something new. Only a pair of them around whole words is emphasis and dropped. A
/// quote is a sign beside the punctuation of data, which distinguishes `"code": "404"` from `"code": 404`; straight or curved,
/// it is the same one. So a sentence is found by its letters alone, and its signs show whether it is exactly as it was.
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

/// Quotes of any kind, and the one that they are taken for.
const QUOTES: &str = "\"'“”„‘’‚«»";
const QUOTE: char = '"';

/// The signs beside which a quote belongs to data.
const DATA: &str = ":,{}[]";

/// Punctuation that carries meaning in codes, numbers and patterns, and that belongs to no bullet, table, emphasis, quote or dash.
const SIGNS: &str = "_.,:;!?/()[]{}<>=&%$@^";

impl NormalisedText {
    /// Normalises a text.
    pub fn new(text: &str) -> Self {
        let characters = without_emphasis(text);
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
        normalised.drop_quotes_of_prose();
        normalised
    }

    /// Leaves only those quotes that are beside the punctuation of data.
    fn drop_quotes_of_prose(&mut self) {
        let is_data = |sign: Option<&(usize, char)>, at: usize| {
            sign.is_some_and(|(before, sign)| *before == at && DATA.contains(*sign))
        };
        let kept = self.signs.iter().enumerate().filter(|(index, (at, sign))| {
            let before = index.checked_sub(1).and_then(|index| self.signs.get(index));
            *sign != QUOTE || is_data(before, *at) || is_data(self.signs.get(index + 1), *at)
        });
        self.signs = kept.map(|(_, sign)| *sign).collect();
    }

    fn push(&mut self, character: char) {
        if character == '…' {
            self.signs.extend([(self.letters.len(), '.'); 3]);
        } else if QUOTES.contains(character) {
            self.signs.push((self.letters.len(), QUOTE));
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

    /// A stretch of the letters with the signs between them, and as many of those before its first letter and after its last as
    /// the margins have.
    pub fn signed_text(&self, range: Range<usize>, margins: Margins) -> String {
        let leading = self.signs_at(range.start);
        let (_, nearest) = leading.split_at(leading.len().saturating_sub(margins.before));
        let mut text: String = nearest.iter().map(|(_, sign)| *sign).collect();
        for (position, letter) in (range.start..).zip(self.stretch(range.clone())) {
            if position > range.start {
                text.extend(self.signs_at(position).iter().map(|(_, sign)| *sign));
            }
            text.push(*letter);
        }
        text.extend(self.signs_at(range.end).iter().take(margins.after).map(|(_, sign)| *sign));
        text
    }

    /// The number of signs before the first letter and after the last.
    pub fn margins(&self) -> Margins {
        Margins { before: self.signs_at(0).len(), after: self.signs_at(self.letters.len()).len() }
    }

    /// The signs directly before the letter at a position.
    fn signs_at(&self, position: usize) -> &[(usize, char)] {
        let from = self.signs.partition_point(|(before, _)| *before < position);
        let to = self.signs.partition_point(|(before, _)| *before <= position);
        self.signs.get(from..to).unwrap_or(&[])
    }

    /// The letters of a range; none for one that is not in the text.
    fn stretch(&self, range: Range<usize>) -> &[char] {
        self.letters.get(range).unwrap_or(&[])
    }
}

/// How many signs before the first letter of a stretch and after its last belong to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Margins {
    /// The signs before.
    pub before: usize,
    /// The signs after.
    pub after: usize,
}

/// The characters of a text without the underscores that only emphasise the words between them.
fn without_emphasis(text: &str) -> Vec<char> {
    let mut characters = Vec::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let begins = characters.len();
        characters.extend(line.chars());
        let line = characters.split_off(begins);
        let emphasis = emphasis(&line);
        characters.extend((0..).zip(line).filter(|(at, _)| !emphasis.contains(at)).map(|(_, character)| character));
    }
    characters
}

/// The positions of the underscores in a line that open or close emphasis: they have a word on one side alone.
fn emphasis(line: &[char]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut opened: Option<usize> = None;
    for (at, _) in line.iter().enumerate().filter(|(_, character)| **character == '_') {
        let before = at.checked_sub(1).and_then(|before| line.get(before)).copied();
        let after = line.get(at + 1).copied();
        if is_space(before) && is_word(after) {
            opened = Some(at);
        } else if is_word(before) && (is_space(after) || after.is_some_and(|after| ".,;:!?".contains(after))) {
            found.extend(opened.take().into_iter().flat_map(|opened| [opened, at]));
        }
    }
    found
}

fn is_word(side: Option<char>) -> bool {
    side.is_some_and(|side| side.is_alphanumeric() || side == '_')
}

fn is_space(side: Option<char>) -> bool {
    side.is_none_or(|side| matches!(side, ' ' | '\t' | '\r' | '\n'))
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
        normalised.signed_text(0..normalised.letters.len(), Margins::default())
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
        let inside = |range| NormalisedText::new("ab.cd.ef").signed_text(range, Margins::default());
        assert_eq!(inside(2..4), "cd");
        assert_eq!(inside(1..5), "b.cd.e");
    }

    #[test]
    fn as_many_signs_around_a_stretch_belong_to_it_as_its_quote_has() {
        let quote = NormalisedText::new("a.destroy()").margins();
        assert_eq!(quote, Margins { before: 0, after: 2 });
        let page = NormalisedText::new("x = (a.destroy());");
        assert_eq!(page.signed_text(1..9, quote), "a.destroy()");
        assert_eq!(page.signed_text(1..9, Margins { before: 1, after: 0 }), "(a.destroy");
        assert_eq!(page.signed_text(1..9, Margins { before: 9, after: 9 }), "=(a.destroy());");
    }

    #[test]
    fn a_quote_counts_beside_the_punctuation_of_data_alone_whatever_its_form() {
        assert_eq!(signed("{ “code”: ‘404’, 'a': [\"\"] b"), "code\":\"404\",\"a\":[\"\"]b");
        assert_ne!(signed("\"code\": \"404\" }"), signed("\"code\": 404 }"));
        assert_eq!(signed("the code \"404\" isn't `here`"), "thecode404isnthere");
    }

    #[test]
    fn underscores_around_words_are_emphasis_and_others_are_signs() {
        assert_eq!(signed("is _not so_, and _never_ was"), "isnotso,andneverwas");
        assert_eq!(signed("a_b _c d_e (_test)?_[0-9] _id"), "a_b_cd_e(_test)?_[09]_id");
        assert_eq!(signed("one _two\nthree_ four"), "one_twothree_four");
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
