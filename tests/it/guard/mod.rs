//! The guard against live money: every refusal comes before the first request, and names what permits it.

mod several;
mod variables;

use std::net::TcpListener;
use std::process::{Command, Output};

/// A listener on this machine that stands for a vendor's own host; whoever connects leaves a connection to be accepted.
fn listener() -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    listener
}

const KEYS: [(&str, &str); 7] = [
    ("OMISE_SECRET_KEY", "skey_test_0123456789abcdefghi"),
    ("OMISE_PUBLIC_KEY", "pkey_test_0123456789abcdefghi"),
    ("OMISE_FOREIGN_SECRET_KEY", "skey_test_9876543210abcdefghi"),
    ("GAFAPAY_TOKEN", "a-token-of-some-length"),
    ("GAFAPAY_COMPANY_ID", "0123456789abcdef0123456789abcdef"),
    ("MYTPE_API_KEY", "an-api-key-of-some-length"),
    ("MYTPE_API_SECRET", "an-api-secret-of-some-length"),
];

/// Runs the binary; every connection that leaves would go to the listener, whatever host it was meant for.
fn run(listener: &TcpListener, keys: &[(&str, &str)], arguments: &[&str]) -> Output {
    let state = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_proviso"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env_clear().envs(keys.iter().copied()).args(arguments);
    command.arg("--state").arg(state.path()).args(["--retry", "0", "--timeout", "2s"]);
    command.arg("--connect-to").arg(format!("::127.0.0.1:{}", listener.local_addr().unwrap().port()));
    command.output().unwrap()
}

/// A refusal says why, names its permit, ends with 6, and nothing was sent.
fn refused(keys: &[(&str, &str)], arguments: &[&str], permit: &str, why: &str) {
    let listener = listener();
    let output = run(&listener, keys, arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(6), "{told}");
    assert!(told.contains(&format!("--allow {permit}")) && told.contains(why), "{told}");
    assert!(listener.accept().is_err(), "nothing may connect");
}

fn with(name: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    KEYS.iter().map(|(known, old)| (*known, if *known == name { value } else { *old })).collect()
}

#[test]
fn a_live_key_is_refused_before_the_first_request() {
    let keys = with("OMISE_SECRET_KEY", "skey_0123456789abcdefghi");
    refused(&keys, &["--target", "sandbox", "--vendor", "omise"], "live-key=omise", "not a test key");
}

#[test]
fn another_accounts_live_key_is_refused_too() {
    let keys = with("OMISE_FOREIGN_SECRET_KEY", "skey_0123456789abcdefghi");
    refused(&keys, &["--target", "sandbox", "--vendor", "omise"], "live-key=omise", "$OMISE_FOREIGN_SECRET_KEY");
}

#[test]
fn a_host_that_nobody_declared_is_refused() {
    refused(&KEYS, &["--target", "https://api.elsewhere.example", "--vendor", "mytpe"], "host=mytpe", "no host that");
}

#[test]
fn changes_at_a_vendor_without_a_test_mode_are_refused() {
    refused(&KEYS, &["--target", "sandbox", "--vendor", "gafapay"], "changes=gafapay", "documents no test mode");
}

#[test]
fn credentials_over_plain_http_are_refused() {
    refused(
        &KEYS,
        &["--target", "mytpe=http://dev.mytpe.app", "--vendor", "mytpe"],
        "plain-http=mytpe",
        "not encrypted",
    );
}

#[test]
fn what_is_permitted_by_name_is_sent() {
    let listener = listener();
    let arguments = [
        "--target",
        "omise=http://api.omise.co",
        "--allow",
        "host=omise",
        "--allow",
        "plain-http=omise",
        "links.retrieve/unknown",
    ];
    let allowed = [&arguments[..], &["--allow", "changes=omise"]].concat();
    let output = run(&listener, &KEYS, &allowed);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(listener.accept().is_ok(), "the request leaves once it is permitted");
}

#[test]
fn a_permit_for_one_vendor_permits_nothing_for_another() {
    let arguments = ["--target", "sandbox", "--vendor", "gafapay", "--allow", "changes=omise"];
    refused(&KEYS, &arguments, "changes=gafapay", "documents no test mode");
}

#[test]
fn a_run_without_credentials_sends_nothing_and_says_what_to_set() {
    let listener = listener();
    let output = run(&listener, &[], &["--target", "sandbox"]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(
        told.contains("$OMISE_SECRET_KEY") && told.contains("$MYTPE_API_KEY") && told.contains("$GAFAPAY_TOKEN"),
        "{told}"
    );
    assert!(listener.accept().is_err(), "nothing may connect");
}
