//! Each way of breaking an exchange has its own kind of failure.

use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use proviso::http::exchange::FailureKind;
use proviso::http::send::{Connection, Sender, Settings};

use crate::server::{Peer, Server, json};
use crate::{block_on, get, impatient, kind, post, send, send_with};

/// The failure when a server reads a request, writes these bytes and closes.
fn after(bytes: impl Into<Vec<u8>>) -> FailureKind {
    let bytes = bytes.into();
    let server = Server::each(move |peer| {
        peer.request();
        peer.write(&bytes);
    });
    kind(send(&get(&server.url("/"))))
}

#[test]
fn a_port_where_nobody_listens_is_no_connection() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(kind(send(&get(&format!("http://127.0.0.1:{port}/")))), FailureKind::Connect);
}

#[test]
#[cfg(target_os = "linux")]
fn a_host_that_takes_no_more_connections_is_no_connection() {
    let failure = block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        // Nobody takes them, so that soon one more gets no answer from the system.
        let connect = |_| TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok();
        let waiting: Vec<TcpStream> = (0..64).map_while(connect).collect();
        assert!(waiting.len() < 64);
        let sender = Sender::new(&impatient()).unwrap();
        sender.send(&get(&format!("http://{address}/")), Connection::Kept).await.unwrap_err()
    });
    assert_eq!(failure.kind, FailureKind::Connect, "{}", failure.detail);
}

#[test]
fn a_name_that_nobody_knows_is_told_with_the_name() {
    let failure = send(&get("http://vendor.invalid/links?key=hidden")).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Dns);
    assert!(failure.detail.contains("`vendor.invalid`"), "{}", failure.detail);
    assert!(!failure.detail.contains("hidden"), "{}", failure.detail);
}

#[test]
fn a_connection_that_ends_before_the_head_is_whole_is_closed() {
    assert_eq!(after(""), FailureKind::Closed);
    assert_eq!(after("HTT"), FailureKind::Closed);
    assert_eq!(after("HTTP/1.1 200 OK\r\nContent-Type: applica"), FailureKind::Closed);
}

#[test]
fn a_reset_before_or_within_the_head_is_closed() {
    for said in ["", "HTTP/1.1 200 OK\r\nContent-"] {
        let server = Server::each(move |peer| {
            peer.leave_unread();
            peer.write(said.as_bytes());
        });
        assert_eq!(kind(send(&post(&server.url("/"), b"{}"))), FailureKind::Closed, "{said:?}");
    }
}

#[test]
fn a_body_that_breaks_off_is_truncated() {
    assert_eq!(after("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\":"), FailureKind::Truncated);
    assert_eq!(after("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), FailureKind::Truncated);
    assert_eq!(after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), FailureKind::Truncated);
}

#[test]
fn a_reset_within_the_body_is_truncated() {
    let server = Server::each(|peer| {
        peer.leave_unread();
        peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
    });
    // The reset may overtake the bytes before it; then not even a head came.
    let kind = kind(send(&get(&server.url("/"))));
    assert!(matches!(kind, FailureKind::Truncated | FailureKind::Closed), "{kind:?}");
}

#[test]
fn a_chunk_that_is_none_is_truncated() {
    for chunk in ["zz\r\n{}\r\n", "2\r\n{}x\r\n0\r\n\r\n", "-1\r\n", "fffffffffffffffff\r\n"] {
        assert_eq!(
            after(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}")),
            FailureKind::Truncated,
            "{chunk:?}"
        );
    }
}

#[test]
fn bytes_that_are_no_http_are_told_as_that() {
    for said in [
        "SSH-2.0-OpenSSH_9.6\r\n",
        "{\"deleted\": true}\r\n\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    ] {
        assert_eq!(after(said), FailureKind::NotHttp, "{said:?}");
    }
}

#[test]
fn bytes_that_come_before_the_request_are_no_http() {
    let (written, greeted) = std::sync::mpsc::channel();
    let server = Server::each(move |peer| {
        peer.write(b"220 mail.test ESMTP\r\n");
        written.send(()).unwrap();
        peer.hold();
    });
    let sender = Sender::new(&Settings::default()).unwrap();
    let request = get(&server.url("/"));
    let failure = block_on(async {
        let mut sending = std::pin::pin!(sender.send(&request, Connection::Kept));
        // The connection is begun, and goes on only when the greeting is there.
        assert!(futures_util::poll!(&mut sending).is_pending());
        greeted.recv().unwrap();
        sending.await.unwrap_err()
    });
    assert_eq!(failure.kind, FailureKind::NotHttp, "{}", failure.detail);
    assert!(server.requests().is_empty());
}

#[test]
fn silence_is_a_timeout() {
    let server = Server::each(Peer::hold);
    let failure = send_with(&impatient(), &get(&server.url("/"))).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Timeout);
    assert_eq!(failure.detail, "no answer within 1s");
}

