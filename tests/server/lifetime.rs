//! Who can hold the server up, and when it ends.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use proviso::mock::{Bounds, Server};
use tokio::sync::oneshot;

use crate::client::{Client, Echo, Site, loopback};

const SOON: Duration = Duration::from_millis(50);

#[test]
fn slow_clients_hold_nobody_up_and_are_served_in_the_end() {
    let site = Site::new();
    let mut slow: Vec<Client> = (0..100).map(|_| site.client()).collect();
    for client in &mut slow {
        client.send("POST /slow HTTP/1.1\r\nHost: h\r\ncontent-length: 2\r\n\r\n{");
    }
    assert_eq!(site.ask("GET /quick HTTP/1.1\r\nHost: h\r\n\r\n").body, "GET /quick None");
    for client in &mut slow {
        assert_eq!(client.ask("}").body, "POST /slow Some(b\"{}\")");
    }
}

#[test]
fn a_client_that_never_reads_is_dropped_and_makes_room() {
    let site = Site::bounded(Bounds { write: SOON, connections: 1, ..Bounds::default() });
    let mut deaf = site.client();
    deaf.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n".repeat(200));
    assert_eq!(site.ask("GET /after HTTP/1.1\r\nHost: h\r\n\r\n").body, "GET /after None");
    assert!(deaf.rest().0.len() < 200 * 300_000, "the kernel cannot have held all of it");
}

#[test]
fn silence_ends_the_connection_without_a_word() {
    let site = Site::bounded(Bounds { idle: SOON, ..Bounds::default() });
    assert_eq!(site.client().rest(), (String::new(), None));
    let mut blank = site.client();
    blank.try_send("\r\n\r\n");
    assert_eq!(blank.rest().0, "");
    let mut slow = site.client();
    slow.try_send("GET / HT");
    assert_eq!(slow.rest().0, "", "a head that does not come whole");
}

#[test]
fn a_body_that_does_not_end_in_time_is_told_so() {
    let site = Site::bounded(Bounds { request: SOON, ..Bounds::default() });
    for beginning in [
        "POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 2\r\n\r\n{",
        "POST / HTTP/1.1\r\nHost: h\r\ntransfer-encoding: chunked\r\n\r\n3",
    ] {
        assert_eq!(site.ask(beginning).status, 408, "{beginning}");
    }
}

#[test]
fn connections_beyond_the_bound_wait_for_room() {
    let site = Site::bounded(Bounds { connections: 1, ..Bounds::default() });
    let mut first = site.client();
    first.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    let mut second = site.client();
    second.send("GET /second HTTP/1.1\r\nHost: h\r\n\r\n");
    first.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(second.is_silent());
    drop(first);
    assert_eq!(second.receive().body, "GET /second None");
}

#[test]
fn an_answerer_that_panics_ends_only_its_connection() {
    let site = Site::new();
    let mut unlucky = site.client();
    unlucky.send("GET /panic HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(unlucky.rest().0, "");
    assert_eq!(site.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status, 200);
}

#[test]
fn dropping_the_handle_ends_open_connections() {
    let mut site = Site::new();
    let mut client = site.client();
    client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    drop(site.running.take());
    assert_eq!(client.rest().0, "");
}

#[test]
fn after_stopping_nobody_listens() {
    // On one thread nothing happens behind the test's back once the future has returned.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let addr = runtime.block_on(async {
        let running = Server::bind(loopback(), Arc::new(Echo)).unwrap().start();
        let addr = running.addr();
        running.stop().await;
        addr
    });
    assert_eq!(TcpStream::connect(addr).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn serving_ends_when_the_shutdown_comes() {
    let site = Site::new();
    site.runtime.block_on(async {
        let server = Server::bind(loopback(), Arc::new(Echo)).unwrap();
        let addr = server.addr();
        let (tell, told) = oneshot::channel::<()>();
        let serving = tokio::spawn(server.serve(async { drop(told.await) }));
        let client = tokio::task::spawn_blocking(move || Client::new(addr).ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        assert_eq!(client.await.unwrap().status, 200);
        tell.send(()).unwrap();
        serving.await.unwrap();
        assert_eq!(TcpStream::connect(addr).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn a_server_listens_from_its_binding_on() {
    let site = Site::new();
    let _inside = site.runtime.enter();
    let server = Server::bind(loopback(), Arc::new(Echo)).unwrap();
    let mut early = Client::new(server.addr());
    early.send("GET /early HTTP/1.1\r\nHost: h\r\n\r\n");
    let _running = server.start();
    assert_eq!(early.receive().body, "GET /early None");
}

#[test]
fn an_address_that_is_taken_or_a_missing_runtime_is_an_error() {
    let site = Site::new();
    assert!(Server::bind(loopback(), Arc::new(Echo)).is_err());
    let _inside = site.runtime.enter();
    let taken = Server::bind(site.addr, Arc::new(Echo));
    assert_eq!(taken.err().map(|error| error.kind()), Some(ErrorKind::AddrInUse));
}
