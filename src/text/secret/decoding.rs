//! What bytes say once escapes are undone, with the way back to where each byte stood.

use super::encoding::is_base64;
use std::ops::Range;

/// Bytes with one kind of escape undone.
pub(super) struct View {
    /// The decoded bytes.
    pub(super) bytes: Vec<u8>,
    escapes: Vec<Escape>,
}

/// One escape that was undone.
struct Escape {
    decoded: Range<usize>,
    written: Range<usize>,
}

/// What one escape stands for, and how many bytes it takes.
struct Undone {
    bytes: [u8; 4],
    length: usize,
    taken: usize,
}

impl Undone {
    fn byte(byte: u8, taken: usize) -> Self {
        Self { bytes: [byte, 0, 0, 0], length: 1, taken }
    }
}

/// The readings of bytes whose escapes are undone, one kind each; with spaces, a plus is one for a space.
pub(super) fn unescaped(bytes: &[u8], spaces: bool) -> impl Iterator<Item = View> {
    let of = |sign: u8, view: fn(&[u8]) -> Option<View>| bytes.contains(&sign).then(|| view(bytes)).flatten();
    let plus = if spaces { of(b'+', form_spaces) } else { None };
    let escapes = [of(b'%', percent), of(b'\\', backslash), of(b'&', entities), of(b'=', quoted_printable), plus];
    escapes.into_iter().flatten()
}

/// The bytes without the line ends, and the indentation behind them, on both sides of which an encoding's letters may go on.
pub(super) fn joined(bytes: &[u8]) -> Option<View> {
    if !bytes.contains(&b'\n') {
        return None;
    }
    decode(bytes, b"\r\n", |rest| {
        let next = rest.strip_prefix(b"\r").unwrap_or(rest).strip_prefix(b"\n")?.trim_ascii_start();
        let goes_on = next.first().is_some_and(|byte| is_base64(*byte));
        goes_on.then_some(Undone { bytes: [0; 4], length: 0, taken: rest.len() - next.len() })
    })
}

impl View {
    fn start(size: usize) -> Self {
        Self { bytes: Vec::with_capacity(size), escapes: Vec::new() }
    }

    fn push(&mut self, decoded: &[u8], written: Range<usize>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(decoded);
        self.escapes.push(Escape { decoded: start..self.bytes.len(), written });
    }

    /// Where a stretch of the decoded bytes was written; an escape that it cuts is taken whole.
    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.written(range.start).start;
        let end = range.end.checked_sub(1).map_or(start, |last| self.written(last).end);
        start..end
    }

    /// The written bytes that gave one decoded byte.
    fn written(&self, at: usize) -> Range<usize> {
        let behind = self.escapes.partition_point(|escape| escape.decoded.start <= at);
        let Some(escape) = behind.checked_sub(1).and_then(|last| self.escapes.get(last)) else { return at..at + 1 };
        if at < escape.decoded.end {
            return escape.written.clone();
        }
        let start = escape.written.end + (at - escape.decoded.end);
        start..start + 1
    }
}

/// Undoes percent encoding, whatever was encoded and in whichever letter case; `%uXXXX` too.
fn percent(bytes: &[u8]) -> Option<View> {
    decode(bytes, b"%", |rest| match rest.get(1)? {
        b'u' | b'U' => character(hex(rest.get(2..6)?)?, 6),
        _ => Some(Undone::byte(u8::try_from(hex(rest.get(1..3)?)?).ok()?, 3)),
    })
}

/// Undoes quoted-printable, its soft line ends among it.
fn quoted_printable(bytes: &[u8]) -> Option<View> {
    decode(bytes, b"=", |rest| {
        let soft = [&b"=\r\n"[..], b"=\n"].into_iter().find(|end| rest.starts_with(end));
        match soft {
            Some(end) => Some(Undone { bytes: [0; 4], length: 0, taken: end.len() }),
            None => Some(Undone::byte(u8::try_from(hex(rest.get(1..3)?)?).ok()?, 3)),
        }
    })
}

/// Reads a plus as the space that it is in forms.
fn form_spaces(bytes: &[u8]) -> Option<View> {
    decode(bytes, b"+", |_| Some(Undone::byte(b' ', 1)))
}

/// Undoes the escapes of JSON and of programming languages, wherever they stand: `\n`, `\xHH`, `\uXXXX`, `\u{X}`, `\UXXXXXXXX`
/// and octal.
fn backslash(bytes: &[u8]) -> Option<View> {
    decode(bytes, b"\\", |rest| {
        let plain = match rest.get(1)? {
            b'u' | b'x' if rest.get(2) == Some(&b'{') => return braced(rest),
            b'u' => return unicode(rest),
            b'U' => return character(hex(rest.get(2..10)?)?, 10),
            b'x' => return Some(Undone::byte(u8::try_from(hex(rest.get(2..4)?)?).ok()?, 4)),
            b'0'..=b'7' => return octal(rest),
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            other @ (b'"' | b'\'' | b'\\' | b'/') => *other,
            _ => return None,
        };
        Some(Undone::byte(plain, 2))
    })
}

/// A backslash with up to three octal digits.
fn octal(rest: &[u8]) -> Option<Undone> {
    let digits = rest.iter().skip(1).take(3).take_while(|digit| (b'0'..=b'7').contains(*digit));
    let (code, count) = digits.fold((0, 0), |(code, count), digit| (code * 8 + u32::from(digit - b'0'), count + 1));
    Some(Undone::byte(u8::try_from(code).ok()?, 1 + count))
}

/// A number in braces behind a backslash and a letter.
fn braced(rest: &[u8]) -> Option<Undone> {
    let length = rest.iter().skip(3).take(9).position(|byte| *byte == b'}')?;
    character(hex(rest.get(3..3 + length)?)?, length + 4)
}

