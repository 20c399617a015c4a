//! What a scalar without quotes means: the core schema of YAML 1.2, exactly as the YAML crate reads it.

use serde_json::{Number, Value};

/// Why a scalar is refused, in words that follow *this is*.
pub(super) type Refusal = &'static str;

/// The value of a scalar without quotes; `yes`, `no`, `on` and `off` are text.
pub(super) fn plain(text: &str) -> Result<Value, Refusal> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Err("not a number"),
        _ => {}
    }
    // Every number begins with one of these, and most scalars do not.
    if !text.starts_with(['+', '-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) || has_idle_zero(text) {
        return Ok(Value::String(text.to_owned()));
    }
    if let Some(integer) = integer(text) {
        return integer.map(Value::Number);
    }
    float(text).unwrap_or_else(|| Ok(Value::String(text.to_owned())))
}

/// Digits behind a leading zero are text, such as `017` or a bank's sort code.
fn has_idle_zero(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// An integer in one of four bases; `None` where the text is none.
fn integer(text: &str) -> Option<Result<Number, Refusal>> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, radix) = match unsigned.get(..2) {
        Some("0x") => (unsigned.get(2..)?, 16),
        Some("0o") => (unsigned.get(2..)?, 8),
        Some("0b") => (unsigned.get(2..)?, 2),
        _ => (unsigned, 10),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    Some(number(negative, digits, radix).ok_or("an integer beyond 64 bits"))
}

fn number(negative: bool, digits: &str, radix: u32) -> Option<Number> {
    let size = u64::from_str_radix(digits, radix).ok()?;
    if negative { 0_i64.checked_sub_unsigned(size).map(Number::from) } else { Some(Number::from(size)) }
}

/// A decimal fraction or a number with an exponent; what is too large for one is text, save the written infinity.
fn float(text: &str) -> Option<Result<Value, Refusal>> {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if text.starts_with('+') && unsigned.starts_with(['+', '-']) {
        return None;
    }
    if matches!(unsigned.strip_prefix('-').unwrap_or(unsigned), ".inf" | ".Inf" | ".INF") {
        return Some(Err("infinite"));
    }
    let number = unsigned.parse::<f64>().ok().and_then(Number::from_f64)?;
    Some(Ok(Value::Number(number)))
}
