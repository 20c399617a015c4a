//! The only listening socket: accepts connections up to a bound and stops when it is dropped.

use super::Answerer;
use super::connection::Connection;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Handle;
use tokio::task::{JoinHandle, JoinSet};

/// The most connections that wait to be accepted.
const BACKLOG: u32 = 1024;
/// The pause when the machine has no descriptor left for another connection.
const RESPITE: Duration = Duration::from_millis(20);

/// The patience with clients, and the most of them at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The time that the head of the next request may take to come.
    pub idle: Duration,
    /// The time that the body of a request may take.
    pub request: Duration,
    /// The time that the client may take to accept the answers that wait.
    pub write: Duration,
    /// The most connections that are open at once; further ones wait to be accepted.
    pub connections: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        let patience = Duration::from_secs(30);
        Self { idle: 2 * patience, request: patience, write: patience, connections: 4096 }
    }
}

/// A socket that listens, and does not answer yet.
pub struct Server {
    listener: TcpListener,
    addr: SocketAddr,
    answerer: Arc<dyn Answerer>,
    bounds: Bounds,
}

impl Server {
    /// Listens on an address, of which port 0 is any free one; fails outside a tokio runtime.
    pub fn bind(addr: SocketAddr, answerer: Arc<dyn Answerer>) -> io::Result<Self> {
        Handle::try_current().map_err(io::Error::other)?;
        let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // A mock that is restarted takes its port back at once; on Windows the option would share the port instead.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(addr)?;
        let listener = socket.listen(BACKLOG)?;
        let addr = listener.local_addr()?;
        Ok(Self { listener, addr, answerer, bounds: Bounds::default() })
    }

    /// Puts other bounds in place of the defaults.
    #[must_use]
    pub fn bounded(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// The address that clients connect to, with the port that was found.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Answers until the shutdown comes, then drops every connection; dropping the future does the same.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let mut connections = JoinSet::new();
        loop {
            let room = connections.len() < self.bounds.connections;
            tokio::select! {
                () = &mut shutdown => return,
                Some(_) = connections.join_next() => {}
                accepted = self.accept(), if room => {
                    let (answerer, bounds) = (Arc::clone(&self.answerer), self.bounds);
                    connections.spawn(Connection::converse(accepted, answerer, bounds));
                }
            }
        }
    }

    /// Answers in the background until the handle is stopped or dropped.
    pub fn start(self) -> Running {
        let addr = self.addr;
        Running { addr, task: Some(tokio::spawn(self.serve(std::future::pending()))) }
    }

    /// The next connection; a failure to accept one is no reason to refuse the others.
    async fn accept(&self) -> TcpStream {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    // Answers are written whole, so holding them back can only delay them.
                    let _ = stream.set_nodelay(true);
                    return stream;
                }
                Err(_) => tokio::time::sleep(RESPITE).await,
            }
        }
    }
}

/// A server that answers in the background, until this is dropped.
#[derive(Debug)]
pub struct Running {
    addr: SocketAddr,
    task: Option<JoinHandle<()>>,
}

impl Running {
    /// The address that clients connect to.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Stops, and returns when the socket is closed.
    pub async fn stop(mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            let _ = task.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