/// `\uXXXX`, or two of them that make one character.
fn unicode(rest: &[u8]) -> Option<Undone> {
    let first = hex(rest.get(2..6)?)?;
    match rest.get(6..12) {
        Some([b'\\', b'u', second @ ..]) if (0xd800..0xdc00).contains(&first) => {
            let second = hex(second)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            character(0x10000 + ((first - 0xd800) << 10) + second, 12)
        }
        _ => character(first, 6),
    }
}

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

/// Undoes the character references of HTML and XML: `&amp;`, `&#38;`, `&#x26;`.
fn entities(bytes: &[u8]) -> Option<View> {
    decode(bytes, b"&", |rest| {
        let digits = |from: usize, radix: u32| {
            let digits = rest.iter().skip(from).take(12).take_while(|byte| char::from(**byte).is_digit(radix)).count();
            let end = from + digits;
            let ends = usize::from(rest.get(end) == Some(&b';'));
            character(number(rest.get(from..end).filter(|digits| !digits.is_empty())?, radix)?, end + ends)
        };
        match rest.get(1..3)? {
            [b'#', b'x' | b'X'] => digits(3, 16),
            [b'#', _] => digits(2, 10),
            _ => {
                let length = rest.iter().skip(1).take(9).position(|byte| *byte == b';')?;
                let name = rest.get(1..1 + length)?;
                let (_, meant) = ENTITIES.iter().find(|(known, _)| *known == name)?;
                character(u32::from(*meant), length + 2)
            }
        }
    })
}

/// The longest sign between letters, in bytes, and the most letters that stand together between two of them.
const LONGEST_SIGN: usize = 4;
const MOST_LETTERS: usize = 4;

/// How often a sign has to come, at the same distance, before it is taken for something between letters.
const OFTEN: usize = 3;

/// The bytes without what stands between letters, or between groups of so many letters, again and again: `s-k-e-y`, `73:6b:65:79`.
pub(super) fn spaced(bytes: &[u8]) -> Option<View> {
    let mut view: Option<View> = None;
    let none = [usize::MAX; OFTEN];
    let (mut copied, mut signs, mut after_letter) = (0, none, false);
    for (at, byte) in bytes.iter().enumerate() {
        let begins = after_letter && !byte.is_ascii_alphanumeric();
        after_letter = byte.is_ascii_alphanumeric();
        if !begins || at < copied {
            continue;
        }
        signs = [signs[1], signs[2], at];
        let Some(again) = Again::at(bytes, signs, copied) else { continue };
        let view = view.get_or_insert_with(|| View::start(bytes.len()));
        for start in (again.first..).step_by(again.step).take(again.times) {
            view.bytes.extend_from_slice(bytes.get(copied..start)?);
            copied = start + again.sign;
            view.push(&[], start..copied);
        }
        signs = none;
    }
    let mut view = view?;
    view.bytes.extend_from_slice(bytes.get(copied..)?);
    Some(view)
}

/// A sign that comes again and again: its length, where it comes first, at which distance it comes again, and how often.
struct Again {
    sign: usize,
    first: usize,
    step: usize,
    times: usize,
}

impl Again {
    /// The sign that comes at these places, if it is the same and as far from one to the next, with all others like it around.
    fn at(bytes: &[u8], [one, two, three]: [usize; OFTEN], from: usize) -> Option<Self> {
        let step = three.checked_sub(two).filter(|step| *step <= LONGEST_SIGN + MOST_LETTERS)?;
        if two.checked_sub(one) != Some(step) {
            return None;
        }
        let letters = bytes.get(one..two)?.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let sign = step - letters;
        let written = bytes.get(one..one + sign).filter(|_| letters <= MOST_LETTERS && sign <= LONGEST_SIGN)?;
        let same = |at: &usize| bytes.get(*at..*at + sign) == Some(written);
        let before = (1..=(one - from) / step).take_while(|back| same(&(one - back * step))).count();
        let first = one - before * step;
        let times = (first..).step_by(step).take_while(same).count();
        (times >= before + OFTEN).then_some(Self { sign, first, step, times })
    }
}

/// A character by its number.
fn character(code: u32, taken: usize) -> Option<Undone> {
    let mut bytes = [0; 4];
    let length = char::from_u32(code)?.encode_utf8(&mut bytes).len();
    Some(Undone { bytes, length, taken })
}

fn hex(digits: &[u8]) -> Option<u32> {
    number(digits, 16)
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    digits
        .iter()
        .try_fold(0_u32, |number, digit| number.checked_mul(radix)?.checked_add(char::from(*digit).to_digit(radix)?))
}

/// Copies bytes, undoing each escape that begins with one of the signs and that `undo` knows with its length.
fn decode(bytes: &[u8], signs: &[u8], undo: impl Fn(&[u8]) -> Option<Undone>) -> Option<View> {
    let mut at = bytes.iter().position(|byte| signs.contains(byte))?;
    let mut view: Option<View> = None;
    let mut copied = 0;
    while let Some(rest) = bytes.get(at..) {
        let mut passed = 1;
        if let Some(undone) = undo(rest) {
            let view = view.get_or_insert_with(|| View::start(bytes.len()));
            view.bytes.extend_from_slice(bytes.get(copied..at)?);
            view.push(undone.bytes.get(..undone.length)?, at..at + undone.taken);
            passed = undone.taken;
            copied = at + passed;
        }
        let Some(next) = rest.get(passed..)?.iter().position(|byte| signs.contains(byte)) else { break };
        at += passed + next;
    }
    let mut view = view?;
    view.bytes.extend_from_slice(bytes.get(copied..)?);
    Some(view)
}
