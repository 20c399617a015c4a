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

/// How long is left to whoever has nothing more to do than to write down what came of it.
const GRACE: Duration = Duration::from_secs(3);

/// That somebody may want the program to end. What is said is heard as long as this is there, before anybody waits for it; who says
/// so a second time ends the program at once.
///
/// Signals are heard on a thread of their own: the one that works may be writing a report into a pipe that nobody reads. Where it does
/// not listen, or listens no longer because all that is left to it is to write, the program ends by itself after a while.
pub(crate) struct Interruption {
    /// Absent where nothing can be heard, which does not come then.
    said: Option<oneshot::Receiver<()>>,
    /// Whether the program is about to end, and has something to do before.
    heeded: Arc<AtomicBool>,
}

impl Interruption {
    /// Begins to hear.
    pub(crate) fn hear() -> Self {
        let (say, said) = oneshot::channel();
        let heeded = Arc::new(AtomicBool::new(false));
        let heard = hear(say, Arc::clone(&heeded));
        Self { said: heard.ok().map(|()| said), heeded }
    }

    /// Ends when somebody wants the program to end.
    pub(crate) async fn said(&mut self) {
        if let Some(said) = self.said.take()
            && said.await.is_ok()
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

fn hear(say: oneshot::Sender<()>, heeded: Arc<AtomicBool>) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut signals = Signals::heard(&runtime)?;
    let listening = async move {
        signals.next().await;
        // Nobody may be waiting for it any more.
        let _ = say.send(());
        while timeout(GRACE, signals.next()).await.is_err() && heeded.load(Ordering::Acquire) {}
        leave();
    };
    thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(listening)).map(drop)
}

/// The signals, heard from the moment this is made, so that no second one falls between two waits.
#[cfg(unix)]
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

#[cfg(unix)]
impl Signals {
    fn heard(runtime: &Runtime) -> io::Result<Self> {
        let _context = runtime.enter();
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
    fn heard(runtime: &Runtime) -> io::Result<Self> {
        let _context = runtime.enter();
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
