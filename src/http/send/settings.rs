//! What a sender is told once a run: its bounds, and the way its connections take.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

/// Bounds and routes of all connections of a run. A proxy's URL may hold a password, so there is no `Debug`.
#[derive(Clone)]
pub struct Settings {
    /// The time for one try: connection, head and body together.
    pub timeout: Duration,
    /// The number of bytes of a body that are taken, as they come over the wire.
    pub max_body: usize,
    /// The number of bytes to which a compressed body may unfold.
    pub max_decoded: usize,
    /// The proxy for every request; without one none is used, whatever the environment says.
    pub proxy: Option<String>,
    /// A file of PEM certificates that are trusted instead of the machine's own.
    pub cacert: Option<PathBuf>,
    /// Connections that go elsewhere than their URL says; the first rule that fits is taken.
    pub connect_to: Vec<ConnectTo>,
    /// The `User-Agent` of a request that has none.
    pub user_agent: String,
    /// True if a connection that served may serve again, where a request lets it.
    pub keeps: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            max_body: 8 << 20,
            max_decoded: 8 << 20,
            proxy: None,
            cacert: None,
            connect_to: Vec::new(),
            user_agent: concat!("proviso/", env!("CARGO_PKG_VERSION")).to_owned(),
            keeps: true,
        }
    }
}

/// The age of a connection: one that served before may serve again, or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Connection {
    /// One that is still open, if there is one.
    #[default]
    Kept,
    /// A new one, so that no answer is lost to a connection that the server was about to close.
    Fresh,
}

/// A setting that no sender can be built with.
#[derive(Debug, Error)]
pub enum BadSetting {
    /// The file of certificates cannot be read.
    #[error("cannot read the certificates in {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The file was read, but what it holds is of no use.
    #[error("{} holds no PEM certificates that can be used", path.display())]
    NoCertificates {
        /// The file.
        path: PathBuf,
    },
    /// The proxy's address is no URL, or of a kind that is not spoken.
    #[error("the proxy must be an http:// or https:// URL")]
    Proxy,
    /// Behind a proxy it is the proxy that makes the connection.
    #[error("connections cannot be sent elsewhere while a proxy makes them")]
    ProxyAndConnectTo,
    /// A rule for connections is not written as one.
    #[error("expected HOST:PORT:TO_HOST:TO_PORT, where each part may be empty")]
    ConnectTo,
}

/// One rule of the form `HOST:PORT:TO_HOST:TO_PORT`: what is left empty fits any, or stays as it is.
///
/// The request itself is not changed: its `Host` and the name its certificate must have remain the URL's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectTo {
    /// The URL's host that the rule is for.
    pub host: Option<String>,
    /// The URL's port that the rule is for.
    pub port: Option<u16>,
    /// The host to connect to.
    pub to_host: Option<String>,
    /// The port to connect to.
    pub to_port: Option<u16>,
}

impl ConnectTo {
    /// Returns whether the rule is for this host and port.
    pub fn fits(&self, host: &str, port: u16) -> bool {
        self.host.as_deref().is_none_or(|ours| ours.eq_ignore_ascii_case(host))
            && self.port.is_none_or(|ours| ours == port)
    }
}

impl FromStr for ConnectTo {
    type Err = BadSetting;

    fn from_str(text: &str) -> Result<Self, BadSetting> {
        let mut bracketed = false;
        let mut parts = text.split(|letter| {
            bracketed = (bracketed || letter == '[') && letter != ']';
            letter == ':' && !bracketed
        });
        let mut part = || parts.next().ok_or(BadSetting::ConnectTo);
        let rule =
            Self { host: host(part()?)?, port: port(part()?)?, to_host: host(part()?)?, to_port: port(part()?)? };
        if parts.next().is_some() { Err(BadSetting::ConnectTo) } else { Ok(rule) }
    }
}

/// A host without the brackets of IPv6.
fn host(text: &str) -> Result<Option<String>, BadSetting> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    if bare.contains(['[', ']', '/', '@']) || bare.contains(char::is_whitespace) {
        return Err(BadSetting::ConnectTo);
    }
    Ok((!bare.is_empty()).then(|| bare.to_owned()))
}

/// A port, where one is written.
fn port(text: &str) -> Result<Option<u16>, BadSetting> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().ok().filter(|port| *port != 0).map(Some).ok_or(BadSetting::ConnectTo)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(host: &str, port: Option<u16>, to_host: &str, to_port: Option<u16>) -> ConnectTo {
        let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        ConnectTo { host: named(host), port, to_host: named(to_host), to_port }
    }

    #[test]
    fn a_rule_has_four_parts_and_each_may_be_empty() {
        let wanted = [
            ("a.test:443:127.0.0.1:8443", rule("a.test", Some(443), "127.0.0.1", Some(8443))),
            ("::[::1]:9", rule("", None, "::1", Some(9))),
            (":::", rule("", None, "", None)),
        ];
        for (text, wanted) in wanted {
            assert_eq!(text.parse::<ConnectTo>().unwrap(), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in
            ["", "a", "a:1:b", "a:1:b:2:c", "a:x:b:2", "a:1:b:65536", "a:0:b:1", "[::1:1:b:2", "a b:1:c:2", "u@a:1:b:2"]
        {
            assert!(text.parse::<ConnectTo>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_rule_fits_the_host_in_any_letter_case_and_its_port_alone() {
        let rule: ConnectTo = "A.test:443:b:1".parse().unwrap();
        assert!(rule.fits("a.TEST", 443));
        assert!(!rule.fits("a.test", 80));
        assert!(!rule.fits("b.test", 443));
    }
}
