//! A server of bare sockets that tells the stand-ins' truth, but where a rule takes the wire into its own hands.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use crate::servers::http::{Answer, Received, locked, reason};
use crate::servers::reply::Reply;
use crate::servers::world::World;

/// What is done with the wire once a request has come.
pub(crate) type Act = Arc<dyn Fn(&mut Wire<'_>) + Send + Sync>;

/// Which requests are meant, and how they would be answered.
type Fits = Box<dyn Fn(&Received, &Reply) -> bool + Send + Sync>;

/// Which requests meet what; the first rule that fits is taken.
pub(crate) struct Rule {
    when: Fits,
    act: Act,
    resets: bool,
    left: AtomicUsize,
}

impl Rule {
    /// Requests that fit, judged by what the truth would answer, meet this.
    pub(crate) fn new(
        when: impl Fn(&Received, &Reply) -> bool + Send + Sync + 'static,
        act: impl Fn(&mut Wire<'_>) + Send + Sync + 'static,
    ) -> Self {
        Self { when: Box::new(when), act: Arc::new(act), resets: false, left: AtomicUsize::new(usize::MAX) }
    }

    /// The same, and the connection ends by a reset.
    pub(crate) fn resetting(mut self, resets: bool) -> Self {
        self.resets = resets;
        self
    }

    /// The same, for so many requests only.
    pub(crate) fn times(self, times: usize) -> Self {
        self.left.store(times, Ordering::SeqCst);
        self
    }

    fn takes(&self, request: &Received, reply: &Reply) -> bool {
        (self.when)(request, reply)
            && self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }
}

/// The server; it answers for as long as anybody asks.
pub(crate) struct Stage {
    shared: Arc<Shared>,
}

struct Shared {
    origin: String,
    world: Mutex<World>,
    rules: Vec<Rule>,
    spoiled: AtomicUsize,
}

impl Stage {
    /// Puts a world behind a socket, and the rules before it.
    pub(crate) fn new(world: World, rules: Vec<Rule>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared { origin, world: Mutex::new(world), rules, spoiled: AtomicUsize::new(0) });
        let behind = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&behind);
                std::thread::spawn(move || converse(&stream, &shared));
            }
        });
        Self { shared }
    }

    /// Where it answers.
    pub(crate) fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// The world as it stands now.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        locked(&self.shared.world)
    }

    /// What gives a run its credentials and its fixture.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        self.world().environment().to_vec()
    }

    /// How many requests met a rule.
    pub(crate) fn spoiled(&self) -> usize {
        self.shared.spoiled.load(Ordering::SeqCst)
    }
}

/// The wire of one request.
pub(crate) struct Wire<'a> {
    stream: &'a TcpStream,
    shared: &'a Shared,
    /// The request.
    pub(crate) request: Received,
    /// What the truth would answer, with nothing done yet.
    pub(crate) foreseen: Reply,
}

impl Wire<'_> {
    /// Does what was asked for and gives the true answer, as it would go over the wire.
    pub(crate) fn truth(&self) -> Vec<u8> {
        bytes(&locked(&self.shared.world).answer(&self.request))
    }

    /// Whether the other side still takes bytes.
    pub(crate) fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    /// Whether the other side is still there after so long.
    pub(crate) fn stays(&mut self, time: Duration) -> bool {
        self.stream.set_read_timeout(Some(time)).unwrap();
        let kinds = [ErrorKind::WouldBlock, ErrorKind::TimedOut];
        self.stream.read(&mut [0]).is_err_and(|error| kinds.contains(&error.kind()))
    }

    /// Says nothing until the other side has had enough.
    pub(crate) fn hold(&mut self) {
        while self.stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {}
    }
}

/// An answer as it goes over the wire.
pub(crate) fn bytes(answer: &Answer) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", answer.body.len()));
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&answer.body);
    bytes
}

fn converse(stream: &TcpStream, shared: &Shared) {
    let _ = stream.set_nodelay(true);
    while let Some(request) = read(stream, &shared.origin) {
        let mut world = locked(&shared.world);
        // On a copy of the world nothing is done yet.
        let foreseen = world.clone().truthful(&request);
        let Some(rule) = shared.rules.iter().find(|rule| rule.takes(&request, &foreseen)) else {
            let answer = world.answer(&request);
            drop(world);
            if !finish(stream) || (&mut &*stream).write_all(&bytes(&answer)).is_err() {
                return;
            }
            continue;
        };
        drop(world);
        shared.spoiled.fetch_add(1, Ordering::SeqCst);
        if rule.resets || finish(stream) {
            (rule.act)(&mut Wire { stream, shared, request, foreseen });
        }
        return;
    }
}

/// Reads a request but for its last byte, which is looked at and left: a socket that is closed with something unread
/// resets its connection.
fn read(mut stream: &TcpStream, origin: &str) -> Option<Received> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.trim_end().split("\r\n");
    let mut words = lines.next()?.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut request = Received {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: Vec::new(),
        origin: origin.to_owned(),
    };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    if length > 0 {
        stream.read_exact(&mut byte).ok()?;
        request.body.resize(length, 0);
        stream.read_exact(&mut request.body[..length - 1]).ok()?;
    }
    if stream.peek(&mut byte).ok()? == 0 {
        return None;
    }
    if length > 0 {
        request.body[length - 1] = byte[0];
    }
    Some(request)
}

/// Reads the last byte.
fn finish(mut stream: &TcpStream) -> bool {
    stream.read_exact(&mut [0]).is_ok()
}
