//! A body that comes in chunks, joined as the bytes arrive.

use bytes::{Buf, BytesMut};

use crate::mock::wire::{MAX_BODY, Refusal};

/// The longest line between chunks, extensions and trailer fields included.
const MAX_LINE: usize = 4 * 1024;
/// The most bytes that may be spent on lines between chunks: enough for 1 MiB in chunks of one byte.
const MAX_LINES: usize = 8 * MAX_BODY;

/// What comes next on the wire.
#[derive(Debug, Clone, Copy)]
enum Next {
    Size,
    Data(usize),
    DataEnd,
    Trailer,
}

/// The body so far, and what comes next.
#[derive(Debug)]
pub(in crate::mock) struct Chunks {
    next: Next,
    body: Vec<u8>,
    spent: usize,
}

impl Chunks {
    /// Nothing has come yet.
    pub(in crate::mock) fn new() -> Self {
        Self { next: Next::Size, body: Vec::new(), spent: 0 }
    }

    /// Takes what it can off the input; true once the last chunk and the trailer were there.
    pub(in crate::mock) fn read(&mut self, input: &mut BytesMut) -> Result<bool, Refusal> {
        loop {
            if let Next::Data(left) = self.next {
                let here = input.get(..left.min(input.len())).unwrap_or_default();
                self.body.extend_from_slice(here);
                let count = here.len();
                input.advance(count);
                if count < left {
                    self.next = Next::Data(left - count);
                    return Ok(false);
                }
                self.next = Next::DataEnd;
            }
            let Some(line) = self.take_line(input)? else { return Ok(false) };
            match self.next {
                Next::Size => self.next = self.open(&line)?,
                Next::Trailer if line.is_empty() => return Ok(true),
                Next::DataEnd if line.is_empty() => self.next = Next::Size,
                Next::DataEnd => return Err(Refusal::malformed("A chunk is longer than its size says.")),
                Next::Trailer | Next::Data(_) => {}
            }
        }
    }

    /// The joined body.
    pub(in crate::mock) fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// What a line with a chunk's size leads to.
    fn open(&self, line: &[u8]) -> Result<Next, Refusal> {
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(Refusal::malformed("The size of a chunk is not a hexadecimal number."));
        }
        let size = std::str::from_utf8(digits).ok().and_then(|digits| usize::from_str_radix(digits, 16).ok());
        match size {
            Some(0) => Ok(Next::Trailer),
            Some(size) if size <= MAX_BODY - self.body.len() => Ok(Next::Data(size)),
            _ => Err(Refusal::too_large()),
        }
    }

    /// The next line without its end; `None` while it has not come whole.
    fn take_line(&mut self, input: &mut BytesMut) -> Result<Option<BytesMut>, Refusal> {
        let end = input.iter().take(MAX_LINE).position(|byte| *byte == b'\n');
        let Some(end) = end else {
            if input.len() >= MAX_LINE {
                return Err(Refusal::malformed("A line between chunks is longer than 4 KiB."));
            }
            return Ok(None);
        };
        self.spent += end + 1;
        if self.spent > MAX_LINES {
            return Err(Refusal::too_large());
        }
        let mut line = input.split_to(end + 1);
        // Leniency would read a chunk that is a byte too short as if it were whole.
        if !line.ends_with(b"\r\n") {
            return Err(Refusal::malformed("A line between chunks does not end with CR and LF."));
        }
        line.truncate(end - 1);
        Ok(Some(line))
    }
}
