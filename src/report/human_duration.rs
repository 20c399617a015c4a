//! Durations for people.

use std::fmt;
use std::time::Duration;

/// A duration in plain words: `120 ms`, `1.5 s`, `2 min 3 s`.
#[derive(Debug, Clone, Copy)]
pub(super) struct HumanDuration(pub(super) Duration);

impl fmt::Display for HumanDuration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs_f64();
        match seconds {
            ..0.9995 => write!(formatter, "{:.0} ms", seconds * 1e3),
            ..59.95 => write!(formatter, "{seconds:.1} s"),
            _ => {
                let whole = self.0.as_secs();
                write!(formatter, "{} min {} s", whole / 60, whole % 60)
            }
        }
    }
}

/// A duration that changes while it is shown, without fractions: `0 s`, `12 s`, `2 min 3 s`.
pub(super) fn whole_seconds(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ ..60 => format!("{seconds} s"),
        _ => HumanDuration(duration).to_string(),
    }
}
