//! The character references of HTML and XML: `&amp;`, `&#38;`, `&#x26;`.

use super::decoded_view::DecodedEscape;
use super::unescaped::number;

/// The names that HTML has for the characters of ASCII that an encoder may escape, and for signs that are not seen.
const ENTITIES: [(&[u8], char); 43] = [
    (b"amp", '&'),
    (b"lt", '<'),
    (b"gt", '>'),
    (b"quot", '"'),
    (b"apos", '\''),
    (b"nbsp", '\u{a0}'),
    (b"shy", '\u{ad}'),
    (b"zwnj", '\u{200c}'),
    (b"zwj", '\u{200d}'),
    (b"Tab", '\t'),
    (b"NewLine", '\n'),
    (b"excl", '!'),
    (b"num", '#'),
    (b"dollar", '$'),
    (b"percnt", '%'),
    (b"lpar", '('),
    (b"rpar", ')'),
    (b"ast", '*'),
    (b"midast", '*'),
    (b"plus", '+'),
    (b"comma", ','),
    (b"period", '.'),
    (b"sol", '/'),
    (b"colon", ':'),
    (b"semi", ';'),
    (b"equals", '='),
    (b"quest", '?'),
    (b"commat", '@'),
    (b"lsqb", '['),
    (b"lbrack", '['),
    (b"bsol", '\\'),
    (b"rsqb", ']'),
    (b"rbrack", ']'),
    (b"Hat", '^'),
    (b"lowbar", '_'),
    (b"UnderBar", '_'),
    (b"grave", '`'),
    (b"lcub", '{'),
    (b"lbrace", '{'),
    (b"verbar", '|'),
    (b"vert", '|'),
    (b"rcub", '}'),
    (b"rbrace", '}'),
];

/// The character that a reference at the beginning of the bytes means.
pub(super) fn html_entity(rest: &[u8]) -> Option<DecodedEscape> {
    match rest {
        [_, b'#', b'x' | b'X', digits @ ..] => numbered_character(digits, 16, 3),
        [_, b'#', digits @ ..] => numbered_character(digits, 10, 2),
        [_, name @ ..] => named_character(name),
        [] => None,
    }
}

/// A character by its number, behind a sign of so many bytes.
fn numbered_character(bytes: &[u8], radix: u32, sign: usize) -> Option<DecodedEscape> {
    let length = bytes.iter().take(12).take_while(|byte| char::from(**byte).is_digit(radix)).count();
    let (digits, behind) = bytes.split_at(length);
    digits.first()?;
    DecodedEscape::character(number(digits, radix)?, sign + length + usize::from(behind.starts_with(b";")))
}

fn named_character(bytes: &[u8]) -> Option<DecodedEscape> {
    let length = bytes.iter().take(9).position(|byte| *byte == b';')?;
    let (name, _) = bytes.split_at(length);
    let (_, meant) = ENTITIES.iter().find(|(known, _)| *known == name)?;
    DecodedEscape::character(u32::from(*meant), length + 2)
}