#[test]
fn a_body_that_stalls_is_a_timeout_that_tells_how_much_had_come() {
    for said in ["", "{\"a"] {
        let server = Server::each(move |peer| {
            peer.request();
            peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
            peer.write(said.as_bytes());
            peer.hold();
        });
        let failure = send_with(&impatient(), &get(&server.url("/"))).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Timeout);
        let wanted = format!("the answer was not whole within 1s; {} bytes of its body had come", said.len());
        assert_eq!(failure.detail, wanted);
    }
}

#[test]
fn head_and_body_share_one_bound_of_time_however_often_a_byte_comes() {
    for bytes in ["X: y\r\n", "\r\n"] {
        let server = Server::each(move |peer| {
            peer.request();
            peer.write(b"HTTP/1.1 200 OK\r\n");
            while bytes.as_bytes().chunks(1).all(|byte| peer.write(byte) && peer.stays(Duration::from_millis(10))) {}
        });
        assert_eq!(kind(send_with(&impatient(), &get(&server.url("/")))), FailureKind::Timeout, "{bytes:?}");
    }
}

#[test]
fn a_head_without_end_is_too_large() {
    for line in ["X-Many: of them\r\n", "more and more of one value"] {
        let server = Server::each(move |peer| {
            peer.request();
            peer.write(b"HTTP/1.1 200 OK\r\nX-One: ");
            while peer.write(line.as_bytes()) {}
        });
        assert_eq!(kind(send(&get(&server.url("/")))), FailureKind::TooLarge, "{line:?}");
    }
}

#[test]
fn a_whole_head_with_too_many_lines_is_too_large() {
    let lines = "X-Many: of them\r\n".repeat(5000);
    assert_eq!(after(format!("HTTP/1.1 200 OK\r\n{lines}\r\n")), FailureKind::TooLarge);
}

#[test]
fn provisional_answers_without_end_are_a_timeout() {
    let server = Server::each(|peer| {
        peer.request();
        while peer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n") {}
    });
    assert_eq!(kind(send_with(&impatient(), &get(&server.url("/")))), FailureKind::Timeout);
}

#[test]
fn provisional_answers_are_passed_over() {
    let mut said = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n".to_vec();
    said.extend(json(404, "{}"));
    let server = Server::saying(said);
    assert_eq!(send(&get(&server.url("/"))).unwrap().status, 404);
}

#[test]
fn the_second_of_two_answers_to_one_request_answers_no_other() {
    let mut both = json(200, "{}");
    both.extend(json(500, "{}"));
    let server = Server::each(move |peer| while peer.request().is_some() && peer.write(&both) {});
    let sender = Sender::new(&impatient()).unwrap();
    block_on(async {
        for _ in 0..3 {
            let answer = sender.send(&get(&server.url("/")), Connection::Kept).await;
            assert_eq!(answer.unwrap().status, 200);
        }
    });
}
