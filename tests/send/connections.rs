//! Which connections are made: kept and fresh ones, none to a redirect's target, none to a proxy that nobody named.

use std::io::Write;

use proviso::http::exchange::{FailureKind, Request};
use proviso::http::send::{BadSetting, Connection, Sender, Settings};

use crate::server::{Server, answer, json};
use crate::{block_on, get, is_apart, kind, run_apart, send, send_with};

/// How many connections a server counts for these requests, one after the other.
fn count(connections: &[Connection], answer: Vec<u8>) -> usize {
    let server = Server::saying(answer);
    let sender = Sender::new(&Settings::default()).unwrap();
    let request = get(&server.url("/"));
    block_on(async {
        for connection in connections {
            sender.send(&request, *connection).await.unwrap();
        }
    });
    assert_eq!(server.requests().len(), connections.len());
    server.connections()
}

#[test]
fn one_connection_serves_many_requests() {
    assert_eq!(count(&[Connection::Kept; 50], json(200, "{}")), 1);
}

#[test]
fn a_fresh_connection_serves_one_request() {
    assert_eq!(count(&[Connection::Fresh; 5], json(200, "{}")), 5);
}

#[test]
fn a_fresh_connection_leaves_the_kept_one_alone() {
    use Connection::{Fresh, Kept};
    assert_eq!(count(&[Kept, Fresh, Kept, Fresh, Kept], json(200, "{}")), 3);
}

#[test]
fn a_connection_that_the_server_ends_is_not_used_again() {
    assert_eq!(count(&[Connection::Kept; 3], answer(200, "Connection: close\r\n", b"{}")), 3);
}

#[test]
fn a_redirect_is_an_answer_and_its_target_sees_nothing() {
    let target = Server::saying(json(200, "{}"));
    for (status, location) in [
        (302, target.url("/")),
        (307, target.url("/x")),
        (301, "file:///etc/passwd".to_owned()),
        (308, "/loop".to_owned()),
    ] {
        let server = Server::saying(answer(status, &format!("Location: {location}\r\n"), b""));
        let answer = send(&get(&server.url("/loop"))).unwrap();
        assert_eq!((answer.status, answer.headers.get("location")), (status, Some(location.as_str())));
        assert_eq!(server.requests().len(), 1);
    }
    assert_eq!(target.connections(), 0);
}

#[test]
fn proxies_of_the_environment_are_not_asked() {
    const NAME: &str = "connections::proxies_of_the_environment_are_not_asked";
    if is_apart() {
        let server = Server::saying(json(200, "{}"));
        send(&get(&server.url("/straight"))).unwrap();
        assert!(server.requests()[0].starts_with("GET /straight HTTP/1.1"));
        return;
    }
    let proxy = Server::saying(json(502, "{}"));
    let url = proxy.url("");
    run_apart(
        NAME,
        &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"].map(|name| (name, url.as_str())),
    );
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_named_proxy_makes_the_connection() {
    let proxy = Server::saying(json(200, "{}"));
    let settings = Settings { proxy: Some(proxy.url("")), ..Settings::default() };
    send_with(&settings, &get("http://vendor.invalid/links")).unwrap();
    assert!(proxy.requests()[0].starts_with("GET http://vendor.invalid/links HTTP/1.1"));
}

fn connecting_to(rule: &str) -> Settings {
    Settings { connect_to: vec![rule.parse().unwrap()], ..Settings::default() }
}

#[test]
fn a_connection_goes_elsewhere_and_the_request_does_not_show_it() {
    let server = Server::saying(json(200, "{}"));
    for (rule, url, host) in [
        ("vendor.invalid:80:127.0.0.1", "http://vendor.invalid/a", "vendor.invalid"),
        ("::127.0.0.1", "http://vendor.invalid:8080/a", "vendor.invalid:8080"),
        ("VENDOR.invalid::localhost", "http://vendor.invalid/a", "vendor.invalid"),
    ] {
        let answer = send_with(&connecting_to(&format!("{rule}:{}", server.port)), &get(url)).unwrap();
        assert_eq!(answer.status, 200);
        let seen = server.requests().pop().unwrap();
        assert!(seen.contains(&format!("host: {host}\r\n")), "{seen}");
    }
}

#[test]
fn a_rule_for_another_host_or_port_changes_nothing() {
    let server = Server::saying(json(200, "{}"));
    for rule in ["other.invalid:80:127.0.0.1", "vendor.invalid:81:127.0.0.1"] {
        let result = send_with(&connecting_to(&format!("{rule}:{}", server.port)), &get("http://vendor.invalid/"));
        assert_eq!(kind(result), FailureKind::Dns);
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn an_address_cannot_be_connected_to_elsewhere_in_silence() {
    let (server, other) = (Server::saying(json(200, "{}")), Server::saying(json(200, "{}")));
    let settings = connecting_to(&format!("::localhost:{}", other.port));
    assert_eq!(kind(send_with(&settings, &get(&server.url("/")))), FailureKind::Unsendable);
    assert_eq!(server.connections() + other.connections(), 0);
}

#[test]
fn a_host_header_of_the_request_stays() {
    let server = Server::saying(json(200, "{}"));
    let mut request: Request = get("http://vendor.invalid/");
    request.headers.set("Host", "mine.test");
    send_with(&connecting_to(&format!("::127.0.0.1:{}", server.port)), &request).unwrap();
    assert!(server.requests()[0].contains("host: mine.test\r\n"));
}

#[test]
fn settings_that_cannot_be_kept_are_refused() {
    let refused = |settings: Settings| Sender::new(&settings).err().unwrap();
    let proxy = |url: &str| Settings { proxy: Some(url.to_owned()), ..Settings::default() };
    let cacert = |path: &str| Settings { cacert: Some(path.into()), ..Settings::default() };
    assert!(matches!(refused(proxy("socks5://127.0.0.1:1")), BadSetting::Proxy));
    assert!(matches!(refused(proxy("http://")), BadSetting::Proxy));
    assert!(matches!(refused(cacert("/nowhere/ca.pem")), BadSetting::Unreadable { .. }));
    assert!(matches!(refused(cacert("Cargo.toml")), BadSetting::NoCertificates { .. }));
    let mut broken = tempfile::NamedTempFile::new().unwrap();
    broken.write_all(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    assert!(matches!(refused(cacert(broken.path().to_str().unwrap())), BadSetting::NoCertificates { .. }));
    let both = Settings { proxy: Some("http://127.0.0.1:1".to_owned()), ..connecting_to("a:1:b:2") };
    assert!(matches!(refused(both), BadSetting::ProxyAndConnectTo));
}
