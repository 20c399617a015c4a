//! Interruptions: Ctrl-C, and the signal by which a CI system or a supervisor asks a process to end.

use proviso::report::Exit;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// The time that is left for writing the results down.
const GRACE: Duration = Duration::from_secs(3);

/// A request to end the program. Signals are received as long as this exists, before a command waits for one; a second signal ends
/// the program at once.
///
/// Signals are received on a thread of their own: the one that works may be writing a report into a pipe that is not read. Where it
/// does not wait for them, or waits no longer because all that is left to it is to write, the program ends on its own after a while.
pub(crate) struct Interruption {
    /// Absent where no signal can be received.
    signal: Option<oneshot::Receiver<()>>,
    /// The program is about to end, and has something to do before.
    heeded: Arc<AtomicBool>,
}

impl Interruption {
    /// Begins to receive signals.
    pub(crate) fn listen() -> Self {
        let (sender, signal) = oneshot::channel();
        let heeded = Arc::new(AtomicBool::new(false));
        let listening = spawn_listener(sender, Arc::clone(&heeded));
        Self { signal: listening.ok().map(|()| signal), heeded }
    }

    /// Ends when the program is to end.
    pub(crate) async fn requested(&mut self) {
        if let Some(signal) = self.signal.take()
            && signal.await.is_ok()
        {
            self.heeded.store(true, Ordering::Release);
        } else {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Interruption {
    fn drop(&mut self) {
        self.heeded.store(false, Ordering::Release);
    }
}

fn spawn_listener(sender: oneshot::Sender<()>, heeded: Arc<AtomicBool>) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut signals = Signals::receive(&runtime)?;
    let listening = async move {
        signals.next().await;
        // The command may not be waiting for it any more.
        let _ = sender.send(());
        while timeout(GRACE, signals.next()).await.is_err() && heeded.load(Ordering::Acquire) {}
        exit_at_once();
    };
    thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(listening)).map(drop)
}

/// The signals, received from the moment this is made, so that no second one falls between two waits.
struct Signals {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Signals {
    fn receive(runtime: &Runtime) -> io::Result<Self> {
        let _context = runtime.enter();
        Ok(Self {
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
            #[cfg(windows)]
            interrupt: tokio::signal::windows::ctrl_c()?,
        })
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(windows)]
    async fn next(&mut self) {
        self.interrupt.recv().await;
    }
}

#[expect(clippy::exit, reason = "who interrupts twice wants no tidying up")]
fn exit_at_once() {
    std::process::exit(i32::from(Exit::Interrupted.code()));
}
