//! Where a vendor's requests go in this run, and what keeps real money out of it.

use crate::contract::Vendor;
use crate::contract::language::Mode;
use crate::run::way::is_loopback;
use reqwest::Url;

/// The place where one vendor's requests go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The target's name, which is also that of its baselines: `mock`, `sandbox`, or a name or URL as typed.
    pub target: String,
    /// Scheme, host, port and perhaps a path before every path; no slash at the end.
    pub origin: String,
    /// Other origins that the vendor hands out.
    pub also: Vec<String>,
    /// The guard that keeps real money out of it.
    pub mode: Mode,
    /// True if it is the embedded mock, which forgets everything when the run ends.
    pub embedded: bool,
    /// True if the vendor's file declares the host.
    pub declared: bool,
}

/// A text that is no address of a target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTarget {
    /// It cannot be read as a URL.
    #[error("`{0}` is no URL of a target; write it like `https://host:port/prefix`")]
    NotAUrl(String),
    /// It carries what does not belong there.
    #[error("the target at {0} has a user, a query or a fragment, which a target has not")]
    Overloaded(String),
}

impl Destination {
    /// The embedded mock.
    pub fn embedded(origin: &str) -> Self {
        let origin = origin.to_owned();
        Self { target: "mock".to_owned(), origin, also: Vec::new(), mode: Mode::Test, embedded: true, declared: true }
    }

    /// A target that the vendor's file names, such as its sandbox.
    pub fn declared(vendor: &Vendor, name: &str) -> Option<Self> {
        let target = vendor.file.targets.get(name)?;
        Some(Self {
            target: name.to_owned(),
            origin: target.origin.trim_end_matches('/').to_owned(),
            also: target.also.clone(),
            mode: target.mode,
            embedded: false,
            declared: true,
        })
    }

    /// A URL in place of every host of the vendor's file; the mode is that of the declared target at the same host, if there is one.
    pub fn url(vendor: &Vendor, name: &str, url: &str) -> Result<Self, BadTarget> {
        let (parsed, authority) = address(url).ok_or_else(|| BadTarget::NotAUrl(url.to_owned()))?;
        let bare = !authority.contains('@') && parsed.query().is_none();
        if !bare || parsed.fragment().is_some() {
            // What is too much may be a password.
            return Err(BadTarget::Overloaded(parsed.host_str().unwrap_or_default().to_owned()));
        }
        let known = vendor.file.targets.values().find(|target| same_origin(&target.origin, url));
        Ok(Self {
            target: name.to_owned(),
            origin: url.trim_end_matches('/').to_owned(),
            // A proxy or a copy of the vendor hands out the same addresses as the vendor.
            also: vendor.file.targets.values().flat_map(|target| &target.also).cloned().collect(),
            mode: known.map_or(Mode::Undocumented, |target| target.mode),
            embedded: false,
            declared: known.is_some(),
        })
    }

    /// Returns whether a text names it: by the target's name, or by the address that is asked.
    pub fn is_named(&self, text: &str) -> bool {
        self.target == text || !self.embedded && same_address(&self.origin, text)
    }

    /// Scheme, host and port alone, as they are sent: a host in other letters than ASCII in its ASCII form.
    pub fn bare_origin(&self) -> String {
        Url::parse(&self.origin).map_or_else(|_| self.origin.clone(), |url| url.origin().ascii_serialization())
    }

    /// The origin as it is called; where that is another host than the letters say, as it is asked for too.
    pub(super) fn shown(&self) -> String {
        let url = Url::parse(&self.origin).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        if self.origin.to_ascii_lowercase().contains(host) {
            return self.origin.clone();
        }
        format!("{} (that is {host})", self.origin)
    }

    /// Returns whether requests go there without encryption.
    pub(super) fn is_plain(&self) -> bool {
        Url::parse(&self.origin).is_ok_and(|url| url.scheme() == "http")
    }

    /// Returns whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.origin)
    }

    /// Returns whether a URL that the vendor handed out may be called: on the target's own host, one that the vendor's file lists, or,
    /// where the target is on this machine, anywhere on it.
    pub fn may_call(&self, url: &str) -> bool {
        let listed = std::iter::once(&self.origin).chain(&self.also).any(|origin| same_origin(origin, url));
        listed || self.is_loopback() && is_loopback(url)
    }
}

/// A web address, and what is written in it between `//` and the path; none where another program could read another host there.
pub(super) fn address(text: &str) -> Option<(Url, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let is_plain = !text.contains(|sign: char| sign.is_whitespace() || sign.is_control() || sign == '\\');
    let authority = rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())?;
    let url = Url::parse(text).ok().filter(|url| is_web && is_plain && url.has_host())?;
    Some((url, authority))
}

/// The host of a URL as it is asked for; the URL itself where it has none.
pub(super) fn host_of(url: &str) -> String {
    let parsed = Url::parse(url).ok();
    parsed.as_ref().and_then(Url::host_str).map_or_else(|| url.to_owned(), str::to_owned)
}

/// Returns whether two URLs have the same scheme, host, port and path, whether or not that ends with a slash.
fn same_address(left: &str, right: &str) -> bool {
    match (Url::parse(left), Url::parse(right)) {
        (Ok(left), Ok(right)) => {
            left.origin() == right.origin() && left.path().trim_end_matches('/') == right.path().trim_end_matches('/')
        }
        _ => false,
    }
}

/// Returns whether two URLs have the same scheme, host and port.
pub fn same_origin(left: &str, right: &str) -> bool {
    match (Url::parse(left), Url::parse(right)) {
        (Ok(left), Ok(right)) => left.origin() == right.origin(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_named_by_its_target_or_its_whole_address() {
        let mock = Destination::embedded("http://127.0.0.1:4000");
        let elsewhere = Destination {
            target: "staging".to_owned(),
            origin: "https://gate.example/acme".to_owned(),
            embedded: false,
            ..mock.clone()
        };
        for named in ["staging", "https://gate.example/acme", "HTTPS://Gate.example:443/acme/"] {
            assert!(elsewhere.is_named(named), "{named}");
        }
        for other in [
            "",
            "mock",
            "gate.example",
            "https://gate.example",
            "http://gate.example/acme",
            "https://gate.example/acme/v2",
        ] {
            assert!(!elsewhere.is_named(other), "{other}");
        }
        assert!(mock.is_named("mock") && !mock.is_named("http://127.0.0.1:4000"));
    }

    #[test]
    fn an_address_is_one_that_every_reader_reads_alike() {
        for right in
            ["http://127.0.0.1:80", "HTTPS://api.example/v1", "http://[::1]:9/", "https://apі.example", "https://a/@b"]
        {
            assert!(address(right).is_some(), "{right}");
        }
        let wrong = [
            r"http://127.0.0.1:80\@evil.example",
            r"http:\\evil.example",
            "http:127.0.0.1",
            "http:///evil.example",
            "http://",
            "http://127.0.0.1:80\t.evil.example",
            "http://127.0.0.1 .evil.example",
            " http://a",
            "ftp://a",
            "127.0.0.1:80",
            "http://a:99999",
            "http://\u{a0}a",
        ];
        for wrong in wrong {
            assert!(address(wrong).is_none(), "{wrong}");
        }
    }
}
