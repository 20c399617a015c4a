//! What is told of a mistake in the program itself: where it stands, and its message as far as nothing secret can be in it.

use proviso::text::secret::Redactor;
use proviso::text::visible;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::fmt::Display;
use std::io::Write;
use std::panic::{PanicHookInfo, set_hook};
use std::sync::Arc;

/// Tells panics by their place alone: as long as no contract is read, nobody knows which values are secret.
pub(crate) fn hook() {
    set_hook(Box::new(|info| tell(info, None)));
}

/// Tells panics with their message, redacted.
pub(crate) fn hook_redacting(redactor: &Arc<Redactor>) {
    let redactor = Arc::clone(redactor);
    set_hook(Box::new(move |info| tell(info, Some(&redactor))));
}

fn tell(info: &PanicHookInfo<'_>, redactor: Option<&Redactor>) {
    let mut text = words(info.location(), info.payload_as_str(), redactor);
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        text += &format!("{trace}\n");
    }
    // Where nobody reads any more, nothing is left to be told.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

fn words(place: Option<impl Display>, message: Option<&str>, redactor: Option<&Redactor>) -> String {
    let place = place.map_or_else(|| "an unknown place".to_owned(), |place| place.to_string());
    let message = match (message, redactor) {
        (Some(message), Some(redactor)) => format!(": {}", visible::text(&redactor.redact(message))),
        _ => String::new(),
    };
    format!("error: this is a mistake in proviso itself: it panicked at {place}{message}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proviso::text::secret::Secret;
    use std::process::Command;

    const VALUE: &str = "skey_test_canary";

    /// Panics with a secret in the message, in a process of its own, since a hook is everybody's.
    #[test]
    fn the_message_of_a_panic_holds_no_secret() {
        if std::env::var_os("CHILD").is_some() {
            let (redactor, _) = Redactor::new([("KEY", &Secret::new(VALUE))]);
            hook();
            let _ = std::thread::spawn(|| panic!("early, with {VALUE}")).join();
            hook_redacting(&Arc::new(redactor));
            panic!("late, with {VALUE}");
        }
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "cli::panics::tests::the_message_of_a_panic_holds_no_secret", "--nocapture"]);
        let output = child.env("CHILD", "1").env("RUST_BACKTRACE", "0").output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && !told.contains(VALUE), "{told}");
        let own: Vec<&str> = told.lines().filter(|line| line.contains("a mistake in proviso itself")).collect();
        let [early, late] = own.as_slice() else { panic!("{told}") };
        assert!(early.contains("src/cli/panics.rs:") && !early.contains("early"), "{early}");
        assert!(late.contains("src/cli/panics.rs:") && late.ends_with("late, with $KEY"), "{late}");
    }
}
