//! A server on a core of its own, and what it counted.

use crate::Failure;
use rustix::thread::{CpuSet, sched_setaffinity};
use serde::Deserialize;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// The core of whatever asks, and of whatever answers.
pub(crate) const ASKING: usize = 0;
pub(crate) const ANSWERING: usize = 1;

/// Keeps this thread, and what it starts from now on, on one core; on a machine that has no such core, wherever it is.
pub(crate) fn pin(core: usize) {
    let mut cores = CpuSet::new();
    cores.set(core);
    let _ = sched_setaffinity(None, &cores);
}

/// A server that runs as long as this is held.
pub(crate) struct Server {
    child: Child,
    /// Its address.
    pub(crate) base: String,
}

/// What the server counted since it was last asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Counted {
    pub(crate) requests: usize,
    pub(crate) connections: usize,
    pub(crate) most_in_flight: usize,
}

impl Server {
    /// Starts a server that prints its address in its first line.
    pub(crate) fn start(command: &mut Command) -> Result<Self, Failure> {
        pin(ANSWERING);
        let started = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        pin(ASKING);
        let mut child = started?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let found = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let at = line.find("http://")?;
            Some(line[at..].trim_end_matches('\'').to_owned())
        });
        let base = found.ok_or("the server told no address")?;
        // What else it prints is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { child, base })
    }

    /// Its host and port.
    pub(crate) fn host(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// What it counted; it begins anew.
    pub(crate) fn counted(&self) -> Result<Counted, Failure> {
        let mut stream = TcpStream::connect(self.host())?;
        stream.write_all(b"GET /counted HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(serde_json::from_str(answer.rsplit("\r\n\r\n").next().unwrap_or_default())?)
    }

    /// The seconds of processor that it has used.
    pub(crate) fn cpu(&self) -> Result<f64, Failure> {
        let mut nanoseconds = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            nanoseconds += text.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(nanoseconds as f64 / 1e9)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
