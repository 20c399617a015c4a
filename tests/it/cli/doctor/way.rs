//! The way to a vendor, and who answers: broken at each step, and told apart by what to do.

use super::{KEY, ORIGIN, acme, assert_check, project, truthful};
use crate::hostile::secure::{certificate, expired, listen, write_pem};
use crate::servers::http::{Answer, Server};
use rcgen::{CertificateParams, CertifiedKey, DnType, KeyPair};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, SystemTime};

#[test]
fn another_program_at_the_port_is_not_taken_for_a_vendor() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"220 mail.invalid ESMTP\r\n");
        }
    });
    let told = project(&origin).run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
    assert_eq!(told.code, 3, "{}", told.out);
    assert_check(&told, "connection", "ok", &[]);
    assert_check(&told, "answer", "wrong", &["not HTTP", "another program at this port"]);
    assert_check(&told, "vendor", "not checked", &["no answer came"]);
}

#[test]
fn a_host_that_the_contract_does_not_declare_is_not_asked() {
    let typed = ["doctor", "--target", "acme=https://nothing.invalid"];
    let told = project(ORIGIN).run_with(&[("ACME_API_KEY", KEY)], &typed);
    assert_eq!(told.code, 6, "{}", told.out);
    assert_check(&told, "guard", "wrong", &["no host that acme's file declares", "type `--allow host=acme`"]);
    assert_check(&told, "name", "not checked", &["the guard refuses it"]);
    // A look changes nothing, so that it needs no permit for changes; the run does.
    let told = project(ORIGIN).run_with(&[("ACME_API_KEY", KEY)], &[&typed[..], &["--allow", "host=acme"]].concat());
    assert_eq!(told.code, 3, "{}", told.out);
    assert_check(&told, "guard", "wrong", &["`--allow changes=acme`"]);
    assert_check(&told, "name", "wrong", &["cannot resolve `nothing.invalid`", "correct the origin"]);
    assert_check(&told, "connection", "not checked", &[]);
}

/// A port of this machine at which nothing listens.
pub(super) fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_closed_port_and_a_proxy_that_is_not_there_are_told_apart() {
    let port = closed_port();
    let origin = format!("http://127.0.0.1:{port}");
    let key = ("ACME_API_KEY", KEY);
    let told = project(&origin).run_with(&[key], &["doctor"]);
    assert_eq!(told.code, 3, "{}", told.out);
    assert_check(&told, "name", "ok", &[]);
    assert_check(&told, "connection", "wrong", &["refused", "correct the port"]);
    assert!(!told.out.contains("HTTPS_PROXY"));
    let told = project(&origin).run_with(&[key, ("HTTPS_PROXY", "http://127.0.0.1:9")], &["doctor"]);
    assert_check(&told, "connection", "wrong", &["$HTTPS_PROXY is set, and is not used: `--proxy URL`"]);
    let server = truthful();
    let told = project(server.origin()).run_with(&[key], &["doctor", "--proxy", &origin]);
    assert_eq!((told.code, server.requests()), (3, 0), "{}", told.out);
    assert_check(&told, "connection", "wrong", &["the proxy cannot be reached"]);
}

