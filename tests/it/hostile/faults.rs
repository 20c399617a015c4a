//! Every way in which a wire is spoiled, and what a case comes to whose own request meets it.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::stage::{Rule, Wire, bytes};
use crate::servers::http::{Answer, Received};
use crate::servers::reply::Reply;

/// A way of spoiling one request's wire.
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    /// What is wrong, in a few words.
    pub(crate) name: &'static str,
    /// What is done with the wire.
    pub(crate) act: fn(&mut Wire<'_>),
    /// Whether the connection ends by a reset.
    pub(crate) resets: bool,
    /// What has to be said of it: words of the reason, or the place of a finding.
    pub(crate) told: &'static str,
}

const fn fault(name: &'static str, told: &'static str, act: fn(&mut Wire<'_>)) -> Fault {
    Fault { name, act, resets: false, told }
}

impl Fault {
    /// The rule that does it to requests that fit.
    pub(crate) fn rule(self, when: impl Fn(&Received, &Reply) -> bool + Send + Sync + 'static) -> Rule {
        Rule::new(when, self.act).resetting(self.resets)
    }
}

/// The network's doing, or an answer without bounds; each ends as soon as it is known.
pub(crate) const BROKEN: &[Fault] = &[
    Fault { resets: true, ..fault("a reset before the answer", "the connection ended before an answer", |_| {}) },
    Fault {
        resets: true,
        ..fault("a reset within the head", "the connection ended before an answer", |wire| {
            wire.write("HTTP/1.1 404 Not Found\r\nContent-Ty");
        })
    },
    Fault {
        resets: true,
        ..fault("a reset within the body", "", |wire| {
            let truth = wire.truth();
            wire.write(&truth[..truth.len() - 5]);
        })
    },
    fault("an end before the answer", "the connection ended before an answer", |_| {}),
    fault("a head without end", "larger than the bound", |wire| {
        wire.write("HTTP/1.1 200 OK\r\nX-One: 1");
        while wire.write("\r\nX-Many: of them") {}
    }),
    fault("a body without end", "larger than the bound", |wire| {
        wire.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = [b"10000\r\n".as_slice(), &[b'['; 0x10000], b"\r\n"].concat();
        while wire.write(&chunk) {}
    }),
    fault("a body of 200 MB", "larger than the bound", |wire| {
        wire.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 200000000\r\n\r\n");
        (0..200).all(|_| wire.write([b'['; 1_000_000]));
    }),
    fault("a body of 200 MB that promises no length", "larger than the bound", |wire| {
        wire.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
        (0..200).all(|_| wire.write([b'['; 1_000_000]));
    }),
    fault("a body shorter than promised", "the answer broke off", |wire| {
        let truth = wire.truth();
        wire.write(&truth[..truth.len() - 1]);
    }),
    fault("bytes that are no HTTP", "not HTTP", |wire| {
        wire.write("220 mail.test ESMTP ready\r\n250 all is well\r\n");
    }),
    fault("a length that says two things", "not HTTP", |wire| {
        wire.write("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nContent-Length: 7\r\n\r\n{}\r\n\r\n\r\n");
    }),
    fault("a chunk's length that is none", "the answer broke off", |wire| {
        wire.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
    }),
    fault("a chunk longer than said", "the answer broke off", |wire| {
        wire.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n");
    }),
    fault("chunks without their end", "the answer broke off", |wire| {
        wire.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n");
    }),
    fault("a gzip bomb", "unfolds to more than", |wire| {
        let bomb = gzip(&vec![b' '; 64 << 20]);
        let answer = Answer::new(404, "application/json", bomb).with_header("Content-Encoding", "gzip");
        wire.write(bytes(&answer));
    }),
    fault("JSON 100,000 deep", "nested deeper", |wire| {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        wire.write(bytes(&Answer::new(404, "application/json", deep)));
    }),
    fault("objects 100,000 deep", "nested deeper", |wire| {
        let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        wire.write(bytes(&Answer::new(404, "application/json", deep)));
    }),
    fault("JSON 100,000 deep without an end", "nested deeper", |wire| {
        wire.write(bytes(&Answer::new(404, "application/json", "[".repeat(100_000))));
    }),
];

/// The network's doing, known only when the time is up.
pub(crate) const SLOW: &[Fault] = &[
    fault("no answer", "no answer within", silence),
    fault("one byte a second", "no answer within", |wire| {
        let truth = wire.truth();
        truth.iter().all(|byte| wire.write([*byte]) && wire.stays(Duration::from_secs(1)));
    }),
    fault("a head that goes on and on", "no answer within", |wire| {
        wire.write("HTTP/1.1 200 OK\r\n");
        while wire.write("X-Many: of them\r\n") && wire.stays(Duration::from_millis(50)) {}
    }),
    fault("a body that goes on and on", "was not whole within", |wire| {
        wire.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        while wire.write("1\r\n[\r\n") && wire.stays(Duration::from_millis(50)) {}
    }),
    fault("provisional answers without end", "no answer within", |wire| {
        let hints = HINT.repeat(100);
        while wire.write(&hints) && wire.stays(Duration::from_millis(1)) {}
    }),
];

/// Provisional answers as fast as they go, and none that counts: reading them takes all the time that the machine has.
pub(crate) const FLOOD: Fault = fault("a flood of provisional answers", "no answer within", |wire| {
    let hints = HINT.repeat(1000);
    while wire.write(&hints) {}
});

const HINT: &str = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";

/// Answers that came whole and within the bounds, and are wrong.
pub(crate) const WRONG: &[Fault] = &[
    fault("a body that is no JSON", "body", |wire| {
        wire.write(bytes(&Answer::new(404, "application/json", "{\"object\": error}")));
    }),
    fault("a body cut short, with a length that says so", "body", |wire| {
        let mut answer = wire.foreseen.answer.clone();
        answer.body.truncate(answer.body.len() / 2);
        wire.write(bytes(&answer));
    }),
    fault("something behind the JSON", "body", |wire| {
        let mut answer = wire.foreseen.answer.clone();
        answer.body.extend(b" {}");
        wire.write(bytes(&answer));
    }),
    fault("invalid UTF-8", "body", |wire| {
        wire.write(bytes(&Answer::new(404, "application/json", b"{\"object\": \"err\xffor\"}")));
    }),
    fault("half a surrogate pair", "body", |wire| {
        wire.write(bytes(&Answer::new(404, "application/json", r#"{"object": "\ud800"}"#)));
    }),
    fault("a key that stands twice", "/code", |wire| {
        let mut answer = wire.foreseen.answer.clone();
        let text = String::from_utf8(answer.body).unwrap();
        answer.body = text.replacen('{', "{\"code\": \"success\",", 1).into_bytes();
        wire.write(bytes(&answer));
    }),
    fault("a body that is not gzip as it says", "body", |wire| {
        let answer = Answer::new(404, "application/json", "{}}").with_header("Content-Encoding", "gzip");
        wire.write(bytes(&answer));
    }),
    fault("a redirect to itself", "status", |wire| redirect(wire, "")),
    fault("a redirect to another origin", "status", |wire| redirect(wire, "http://vendor.invalid")),
    fault("a redirect to a file", "status", |wire| redirect(wire, "file:///etc/passwd?")),
    fault("another protocol", "status", |wire| {
        wire.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n");
    }),
];

/// Answers that are right, however odd the wire.
pub(crate) const RIGHT: &[Fault] = &[
    Fault {
        resets: true,
        ..fault("a reset after the answer", "", |wire| {
            let truth = wire.truth();
            wire.write(truth);
        })
    },
    fault("an end after the answer", "", |wire| {
        let truth = wire.truth();
        wire.write(truth);
    }),
    fault("two answers to one request", "", |wire| {
        let mut both = wire.truth();
        both.extend(bytes(&Answer::new(200, "application/json", "{\"object\": \"another\"}")));
        wire.write(both);
        wire.hold();
    }),
    fault("a few provisional answers", "", |wire| {
        let truth = wire.truth();
        wire.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        wire.write(truth);
    }),
    fault("gzip that nobody asked for", "", |wire| {
        let answer = wire.foreseen.answer.clone();
        let body = gzip(&answer.body);
        wire.write(bytes(&Answer { body, ..answer }.with_header("Content-Encoding", "gzip")));
    }),
];

fn silence(wire: &mut Wire<'_>) {
    wire.hold();
}

fn redirect(wire: &mut Wire<'_>, origin: &str) {
    let place = format!("{origin}{}", wire.request.path);
    let answer = Answer { status: 302, ..wire.foreseen.answer.clone() };
    wire.write(bytes(&answer.with_header("Location", &place)));
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}
