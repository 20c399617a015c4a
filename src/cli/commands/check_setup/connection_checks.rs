//! The way to a vendor, from its name to its answer, and what the answer shows.

use crate::cli::commands::check_setup::setup_check::SetupCheck;
use proviso::http::exchange::{Failure, FailureKind, Response};
use proviso::http::send::ConnectTo;
use proviso::run::{Party, Probe, ProbeAnswer};
use reqwest::Url;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

/// The checks of the way, each of which rests on those before it.
const WAY: [&str; 4] = ["name", "connection", "tls", "answer"];
/// The checks that rest on an answer.
const ANSWERED: [&str; 3] = ["clock", "vendor", "credentials"];
/// The difference of clocks that is reported.
const FAR_APART: Duration = Duration::from_mins(1);

/// The surroundings of a connection.
pub(super) struct Surroundings<'s> {
    /// The proxy that is used, if one is.
    pub(super) has_proxy: bool,
    /// The connections that go elsewhere.
    pub(super) connect_to: &'s [ConnectTo],
    /// The variable that names a proxy which is not used, if one does.
    pub(super) unused_proxy: Option<&'s str>,
}

/// The checks of a vendor to which nothing may be sent.
pub(super) fn unasked(why: &str) -> Vec<SetupCheck> {
    WAY.iter().chain(&ANSWERED).map(|check| SetupCheck::unchecked(check, why)).collect()
}

/// The checks that the answers to reads result in.
pub(super) fn check_probes(party: &Party<'_>, probes: &[Probe], around: &Surroundings<'_>) -> Vec<SetupCheck> {
    let origin = &party.destination.origin;
    let answer = probes.iter().find_map(|probe| probe.result.as_ref().ok());
    let failure = probes.iter().find_map(|probe| probe.result.as_ref().err()).filter(|_| answer.is_none());
    let Ok(url) = Url::parse(origin) else { return unasked("the origin is not a URL") };
    let mut checks = check_way(&url, failure, around);
    let Some(answer) = answer else {
        checks.extend(ANSWERED.iter().map(|check| SetupCheck::unchecked(check, "no answer came")));
        return checks;
    };
    checks.push(check_clock(answer));
    checks.push(check_vendor(party, probes));
    checks.push(check_credentials(party, probes));
    checks
}

fn check_way(url: &Url, failure: Option<&Failure>, around: &Surroundings<'_>) -> Vec<SetupCheck> {
    let failed = failure.map_or(WAY.len(), |failure| match failure.kind {
        FailureKind::Dns => 0,
        FailureKind::Connect => 1,
        FailureKind::Tls => 2,
        _ => 3,
    });
    let mut checks = Vec::new();
    for (at, check) in WAY.iter().enumerate() {
        checks.push(match failure {
            Some(failure) if at == failed => broken_way(check, url, failure, around),
            _ if at < failed => open_way(check, url, around),
            _ => SetupCheck::unchecked(check, "what comes before it is wrong"),
        });
    }
    checks
}

fn open_way(check: &str, url: &Url, around: &Surroundings<'_>) -> SetupCheck {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let address = host.parse::<IpAddr>();
    let port = url.port_or_known_default().unwrap_or_default();
    let is_elsewhere = around.connect_to.iter().any(|rule| rule.fits(host, port));
    match check {
        "name" if is_elsewhere => {
            SetupCheck::unchecked(check, format!("`--connect-to` names what is asked for {host}"))
        }
        "connection" if is_elsewhere => SetupCheck::ok(check, "as `--connect-to` has it"),
        "name" if address.is_ok() => SetupCheck::ok(check, format!("{host} is an address")),
        "name" if around.has_proxy => SetupCheck::unchecked(check, format!("the proxy looks up {host}")),
        "name" => SetupCheck::ok(check, format!("{host} is known")),
        "connection" if around.has_proxy => SetupCheck::ok(check, "through the proxy"),
        "connection" => SetupCheck::ok(check, format!("port {port} of {host} takes it")),
        "tls" if url.scheme() == "https" => {
            SetupCheck::ok(check, format!("the certificate is trusted, and is for {host}"))
        }
        "tls" if host == "localhost" || address.is_ok_and(|address| address.is_loopback()) => {
            SetupCheck::ok(check, "none, and none is needed on this machine")
        }
        "tls" => SetupCheck::warn(check, "none: requests are sent as plain http, which others on the way can read"),
        _ => SetupCheck::ok(check, "a whole one came"),
    }
}

fn broken_way(check: &str, url: &Url, failure: &Failure, around: &Surroundings<'_>) -> SetupCheck {
    let mut broken = SetupCheck::wrong(check, failure.to_string());
    let host = url.host_str().unwrap_or_default();
    broken = match failure.kind {
        FailureKind::Dns if around.has_proxy => {
            broken.with("the proxy's name is not known here: correct the URL of `--proxy`")
        }
        FailureKind::Dns => {
            broken.with(format!("correct the origin in the contract, or connect to a network that knows {host}"))
        }
        FailureKind::Connect if around.has_proxy => broken
            .with(format!("the proxy cannot be reached, or does not let {host} be asked: see the URL of `--proxy`")),
        FailureKind::Connect => {
            broken.with("correct the port, start what is to answer there, or have the firewall let it through")
        }
        FailureKind::Tls => broken.with(tls_advice(&failure.detail, host)),
        FailureKind::Timeout => broken.with("ask again later, or give it more time by `--timeout 30s`"),
        _ => broken
            .with(format!("something else than {host} may answer there: a proxy, or another program at this port")),
    };
    match around.unused_proxy.filter(|_| failure.kind != FailureKind::Tls) {
        Some(variable) => {
            broken.with(format!("${variable} is set, and is not used: `--proxy URL` names the proxy of a run"))
        }
        None => broken,
    }
}

