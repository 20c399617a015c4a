//! Connections that must be secure: whom they trust, and what is said where they cannot be made.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use proviso::http::exchange::{Failure, FailureKind, Response};
use proviso::http::send::Settings;
use rcgen::{CertificateParams, CertifiedKey, KeyPair, date_time_ymd, generate_simple_self_signed};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::server::{Server, json};
use crate::{get, is_apart, kind, run_apart, send, send_with};

/// Answers over TLS with a certificate, and asks the client for one that these vouch for; the port it listens on.
fn serve(certified: &CertifiedKey<KeyPair>, clients: Option<RootCertStore>) -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der()));
    let chain = vec![certified.cert.der().clone()];
    let builder = match clients {
        None => ServerConfig::builder().with_no_client_auth(),
        Some(roots) => ServerConfig::builder()
            .with_client_cert_verifier(WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap()),
    };
    let mut config = builder.with_single_cert(chain, key).unwrap();
    // A client that takes what is offered first would have to speak HTTP/2, and the answer here is not in it.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    listen(Arc::new(config))
}

fn listen(config: Arc<ServerConfig>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for tcp in listener.incoming().map_while(Result::ok) {
            let mut tls = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), tcp);
            if tls.read(&mut [0; 4096]).is_ok() {
                let _ = tls.write_all(&json(200, "{}")).and_then(|()| tls.flush());
            }
            // What is still unread would turn the end of the connection into a reset, which may overtake the last words.
            while tls.sock.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {}
        }
    });
    port
}

fn certificate(host: &str) -> CertifiedKey<KeyPair> {
    generate_simple_self_signed([host.to_owned()]).unwrap()
}

fn expired(host: &str) -> CertifiedKey<KeyPair> {
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
    let signing_key = KeyPair::generate().unwrap();
    let cert = params.self_signed(&signing_key).unwrap();
    CertifiedKey { cert, signing_key }
}

/// What `https://vendor.invalid` answers where that port serves it, and the certificates in a file are trusted.
fn ask_port(port: u16, trusted: &Path) -> Result<Response, Failure> {
    let rule = format!("vendor.invalid:443:127.0.0.1:{port}");
    let settings =
        Settings { cacert: Some(trusted.to_owned()), connect_to: vec![rule.parse().unwrap()], ..Settings::default() };
    send_with(&settings, &get("https://vendor.invalid/links"))
}

fn ask(certified: &CertifiedKey<KeyPair>, trusted: &Path) -> Result<Response, Failure> {
    ask_port(serve(certified, None), trusted)
}

fn pem(certified: &CertifiedKey<KeyPair>) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(certified.cert.pem().as_bytes()).unwrap();
    file
}

#[test]
fn a_certificate_that_is_trusted_by_name_is_taken() {
    let certified = certificate("vendor.invalid");
    assert_eq!(ask(&certified, pem(&certified).path()).unwrap().status, 200);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let failure = ask(&certificate("vendor.invalid"), pem(&certificate("vendor.invalid")).path()).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls);
    assert!(failure.detail.contains("certificate"), "{}", failure.detail);
}

#[test]
fn an_expired_certificate_is_refused() {
    let certified = expired("vendor.invalid");
    let failure = ask(&certified, pem(&certified).path()).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls);
    assert!(failure.detail.contains("expired"), "{}", failure.detail);
}

#[test]
fn a_certificate_for_another_host_is_refused() {
    let certified = certificate("other.invalid");
    assert_eq!(kind(ask(&certified, pem(&certified).path())), FailureKind::Tls);
}

#[test]
fn a_server_that_wants_a_certificate_of_ours_is_no_lost_answer() {
    let certified = certificate("vendor.invalid");
    let mut roots = RootCertStore::empty();
    roots.add(certified.cert.der().clone()).unwrap();
    let failure = ask_port(serve(&certified, Some(roots)), pem(&certified).path()).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls, "{}", failure.detail);
}

#[test]
fn a_plain_server_is_no_secure_one() {
    let trusted = pem(&certificate("vendor.invalid"));
    let settings = Settings { cacert: Some(trusted.path().to_owned()), ..Settings::default() };
    let (talking, silent) = (
        Server::each(|peer| {
            peer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            peer.hold();
        }),
        Server::each(|_| {}),
    );
    for server in [talking, silent] {
        let url = server.url("/").replace("http:", "https:");
        assert_eq!(kind(send_with(&settings, &get(&url))), FailureKind::Tls);
    }
}

#[test]
fn a_machine_without_certificates_is_told_how_to_name_some_and_still_sends_plainly() {
    const NAME: &str = "secure::a_machine_without_certificates_is_told_how_to_name_some_and_still_sends_plainly";
    if !is_apart() {
        return run_apart(NAME, &[("SSL_CERT_FILE", "/nowhere/ca.pem"), ("SSL_CERT_DIR", "/nowhere")]);
    }
    let server = Server::saying(json(200, "{}"));
    assert_eq!(send(&get(&server.url("/"))).unwrap().status, 200);
    let failure = send(&get(&server.url("/").replace("http:", "https:"))).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls);
    assert!(failure.detail.contains("--cacert"), "{}", failure.detail);
}
