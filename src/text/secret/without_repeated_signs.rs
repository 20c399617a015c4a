//! Signs between letters, or between groups of so many letters, again and again: `s-k-e-y`, `73:6b:65:79`.

use super::bytes_in;
use super::decoded_view::{DecodedView, ViewBuilder};

/// The longest sign between letters, in bytes, and the most letters that are together between two of them.
const LONGEST_SIGN: usize = 4;
const MOST_LETTERS: usize = 4;

/// The number of times that a sign has to come, at the same distance, before it is taken for something between letters.
const OFTEN: usize = 3;

/// A sign that comes again and again.
struct RepeatedSign {
    length: usize,
    first: usize,
    /// The distance from one to the next.
    step: usize,
    times: usize,
}

/// The bytes without the signs that come again and again between letters.
pub(super) fn without_repeated_signs(bytes: &[u8]) -> Option<DecodedView> {
    let mut builder = ViewBuilder::new(bytes);
    let none = [usize::MAX; OFTEN];
    let (mut places, mut after_letter) = (none, false);
    for (at, byte) in bytes.iter().enumerate() {
        let begins = after_letter && !byte.is_ascii_alphanumeric();
        after_letter = byte.is_ascii_alphanumeric();
        if !begins || at < builder.copied {
            continue;
        }
        places = [places[1], places[2], at];
        let Some(sign) = RepeatedSign::at(bytes, places, builder.copied) else { continue };
        for start in (sign.first..).step_by(sign.step).take(sign.times) {
            builder.replace(start..start + sign.length, &[]);
        }
        places = none;
    }
    builder.finish()
}

impl RepeatedSign {
    /// The sign that comes at these places, if it is the same and as far from one to the next, with all others like it around.
    fn at(bytes: &[u8], [one, two, three]: [usize; OFTEN], from: usize) -> Option<Self> {
        let step = three.checked_sub(two).filter(|step| *step <= LONGEST_SIGN + MOST_LETTERS)?;
        if two.checked_sub(one) != Some(step) {
            return None;
        }
        let letters = bytes_in(bytes, one..two).iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let length = step - letters;
        if letters > MOST_LETTERS || length > LONGEST_SIGN {
            return None;
        }
        let sign = bytes_in(bytes, one..one + length);
        let before = (1..=(one - from) / step).take_while(|back| is_sign(bytes, one - back * step, sign)).count();
        let first = one - before * step;
        let times = (first..).step_by(step).take_while(|at| is_sign(bytes, *at, sign)).count();
        (times >= before + OFTEN).then_some(Self { length, first, step, times })
    }
}

fn is_sign(bytes: &[u8], at: usize, sign: &[u8]) -> bool {
    bytes_in(bytes, at..at + sign.len()) == sign
}
