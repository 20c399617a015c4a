//! Interruptions: Ctrl-C, and the signal by which a CI system or a supervisor asks a process to end.

use crate::cli::exit::Exit;
use std::io;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Ends when somebody wants the program to end; who says so a second time ends it at once. What is said is heard from the call on,
/// before anybody waits.
pub(crate) fn interrupted() -> impl Future<Output = ()> {
    let heard = Signals::heard();
    async {
        // What cannot be heard does not come.
        let Ok(mut signals) = heard else { return std::future::pending().await };
        signals.next().await;
        tokio::spawn(async move {
            signals.next().await;
            leave();
        });
    }
}

/// The signals, heard from the moment this is made, so that no second one falls between two waits.
#[cfg(unix)]
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

#[cfg(unix)]
impl Signals {
    fn heard() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn heard() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}

#[expect(clippy::exit, reason = "who interrupts twice wants no tidying up")]
fn leave() {
    std::process::exit(i32::from(Exit::Interrupted.code()));
}
