//! Moments as ISO 8601 has them, which is more than RFC 3339: basic, without seconds, without a zone.

/// The name of the format in a contract.
pub const FORMAT: &str = "iso8601";

/// Returns whether a text is a date and a time of ISO 8601, both in the basic form or both in the extended one.
pub fn is_iso8601(text: &str) -> bool {
    let Some((date, rest)) = text.split_once('T') else { return false };
    let zone_at = rest.find(['Z', '+', '-', '\u{2212}']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(zone_at);
    let is_extended = date.contains('-');
    is_date(date, is_extended) && is_time(time, is_extended) && is_zone(zone)
}

/// A text of digits as a number.
fn number(text: &str, digits: usize) -> Option<u32> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// The two-digit parts of a text, with colons between them or without.
fn pairs(text: &str, is_extended: bool) -> Option<Vec<u32>> {
    if is_extended {
        return text.split(':').map(|part| number(part, 2)).collect();
    }
    let count = text.len() / 2;
    text.len().is_multiple_of(2).then(|| (0..count).map(|at| number(text.get(2 * at..2 * at + 2)?, 2)).collect())?
}

fn is_date(text: &str, is_extended: bool) -> bool {
    let digits = if is_extended { text.replacen('-', "", 2) } else { text.to_owned() };
    let is_placed = !is_extended || (text.get(4..5), text.get(7..8)) == (Some("-"), Some("-")) && text.len() == 10;
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| number(part, to - from));
    let (Some(year), Some(month), Some(day)) = (part(0, 4), part(4, 6), part(6, 8)) else { return false };
    is_placed && digits.len() == 8 && (1..=12).contains(&month) && (1..=days(year, month)).contains(&day)
}

/// The days of a month.
fn days(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_time(text: &str, is_extended: bool) -> bool {
    let (whole, fraction) = text.split_once(['.', ',']).map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let is_fraction = fraction.is_none_or(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()));
    let Some(parts) = pairs(whole, is_extended) else { return false };
    let is_right = match parts[..] {
        [hour] => hour < 24,
        [hour, minute] => hour < 24 && minute < 60,
        [24, 0, 0] => true,
        [hour, minute, second] => hour < 24 && minute < 60 && second <= 60,
        _ => false,
    };
    is_fraction && is_right
}

fn is_zone(text: &str) -> bool {
    let Some(offset) = text.strip_prefix(['+', '-', '\u{2212}']) else { return text.is_empty() || text == "Z" };
    let parts = pairs(offset, offset.contains(':'));
    parts.is_some_and(|parts| {
        matches!(parts[..], [hour] if hour < 24) || matches!(parts[..], [hour, minute] if hour < 24 && minute < 60)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_extended_short_and_local_moments_are_of_the_standard() {
        let moments = [
            "2026-11-20T03:00:00Z",
            "2026-11-20T03:00:00.123+07:00",
            "20261120T030000Z",
            "20261120T0300",
            "2026-11-20T03:00",
            "2026-11-20T03:00+0700",
            "2026-11-20T03:00:00,5",
            "2024-02-29T24:00:00Z",
            "20261120T03+07",
        ];
        for moment in moments {
            assert!(is_iso8601(moment), "{moment}");
        }
    }

    #[test]
    fn what_no_clock_or_calendar_has_is_not() {
        let others = [
            "",
            "yesterday",
            "2026-11-20",
            "2026-11-20 03:00:00Z",
            "2026-02-29T03:00Z",
            "2026-13-01T03:00Z",
            "2026-11-20T25:00Z",
            "2026-11-20T03:60Z",
            "2026-11-20T0300Z",
            "20261120T03:00Z",
            "2026-11-20T03:00:00.Z",
            "2026-11-20T03:00+25:00",
            "1764562200",
        ];
        for other in others {
            assert!(!is_iso8601(other), "{other}");
        }
    }
}
