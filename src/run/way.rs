//! The way of connections: what a command line may put between us and an address, and whether that is off this machine.

use crate::http::send::ConnectTo;
use crate::text::secret::Secret;
use reqwest::Url;
use std::net::IpAddr;

/// The way to every address, as a command line has it.
#[derive(Debug, Clone, Default)]
pub struct Way {
    /// The proxy; it may hold a password.
    pub proxy: Option<Secret>,
    /// Connections that go elsewhere than their URL says.
    pub connect_to: Vec<ConnectTo>,
}

impl Way {
    /// The place where connections to an origin go instead, if that is off this machine; without a proxy's password.
    pub(super) fn elsewhere(&self, origin: &str) -> Option<String> {
        if let Some(proxy) = self.proxy_elsewhere() {
            return Some(format!("the proxy {}", proxy.origin().ascii_serialization()));
        }
        let url = Url::parse(origin).ok()?;
        let (host, port) = (host(&url), url.port_or_known_default()?);
        let rule = self.connect_to.iter().find(|rule| rule.fits(host, port))?;
        rule.to_host.clone().filter(|to| !is_local(to))
    }

    /// Returns whether the first step of the way, to a proxy off this machine, is not encrypted.
    pub(super) fn begins_plain(&self) -> bool {
        self.proxy_elsewhere().is_some_and(|proxy| proxy.scheme() == "http")
    }

    fn proxy_elsewhere(&self) -> Option<Url> {
        Url::parse(self.proxy.as_ref()?.expose()).ok().filter(|proxy| !is_here(proxy))
    }
}

/// Returns whether a URL is on this machine.
pub(super) fn is_loopback(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_here(&url))
}

fn is_here(url: &Url) -> bool {
    is_local(host(url))
}

fn is_local(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The host without the brackets of IPv6.
fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_matches(['[', ']'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elsewhere(proxy: Option<&str>, rules: &[&str], origin: &str) -> Option<String> {
        let connect_to: Vec<ConnectTo> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
        Way { proxy: proxy.map(Secret::new), connect_to }.elsewhere(origin)
    }

    #[test]
    fn only_a_way_that_leaves_this_machine_leads_elsewhere() {
        let here = "http://localhost:80";
        assert_eq!(elsewhere(None, &[], here), None);
        for proxy in ["http://127.0.0.1:3128", "http://[::1]:3128", "https://localhost:1"] {
            assert_eq!(elsewhere(Some(proxy), &[], here), None, "{proxy}");
        }
        for rule in ["::127.0.0.1:1", "localhost:80:[::1]:1", "localhost:81:away.example:1", ":::9"] {
            assert_eq!(elsewhere(None, &[rule], here), None, "{rule}");
        }
        let told = elsewhere(Some("http://user:password@proxy.example:3128"), &[], here);
        assert_eq!(told.as_deref(), Some("the proxy http://proxy.example:3128"));
        assert_eq!(elsewhere(None, &["LOCALHOST:80:away.example:"], here).as_deref(), Some("away.example"));
        let first_counts = elsewhere(None, &["localhost::127.0.0.2:", "::away.example:"], here);
        assert_eq!(first_counts, None);
    }

    #[test]
    fn only_addresses_of_this_machine_are_on_it() {
        for here in ["http://127.0.0.1", "http://127.1.2.3:1", "http://[::1]:1", "http://LOCALHOST", "http://0x7f.1"] {
            assert!(is_loopback(here), "{here}");
        }
        let away = [
            "http://0.0.0.0",
            "http://10.0.0.1",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "http://[::2]",
        ];
        for away in away {
            assert!(!is_loopback(away), "{away}");
        }
    }
}
