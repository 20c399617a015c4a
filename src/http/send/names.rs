//! Where a name leads: asked of the system, but for the names that never leave this machine.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Turns names into addresses, or all of them into those of one host.
pub(super) struct Names {
    instead: Option<String>,
}

impl Names {
    /// Names stand for themselves, or for this host instead.
    pub(super) fn new(instead: Option<String>) -> Self {
        Self { instead }
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let host = self.instead.clone().unwrap_or_else(|| name.as_str().to_owned());
        Box::pin(async move {
            match addresses(&host).await {
                Ok(found) => Ok(Box::new(found.into_iter()) as Addrs),
                Err(source) => Err(Unresolved { host, source }.into()),
            }
        })
    }
}

/// The port is left open, for the URL's own. Names that RFC 6761 reserves are never asked about outside this machine.
async fn addresses(host: &str) -> io::Result<Vec<SocketAddr>> {
    let host = host.strip_suffix('.').unwrap_or(host);
    match host.rsplit('.').next() {
        Some(last) if last.eq_ignore_ascii_case("invalid") => Err(io::Error::other("no such host")),
        Some(last) if last.eq_ignore_ascii_case("localhost") => {
            let both: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
            Ok(both.map(|address| SocketAddr::new(address, 0)).to_vec())
        }
        _ => Ok(tokio::net::lookup_host((host, 0)).await?.collect()),
    }
}

/// A name that nobody knows.
#[derive(Debug)]
pub(super) struct Unresolved {
    host: String,
    source: io::Error,
}

impl fmt::Display for Unresolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot resolve `{}`: {}", self.host, self.source)
    }
}

impl std::error::Error for Unresolved {}
