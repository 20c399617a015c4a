//! Bytes with escapes undone, with the way back to where each byte was written.

use super::bytes_in;
use super::secret_pattern::is_base64;
use std::ops::Range;

/// Bytes with one kind of escape undone.
pub(super) struct DecodedView {
    /// The decoded bytes.
    pub(super) bytes: Vec<u8>,
    escapes: Vec<Escape>,
}

/// One escape that was undone.
struct Escape {
    decoded: Range<usize>,
    written: Range<usize>,
}

impl DecodedView {
    /// The bytes without the line ends, and the indentation behind them, on both sides of which an encoding's letters may go on.
    pub(super) fn of_joined_lines(bytes: &[u8]) -> Option<Self> {
        if !bytes.contains(&b'\n') {
            return None;
        }
        Self::undoing(
            bytes,
            |byte| matches!(byte, b'\r' | b'\n'),
            |rest| {
                let next = rest.strip_prefix(b"\r").unwrap_or(rest).strip_prefix(b"\n")?.trim_ascii_start();
                next.first().filter(|byte| is_base64(**byte))?;
                Some(DecodedEscape::nothing(rest.len() - next.len()))
            },
        )
    }

    /// The bytes with each escape undone that begins with a sign and that `undo` knows; `None` where there is none.
    pub(super) fn undoing(
        bytes: &[u8],
        is_sign: impl Fn(u8) -> bool,
        undo: impl Fn(&[u8]) -> Option<DecodedEscape>,
    ) -> Option<Self> {
        let mut builder = ViewBuilder::new(bytes);
        let mut rest = bytes;
        while let Some(sign) = rest.iter().position(|byte| is_sign(*byte)) {
            let (_, from) = rest.split_at(sign);
            let start = bytes.len() - from.len();
            let mut passed = 1;
            if let Some(undone) = undo(from) {
                builder.replace(start..start + undone.taken, undone.decoded());
                passed = undone.taken;
            }
            rest = bytes_in(from, passed..from.len());
        }
        builder.finish()
    }

    fn push(&mut self, decoded: &[u8], written: Range<usize>) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(decoded);
        self.escapes.push(Escape { decoded: start..self.bytes.len(), written });
    }

    /// The written bytes of a stretch of the decoded ones; an escape that it cuts is taken whole.
    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.origin_of_byte(range.start).start;
        let end = range.end.checked_sub(1).map_or(start, |last| self.origin_of_byte(last).end);
        start..end
    }

    /// The written bytes that gave one decoded byte.
    fn origin_of_byte(&self, at: usize) -> Range<usize> {
        let (begun, _) = self.escapes.split_at(self.escapes.partition_point(|escape| escape.decoded.start <= at));
        let Some(escape) = begun.last() else { return at..at + 1 };
        if at < escape.decoded.end {
            return escape.written.clone();
        }
        let start = escape.written.end + (at - escape.decoded.end);
        start..start + 1
    }
}

/// A view while it is made, from the first byte to the last; nothing is copied before the first escape.
pub(super) struct ViewBuilder<'a> {
    bytes: &'a [u8],
    /// The number of bytes that are in the view already.
    pub(super) copied: usize,
    view: Option<DecodedView>,
}

impl<'a> ViewBuilder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, copied: 0, view: None }
    }

    /// Adds the bytes up to an escape, and what the escape means.
    pub(super) fn replace(&mut self, written: Range<usize>, decoded: &[u8]) {
        let capacity = self.bytes.len();
        let view =
            self.view.get_or_insert_with(|| DecodedView { bytes: Vec::with_capacity(capacity), escapes: Vec::new() });
        view.bytes.extend_from_slice(bytes_in(self.bytes, self.copied..written.start));
        self.copied = written.end;
        view.push(decoded, written);
    }

    /// The view with all further bytes; `None` where there was no escape.
    pub(super) fn finish(self) -> Option<DecodedView> {
        let mut view = self.view?;
        view.bytes.extend_from_slice(bytes_in(self.bytes, self.copied..self.bytes.len()));
        Some(view)
    }
}

/// The meaning of one escape, and how many bytes it takes.
pub(super) struct DecodedEscape {
    bytes: [u8; 4],
    length: usize,
    taken: usize,
}

impl DecodedEscape {
    /// An escape that means nothing.
    pub(super) fn nothing(taken: usize) -> Self {
        Self { bytes: [0; 4], length: 0, taken }
    }

    /// An escaped byte.
    pub(super) fn byte(byte: u8, taken: usize) -> Self {
        Self { bytes: [byte, 0, 0, 0], length: 1, taken }
    }

    /// An escaped character, by its number.
    pub(super) fn character(code: u32, taken: usize) -> Option<Self> {
        let mut bytes = [0; 4];
        let length = char::from_u32(code)?.encode_utf8(&mut bytes).len();
        Some(Self { bytes, length, taken })
    }

    fn decoded(&self) -> &[u8] {
        bytes_in(&self.bytes, 0..self.length)
    }
}
