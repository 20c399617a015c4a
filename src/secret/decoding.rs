//! What bytes say once escapes are undone, with the way back to where each byte stood.

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

/// The readings of bytes that differ from what stands there; with spaces, also a plus as a space.
pub(super) fn views(bytes: &[u8], spaces: bool) -> impl Iterator<Item = View> {
    let spaces = if spaces { form_spaces(bytes) } else { None };
    [percent(bytes), json(bytes), spaces].into_iter().flatten()
}

/// The bytes without the line ends on both sides of which Base64 may go on.
pub(super) fn joined(bytes: &[u8]) -> Option<View> {
    let encoded = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte));
    let end: &[u8] = if bytes.windows(2).any(|pair| pair == b"\r\n") { b"\r\n" } else { b"\n" };
    decode(bytes, *end.first()?, |rest| {
        let next = rest.strip_prefix(end)?.first();
        encoded(next).then_some(Undone { bytes: [0; 4], length: 0, taken: end.len() })
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

    fn changed(self) -> Option<Self> {
        (!self.escapes.is_empty()).then_some(self)
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

/// Undoes percent encoding, whatever was encoded and in whichever letter case.
fn percent(bytes: &[u8]) -> Option<View> {
    decode(bytes, b'%', |rest| {
        let byte = u8::try_from(hex(rest.get(1..3)?)?).ok()?;
        Some(Undone::byte(byte, 3))
    })
}

/// Reads a plus as the space that it is in forms.
fn form_spaces(bytes: &[u8]) -> Option<View> {
    decode(bytes, b'+', |_| Some(Undone::byte(b' ', 1)))
}

/// Undoes the escapes of JSON strings, wherever they stand.
fn json(bytes: &[u8]) -> Option<View> {
    decode(bytes, b'\\', |rest| {
        let plain = match rest.get(1)? {
            b'u' => return unicode(rest),
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            other @ (b'"' | b'\\' | b'/') => *other,
            _ => return None,
        };
        Some(Undone::byte(plain, 2))
    })
}

/// `\uXXXX`, or two of them that make one character.
fn unicode(rest: &[u8]) -> Option<Undone> {
    let first = hex(rest.get(2..6)?)?;
    let (code, taken) = match rest.get(6..12) {
        Some([b'\\', b'u', second @ ..]) if (0xd800..0xdc00).contains(&first) => {
            let second = hex(second)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            (0x10000 + ((first - 0xd800) << 10) + second, 12)
        }
        _ => (first, 6),
    };
    let mut bytes = [0; 4];
    let length = char::from_u32(code)?.encode_utf8(&mut bytes).len();
    Some(Undone { bytes, length, taken })
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?))
}

/// Copies bytes, undoing each escape that begins with the sign and that `undo` knows with its length.
fn decode(bytes: &[u8], sign: u8, undo: impl Fn(&[u8]) -> Option<Undone>) -> Option<View> {
    let mut at = bytes.iter().position(|byte| *byte == sign)?;
    let mut view = View::start(bytes.len());
    view.bytes.extend_from_slice(bytes.get(..at)?);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.first() == Some(&sign)
            && let Some(undone) = undo(rest)
        {
            view.push(undone.bytes.get(..undone.length)?, at..at + undone.taken);
            at += undone.taken;
            continue;
        }
        let plain = rest.iter().skip(1).position(|byte| *byte == sign).map_or(rest.len(), |next| next + 1);
        view.bytes.extend_from_slice(rest.get(..plain)?);
        at += plain;
    }
    view.changed()
}
