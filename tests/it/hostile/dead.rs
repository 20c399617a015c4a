//! A vendor that is not there, in every way of not being there: told once, and another vendor's cases go on.

use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use proviso::judge::verdict::Verdict;
use tokio::net::TcpSocket;

use super::faults::{BROKEN, Fault, SLOW};
use super::play::Play;
use super::secure::{certificate, expired, listen, write_pem};
use super::stage::{Rule, Stage, Wire, bytes};
use crate::runner::Told;
use crate::servers::http::{Answer, Received};
use crate::servers::reply::{Reply, Vendor};
use crate::servers::world::World;

fn of(vendor: Vendor) -> impl Fn(&Received, &Reply) -> bool + Send + Sync + 'static {
    move |_, reply| reply.vendor == vendor
}

/// These vendors alone are dead: each is told once, and its cases are not sent; all others conform.
fn holds(told: &Told, dead: &[&str], how: &str) {
    for result in told.results.iter().filter(|result| !crate::runner::is_barred(result)) {
        let is_dead = dead.contains(&result.vendor.as_str());
        let due = if is_dead { Verdict::Environment } else { Verdict::Conforms };
        assert_eq!(result.verdict, due, "{how}: {}:\n{}", result.id, told.trouble());
        let unsent = result.reason.as_ref().is_some_and(|reason| reason.starts_with("not sent: "));
        assert_eq!((unsent, unsent && result.exchanges.is_empty()), (is_dead, is_dead), "{how}: {:?}", result.reason);
    }
    let notices = told.notices.iter().filter(|notice| notice.kind == "dead-vendor");
    let mut named: Vec<_> = notices.map(|notice| notice.vendor.as_deref().unwrap()).collect();
    named.sort_unstable();
    assert_eq!(named, dead, "{how}:\n{}", told.trouble());
}

/// The first vendor is dead at an address of its own.
fn dead_at(origin: &str, how: &str, change: impl Fn(&mut Play)) {
    let stage = Stage::new(World::default(), Vec::new());
    let mut play = Play::on(&stage);
    play.origins.insert(0, ("omise", origin.to_owned()));
    change(&mut play);
    holds(&play.run(), &["omise"], how);
}

/// The first vendor does this with each of its wires: how many requests it took to know.
fn dead_by(rule: Rule, how: &str) -> usize {
    let stage = Stage::new(World::default(), vec![rule]);
    holds(&Play::on(&stage).run(), &["omise"], how);
    stage.spoiled()
}

#[test]
fn nobody_listens() {
    // Bound and not listening, so that nobody else gets the port meanwhile.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    dead_at(&format!("http://{}", socket.local_addr().unwrap()), "refused", |_| {});
}

#[test]
#[cfg(target_os = "linux")]
fn no_connection_is_taken() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _entered = runtime.enter();
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    // Nobody takes them, so that soon one more gets no answer from the system.
    let connect = |_| TcpStream::connect_timeout(&address, Duration::from_millis(300)).ok();
    let waiting: Vec<TcpStream> = (0..64).map_while(connect).collect();
    assert!(waiting.len() < 64);
    dead_at(&format!("http://{address}"), "no route", |play| {
        play.bounds.timeout = Duration::from_secs(4);
        play.settings.retry.further = 1;
    });
}

#[test]
fn nobody_knows_the_name() {
    dead_at("http://vendor.invalid", "unknown name", |_| {});
}

#[test]
fn no_secure_connection_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let trusted = folder.path().join("trusted.pem");
    let (expired, other) = (expired("vendor.invalid"), certificate("other.invalid"));
    let (ours, anybodys) = (certificate("vendor.invalid"), certificate("vendor.invalid"));
    for (how, served, trust) in
        [("expired", &expired, &expired), ("another host's", &other, &other), ("self-signed", &anybodys, &ours)]
    {
        write_pem(trust, &trusted);
        let rule = format!("vendor.invalid:443:127.0.0.1:{}", listen(served));
        dead_at("https://vendor.invalid", how, |play| {
            play.bounds.cacert = Some(trusted.clone());
            play.bounds.connect_to = vec![rule.parse().unwrap()];
        });
    }
}

#[test]
fn every_wire_breaks() {
    for fault in BROKEN {
        let requests = dead_by(fault.rule(of(Vendor::Omise)), fault.name);
        // A create twice, then two reads at once: three tries of each, and a second connection for it.
        assert!(requests <= 10, "{}: the vendor was asked {requests} times", fault.name);
    }
}