#[test]
fn what_answers_is_told_apart_from_the_vendor_and_its_keys_from_good_ones() {
    let html = "<html><body>Sign in to the network</body></html>";
    let answers = [
        (
            Answer::new(200, "text/html", html),
            "vendor",
            "wrong",
            &["is not acme: 200 text/html", "Sign in", "portal"][..],
        ),
        (Answer::new(302, "text/html", "").with_header("Location", "/login"), "vendor", "wrong", &["is not acme: 302"]),
        (Answer::new(407, "text/html", html), "vendor", "wrong", &["is not acme: 407"]),
        (Answer::new(503, "application/json", "{}"), "vendor", "wrong", &["links.retrieve answers 503"]),
        (Answer::new(429, "application/json", "{}"), "vendor", "wrong", &["asked too often", "--rate-limit"]),
        (
            Answer::new(401, "application/json", r#"{"code":"unauthorized","message":"no"}"#),
            "credentials",
            "wrong",
            &["acme refuses the credentials (401 to links.retrieve); check $ACME_API_KEY", "another mode than sandbox"],
        ),
        (
            Answer::new(404, "application/json", r#"{"error":"no Route matched"}"#),
            "vendor",
            "warn",
            &["as acme or another would: 404 application/json"],
        ),
    ];
    for (answer, check, state, texts) in answers {
        let server = Server::start(move |_| answer.clone());
        let told = project(server.origin()).run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
        assert_check(&told, check, state, texts);
        assert_eq!(told.code, if state == "wrong" { 3 } else { 0 }, "{}", told.out);
        assert_check(&told, "clock", "not checked", &["has no date"]);
        assert!(server.requests() <= 4 && server.received().iter().all(|request| request.method == "GET"));
    }
}

#[test]
fn clocks_that_are_apart_are_a_warning() {
    let far = Duration::from_secs(3_605);
    let clocks = [(SystemTime::now() - far, "1h", "ahead of"), (SystemTime::now() + far, "1h", "behind")];
    for (date, apart, which) in clocks {
        let server = Server::start(move |request| acme(request, date));
        let told = project(server.origin()).run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
        assert_eq!(told.code, 0, "{}", told.out);
        assert_check(&told, "clock", "warn", &["this machine is", apart, which, "set the clock"]);
    }
}

/// A certificate of an issuer with another name than all others here.
fn unrelated() -> CertifiedKey<KeyPair> {
    let mut params = CertificateParams::new(["vendor.invalid".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "another issuer");
    let signing_key = KeyPair::generate().unwrap();
    let cert = params.self_signed(&signing_key).unwrap();
    CertifiedKey { cert, signing_key }
}

#[test]
fn secure_connections_that_cannot_be_made_are_told_apart() {
    let certified = certificate("vendor.invalid");
    let plain = Server::start(|_| Answer::new(400, "text/html", "plain"));
    let plain_port = plain.origin().rsplit_once(':').unwrap().1.parse().unwrap();
    let (other, old) = (certificate("other.invalid"), expired("vendor.invalid"));
    let unrelated = unrelated();
    let ports = [
        (listen(&certified), &certified, "ok", &["trusted, and is for vendor.invalid"][..]),
        (listen(&other), &other, "wrong", &["the certificate is for another name than vendor.invalid"]),
        (listen(&old), &old, "wrong", &["its owner has to renew it", "this machine's clock is wrong"]),
        (listen(&certified), &other, "wrong", &["does not know who issued the certificate", "--cacert FILE"]),
        (listen(&certified), &unrelated, "wrong", &["does not know who issued the certificate", "--cacert FILE"]),
        (plain_port, &certified, "wrong", &["does not speak TLS"]),
    ];
    for (port, trusted, state, texts) in ports {
        let project = project("https://vendor.invalid");
        write_pem(trusted, &project.path().join("trusted.pem"));
        let rule = format!("vendor.invalid:443:127.0.0.1:{port}");
        let typed = ["doctor", "--target", "sandbox", "--cacert", "trusted.pem", "--connect-to", &rule];
        let told = project.run_with(&[("ACME_API_KEY", KEY)], &typed);
        assert_check(&told, "name", "not checked", &["`--connect-to` names"]);
        assert_check(&told, "connection", "ok", &["as `--connect-to` has it"]);
        assert_check(&told, "tls", state, texts);
        if state == "wrong" {
            assert_check(&told, "answer", "not checked", &[]);
            assert_eq!(told.code, 3, "{}", told.out);
        }
    }
}

#[test]
fn a_vendor_without_a_read_is_tried_by_its_origin_and_gets_no_key() {
    let server = Server::start(|_| Answer::new(404, "text/html", "nothing here"));
    let project = project(server.origin());
    let text = project.read("specs/acme/vendor.yaml");
    let without_read = &text[..text.find("\n  links.retrieve:").unwrap()];
    project.write("specs/acme/vendor.yaml", without_read);
    let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor"]);
    assert_eq!(told.code, 0, "{}\n{}", told.out, told.err);
    assert_check(&told, "answer", "ok", &[]);
    assert_check(&told, "vendor", "not checked", &["no read that needs nothing"]);
    let received = server.received();
    assert_eq!((received.len(), received[0].path.as_str()), (1, "/"));
    assert_eq!(received[0].header("authorization"), None);
}

#[test]
fn unless_a_target_is_typed_nothing_leaves_this_machine() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let rule = format!("vendor.invalid:443:127.0.0.1:{}", listener.local_addr().unwrap().port());
    let project = project("https://vendor.invalid");
    let told = project.run_with(&[("ACME_API_KEY", KEY)], &["doctor", "--connect-to", &rule]);
    for check in ["name", "connection", "tls", "answer", "vendor", "credentials"] {
        assert_check(&told, check, "not checked", &["no target was typed"]);
    }
    assert_check(&told, "$ACME_API_KEY", "ok", &[]);
    assert_eq!(told.code, 0, "{}", told.out);
    assert!(listener.accept().is_err(), "a vendor was asked");
}

#[test]
fn a_proxy_on_another_machine_is_not_asked_either_unless_a_target_is_typed() {
    let server = truthful();
    let allowed = ["--proxy", "http://proxy.invalid:3128", "--allow", "host=acme", "--allow", "plain-http=acme"];
    for (typed, state, text) in [
        (&["doctor"][..], "not checked", "no target was typed"),
        (&["doctor", "-t", "sandbox"], "wrong", "proxy.invalid"),
    ] {
        let told = project(server.origin()).run_with(&[("ACME_API_KEY", KEY)], &[typed, &allowed].concat());
        assert_check(&told, "name", state, &[text]);
        assert_eq!(server.requests(), 0);
    }
}
