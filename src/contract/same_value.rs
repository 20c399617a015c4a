//! Equality of JSON values as JSON has it: a number is the same however it is written.

use serde_json::Value;

/// Returns whether two values are the same, where `10000.0` is `10000`.
pub fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || left.as_f64().is_some_and(|number| is_exact(number) && right.as_f64() == Some(number))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same_value(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same = |(name, value)| right.get(name).is_some_and(|other| same_value(value, other));
            left.len() == right.len() && left.iter().all(same)
        }
        _ => left == right,
    }
}

/// A number as a whole one, where it is one.
#[expect(clippy::cast_possible_truncation, reason = "the range is looked at before")]
pub fn whole_number(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && is_exact(number)).then_some(number as i64)
}

/// Returns whether floating-point numbers of this size are exact.
fn is_exact(number: f64) -> bool {
    number.abs() < 9_007_199_254_740_992.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        assert!(same_value(&json!(10000.0), &json!(10000)));
        assert!(same_value(&json!({ "a": [1.0, "x"] }), &json!({ "a": [1, "x"] })));
        assert!(!same_value(&json!(10000.5), &json!(10000)));
        assert!(!same_value(&json!("10000"), &json!(10000)));
        assert!(!same_value(&json!(9_007_199_254_740_993_u64), &json!(9_007_199_254_740_992_u64)));
        assert!(!same_value(&json!([1]), &json!([1, 2])) && !same_value(&json!({ "a": 1 }), &json!({ "b": 1 })));
    }
}