#[test]
fn every_answer_is_a_fault_of_the_server_or_cannot_be_read() {
    let says = |how: &str, answer: Answer, tries: usize| {
        let said = bytes(&answer);
        let rule = Rule::new(of(Vendor::Omise), move |wire| {
            wire.write(&said);
        });
        assert_eq!(dead_by(rule, how), tries, "{how}");
    };
    let json = |status, text: &str| Answer::new(status, "application/json", text);
    // The canary, and two other calls, since one alone may be what fails.
    says("503", json(503, "{}"), 3 * 3);
    says("429", json(429, "{}").with_header("Retry-After", "3600"), 3);
    says("unreadable", json(200, "{\"object\": "), 9);
}

#[test]
fn nothing_ever_comes_from_two_of_them() {
    neither(SLOW[0], SLOW[1]);
}

#[test]
fn what_comes_from_two_of_them_has_no_end() {
    neither(SLOW[2], SLOW[3]);
}

#[test]
fn only_provisional_answers_come() {
    neither(SLOW[4], BROKEN[0]);
}

fn neither(first: Fault, second: Fault) {
    let stage = Stage::new(World::default(), vec![first.rule(of(Vendor::Omise)), second.rule(of(Vendor::Mytpe))]);
    let mut play = Play::on(&stage);
    play.bounds.timeout = Duration::from_secs(3);
    holds(&play.run(), &["mytpe", "omise"], &format!("{} and {}", first.name, second.name));
    assert!(stage.spoiled() <= 2 * 12, "two vendors were asked {} times", stage.spoiled());
}

#[test]
fn a_vendor_that_dies_meanwhile_is_told_once_and_accused_of_nothing() {
    let count = AtomicUsize::new(0);
    let late = move |request: &Received, reply: &Reply| {
        of(Vendor::Omise)(request, reply) && count.fetch_add(1, Ordering::SeqCst) >= 60
    };
    let stage = Stage::new(World::default(), vec![Rule::new(late, |_: &mut Wire<'_>| {}).resetting(true)]);
    let told = Play::on(&stage).run();
    let theirs: Vec<_> = told.results.iter().filter(|result| result.vendor == "omise").collect();
    let came_to = |verdict| theirs.iter().filter(|result| result.verdict == verdict).count();
    assert!(came_to(Verdict::Conforms) > 0 && came_to(Verdict::Environment) > 0, "{}", told.trouble());
    assert!(came_to(Verdict::Violates) + came_to(Verdict::Undetermined) == 0, "{}", told.trouble());
    assert!(told.results.iter().all(|result| result.vendor == "omise" || result.verdict == Verdict::Conforms));
    let dead = told.notices.iter().filter(|notice| notice.kind == "dead-vendor").count();
    assert_eq!(dead, 1, "{}", told.trouble());
}

#[test]
fn credentials_that_are_refused_are_told_once_with_what_to_check() {
    for (vendor, variables) in [
        ("omise", vec!["OMISE_SECRET_KEY"]),
        ("mytpe", vec!["MYTPE_API_KEY", "MYTPE_API_SECRET"]),
        ("gafapay", vec!["GAFAPAY_TOKEN", "GAFAPAY_COMPANY_ID"]),
    ] {
        let mut world = World::default();
        world.gafapay.truth.refused_status = 401;
        let stage = Stage::new(world, Vec::new());
        let mut play = Play::on(&stage);
        let variable = play.environment.iter_mut().find(|(name, _)| *name == variables[0]).unwrap();
        variable.1.push('0');
        let told = play.run();
        for result in told.results.iter().filter(|result| !crate::runner::is_barred(result)) {
            let due = if result.vendor == vendor { Verdict::Undetermined } else { Verdict::Conforms };
            assert_eq!(result.verdict, due, "{}:\n{}", result.id, told.trouble());
            assert!(result.vendor != vendor || result.exchanges.is_empty());
        }
        assert_eq!(told.notices.len(), 1, "{}", told.trouble());
        let notice = &told.notices[0];
        assert_eq!((notice.kind.as_str(), notice.vendor.as_deref()), ("refused-credentials", Some(vendor)));
        for variable in variables {
            assert!(notice.message.contains(&format!("${variable}")), "{}", notice.message);
        }
    }
}
