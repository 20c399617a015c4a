//! Readings of bytes whose escapes are undone, one kind each.

use super::bytes_from;
use super::decoded_view::{DecodedEscape, DecodedView};
use super::html_entity::html_entity;

/// The readings of bytes in which any escapes are undone; with spaces, a plus is one for a space.
pub(super) fn unescaped(bytes: &[u8], spaces: bool) -> impl Iterator<Item = DecodedView> {
    let views = [
        without_escapes(bytes, b'%', percent_escape),
        without_escapes(bytes, b'\\', backslash_escape),
        without_escapes(bytes, b'&', html_entity),
        without_escapes(bytes, b'=', quoted_printable_escape),
        // In forms, a plus is a space.
        if spaces { without_escapes(bytes, b'+', |_| Some(DecodedEscape::byte(b' ', 1))) } else { None },
    ];
    views.into_iter().flatten()
}

fn without_escapes(bytes: &[u8], sign: u8, undo: impl Fn(&[u8]) -> Option<DecodedEscape>) -> Option<DecodedView> {
    if !bytes.contains(&sign) {
        return None;
    }
    DecodedView::undoing(bytes, |byte| byte == sign, undo)
}

/// Percent encoding, whichever characters were encoded and in whichever letter case; `%uXXXX` too.
fn percent_escape(rest: &[u8]) -> Option<DecodedEscape> {
    match rest {
        [_, b'u' | b'U', digits @ ..] => DecodedEscape::character(hexadecimal::<4>(digits)?, 6),
        [_, digits @ ..] => hexadecimal_byte(digits, 3),
        [] => None,
    }
}

/// Quoted-printable, its soft line ends among it.
fn quoted_printable_escape(rest: &[u8]) -> Option<DecodedEscape> {
    match rest {
        [_, b'\r', b'\n', ..] => Some(DecodedEscape::nothing(3)),
        [_, b'\n', ..] => Some(DecodedEscape::nothing(2)),
        [_, digits @ ..] => hexadecimal_byte(digits, 3),
        [] => None,
    }
}

/// The escapes of JSON and of programming languages, wherever they are: `\n`, `\xHH`, `\uXXXX`, `\u{X}`, `\UXXXXXXXX` and octal.
fn backslash_escape(rest: &[u8]) -> Option<DecodedEscape> {
    let plain = match rest {
        [_, b'u' | b'x', b'{', digits @ ..] => return braced_escape(digits),
        [_, b'u', digits @ ..] => return unicode_escape(digits),
        [_, b'U', digits @ ..] => return DecodedEscape::character(hexadecimal::<8>(digits)?, 10),
        [_, b'x', digits @ ..] => return hexadecimal_byte(digits, 4),
        [_, b'0'..=b'7', ..] => return octal_escape(rest),
        [_, b'n', ..] => b'\n',
        [_, b't', ..] => b'\t',
        [_, b'r', ..] => b'\r',
        [_, b'b', ..] => 8,
        [_, b'f', ..] => 12,
        [_, other @ (b'"' | b'\'' | b'\\' | b'/'), ..] => *other,
        _ => return None,
    };
    Some(DecodedEscape::byte(plain, 2))
}

/// A backslash with up to three octal digits.
fn octal_escape(rest: &[u8]) -> Option<DecodedEscape> {
    let digits = bytes_from(rest, 1);
    let length = digits.iter().take(3).take_while(|digit| (b'0'..=b'7').contains(*digit)).count();
    let (digits, _) = digits.split_at(length);
    Some(DecodedEscape::byte(u8::try_from(number(digits, 8)?).ok()?, 1 + length))
}

/// A number in braces behind a backslash, a letter and the opening brace.
fn braced_escape(digits: &[u8]) -> Option<DecodedEscape> {
    let length = digits.iter().take(9).position(|byte| *byte == b'}')?;
    let (digits, _) = digits.split_at(length);
    DecodedEscape::character(number(digits, 16)?, length + 4)
}

/// The digits behind `\u`, or two such escapes that make one character.
fn unicode_escape(digits: &[u8]) -> Option<DecodedEscape> {
    let first = hexadecimal::<4>(digits)?;
    match digits {
        [_, _, _, _, b'\\', b'u', low @ ..] if (0xd800..0xdc00).contains(&first) => {
            let second = hexadecimal::<4>(low)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            DecodedEscape::character(0x10000 + ((first - 0xd800) << 10) + second, 12)
        }
        _ => DecodedEscape::character(first, 6),
    }
}

fn hexadecimal_byte(digits: &[u8], taken: usize) -> Option<DecodedEscape> {
    Some(DecodedEscape::byte(u8::try_from(hexadecimal::<2>(digits)?).ok()?, taken))
}

/// The number that so many hexadecimal digits are.
fn hexadecimal<const DIGITS: usize>(bytes: &[u8]) -> Option<u32> {
    number(bytes.first_chunk::<DIGITS>()?, 16)
}

/// The number that digits are; 0 without any.
pub(super) fn number(digits: &[u8], radix: u32) -> Option<u32> {
    digits
        .iter()
        .try_fold(0_u32, |number, digit| number.checked_mul(radix)?.checked_add(char::from(*digit).to_digit(radix)?))
}
