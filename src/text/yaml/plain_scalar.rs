//! The value of a scalar without quotes: the core schema of YAML 1.2, exactly as the YAML crate reads it.

use serde_json::{Number, Value};

/// The reason why a scalar is refused, in words that follow *this is*.
pub(super) type ScalarRefusal = &'static str;

/// The value of a scalar without quotes; `yes`, `no`, `on` and `off` are text.
pub(super) fn plain_scalar(text: &str) -> Result<Value, ScalarRefusal> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Ok(Value::Null),
        "true" | "True" | "TRUE" => Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => Ok(Value::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => Err("not a number"),
        _ => Ok(plain_number(text)?.map_or_else(|| Value::String(text.to_owned()), Value::Number)),
    }
}

/// A number; `None` where the text is not one.
fn plain_number(text: &str) -> Result<Option<Number>, ScalarRefusal> {
    // Every number begins with one of these, and most scalars do not.
    if !text.starts_with(['+', '-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) || has_idle_zero(text) {
        return Ok(None);
    }
    match integer_digits(text) {
        Some((negative, digits, radix)) => {
            integer(negative, digits, radix).map(Some).ok_or("an integer beyond 64 bits")
        }
        None => decimal_fraction(text),
    }
}

/// Digits behind a leading zero are text, such as `017` or a bank's sort code.
fn has_idle_zero(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The sign, the digits and the base of an integer in one of four bases; `None` where the text is not one.
fn integer_digits(text: &str) -> Option<(bool, &str, u32)> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, radix) = match unsigned.split_at_checked(2) {
        Some(("0x", digits)) => (digits, 16),
        Some(("0o", digits)) => (digits, 8),
        Some(("0b", digits)) => (digits, 2),
        _ => (unsigned, 10),
    };
    (!digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix))).then_some((negative, digits, radix))
}

fn integer(negative: bool, digits: &str, radix: u32) -> Option<Number> {
    let size = u64::from_str_radix(digits, radix).ok()?;
    if negative { 0_i64.checked_sub_unsigned(size).map(Number::from) } else { Some(Number::from(size)) }
}

/// A decimal fraction or a number with an exponent; what is too large for one is text, save the written infinity.
fn decimal_fraction(text: &str) -> Result<Option<Number>, ScalarRefusal> {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if text.starts_with('+') && unsigned.starts_with(['+', '-']) {
        return Ok(None);
    }
    if matches!(unsigned.strip_prefix('-').unwrap_or(unsigned), ".inf" | ".Inf" | ".INF") {
        return Err("infinite");
    }
    Ok(unsigned.parse::<f64>().ok().and_then(Number::from_f64))
}