/// What to do about a secure connection that was not made, by the words of the library that makes it.
fn tls_advice(detail: &str, host: &str) -> String {
    let detail = detail.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| detail.contains(word));
    if has(&["expired", "not valid yet", "notvalidyet"]) {
        let now = humantime::format_rfc3339_seconds(SystemTime::now());
        format!("its owner has to renew it, unless this machine's clock is wrong: it is {now} here")
    } else if has(&["not valid for name", "notvalidforname"]) {
        format!(
            "the certificate is for another name than {host}: correct the origin, or look for a portal that answers in between"
        )
    } else if has(&["unknownissuer", "unknown issuer", "badsignature", "causedasendentity"]) {
        String::from(
            "this machine does not know who issued the certificate: a proxy that reads what is sent, or an issuer of your own; \
             name the issuer's certificate by `--cacert FILE`",
        )
    } else if has(&["corrupt message", "invalidcontenttype", "eof", "reset", "broken pipe"]) {
        format!("what answers there does not speak TLS: correct the port, or write http://{host} if that is meant")
    } else {
        String::from("`--cacert FILE` names certificates to trust; a proxy may also be in between")
    }
}

/// The clock of this machine against that of the answer.
fn check_clock(answer: &Response) -> SetupCheck {
    let date = answer.headers.get("date").and_then(|date| httpdate::parse_http_date(date).ok());
    let Some(theirs) = date else { return SetupCheck::unchecked("clock", "the answer has no date") };
    let ours = SystemTime::now();
    let (apart, which) = match ours.duration_since(theirs) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(behind) => (behind.duration(), "behind"),
    };
    if apart <= FAR_APART {
        return SetupCheck::ok("clock", "within a minute of the answer's date");
    }
    let apart = humantime::format_duration(Duration::from_secs(apart.as_secs()));
    let help =
        "set the clock: signatures, tokens and certificates depend on it; a cache in between may also send old dates";
    SetupCheck::warn("clock", format!("this machine is {apart} {which} the answer's date")).with(help)
}

fn check_vendor(party: &Party<'_>, probes: &[Probe]) -> SetupCheck {
    let (vendor, origin) = (&party.vendor.name, &party.destination.origin);
    let is_known = |probe: &&Probe| matches!(probe.shows, ProbeAnswer::Vendor | ProbeAnswer::Refusal(_));
    let telling = probes.iter().find(is_known).or_else(|| probes.iter().find(|probe| probe.result.is_ok()));
    let Some(Probe { operation: Some(operation), result: Ok(answer), shows, .. }) = telling else {
        return SetupCheck::unchecked("vendor", "the contract has no read that needs nothing");
    };
    match shows {
        ProbeAnswer::Vendor | ProbeAnswer::Refusal(_) => {
            SetupCheck::ok("vendor", format!("{operation} answers {} as {vendor} does", answer.status))
        }
        ProbeAnswer::Busy(429) => {
            SetupCheck::wrong("vendor", format!("{operation} answers 429: it was asked too often"))
                .with("wait; then run more slowly, for example by `--rate-limit 1/s`")
        }
        ProbeAnswer::Busy(status) => {
            SetupCheck::wrong("vendor", format!("{operation} answers {status}: it cannot answer now"))
                .with(format!("ask {vendor} how it is, or wait"))
        }
        ProbeAnswer::Unclear(words) => {
            SetupCheck::warn("vendor", format!("{operation} is answered, as {vendor} or another would: {words}"))
                .with("no read that needs nothing shows more; a run makes a thing first, and then knows")
        }
        ProbeAnswer::Stranger(words) => {
            SetupCheck::wrong("vendor", format!("what answers {operation} is not {vendor}: {words}")).with(format!(
                "open {origin} in a browser: a portal or a proxy may answer, or the origin or its path is wrong"
            ))
        }
        ProbeAnswer::Nothing => SetupCheck::unchecked("vendor", "no answer came"),
    }
}

fn check_credentials(party: &Party<'_>, probes: &[Probe]) -> SetupCheck {
    let mut authorized = probes.iter().filter(|probe| probe.is_authorized).peekable();
    if authorized.peek().is_none() {
        let unset: Vec<String> = missing_keys(party).map(|variable| format!("${variable}")).collect();
        return if party.vendor.file.auth.texts().is_empty() {
            SetupCheck::ok("credentials", "none are needed")
        } else if unset.is_empty() {
            SetupCheck::unchecked("credentials", "no read that needs nothing is sent with them")
        } else {
            SetupCheck::unchecked("credentials", format!("{} not set", unset.join(", ")))
        };
    }
    for probe in authorized {
        match &probe.shows {
            ProbeAnswer::Vendor => return SetupCheck::ok("credentials", "they are accepted"),
            ProbeAnswer::Refusal(words) => {
                return SetupCheck::wrong("credentials", words.as_str()).with(format!(
                    "they may be of another account or of another mode than {}",
                    party.destination.target
                ));
            }
            _ => {}
        }
    }
    SetupCheck::unchecked("credentials", "nothing shows whether they are accepted")
}

/// The variables without a value of the credentials that documented requests carry.
fn missing_keys<'p>(party: &'p Party<'_>) -> impl Iterator<Item = &'p str> {
    let declared = party.vendor.file.credentials.iter();
    let missing = declared.filter(|(name, it)| it.replaces.is_none() && !party.credentials.contains_key(*name));
    missing.map(|(_, credential)| credential.env.as_str())
}
