//! The message of a mistake in the program itself: its place, and what it panicked with as far as nothing secret can be in it.

use proviso::text::secret::Redactor;
use proviso::text::visible;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::fmt::Display;
use std::io::Write;
use std::panic::{PanicHookInfo, set_hook};
use std::sync::Arc;

/// Shows panics by their place alone: as long as no contract is read, it is not known which values are secret.
pub(crate) fn set_panic_hook() {
    set_hook(Box::new(|info| show_panic(info, None)));
}

/// Shows panics with their message, redacted.
pub(crate) fn set_redacting_panic_hook(redactor: &Arc<Redactor>) {
    let redactor = Arc::clone(redactor);
    set_hook(Box::new(move |info| show_panic(info, Some(&redactor))));
}

fn show_panic(info: &PanicHookInfo<'_>, redactor: Option<&Redactor>) {
    let mut text = panic_message(info.location(), info.payload_as_str(), redactor);
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        text += &format!("{trace}\n");
    }
    // Where the standard error is closed, there is nowhere left to write.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

fn panic_message(place: Option<impl Display>, message: Option<&str>, redactor: Option<&Redactor>) -> String {
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

    /// Panics with a secret in the message, in a process of its own, since a hook is one for all tests.
    #[test]
    fn the_message_of_a_panic_holds_no_secret() {
        if std::env::var_os("CHILD").is_some() {
            let (redactor, _) = Redactor::new([("KEY", &Secret::new(VALUE))]);
            set_panic_hook();
            let _ = std::thread::spawn(|| panic!("early, with {VALUE}")).join();
            set_redacting_panic_hook(&Arc::new(redactor));
            panic!("late, with {VALUE}");
        }
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "cli::set_panic_hook::tests::the_message_of_a_panic_holds_no_secret", "--nocapture"]);
        let output = child.env("CHILD", "1").env("RUST_BACKTRACE", "0").output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && !told.contains(VALUE), "{told}");
        let own: Vec<&str> = told.lines().filter(|line| line.contains("a mistake in proviso itself")).collect();
        let [early, late] = own.as_slice() else { panic!("{told}") };
        assert!(early.contains("src/cli/set_panic_hook.rs:") && !early.contains("early"), "{early}");
        assert!(late.contains("src/cli/set_panic_hook.rs:") && late.ends_with("late, with $KEY"), "{late}");
    }
}
