//! A pin: the origin to which a vendor's variables go and nowhere else, by the engineer's own word.

use crate::run::destination::{address, same_origin};
use std::str::FromStr;

/// The origin that an engineer has named for a vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The vendor.
    pub vendor: String,
    /// Scheme, host and, where it is not the scheme's own, port.
    pub origin: String,
}

/// A text that is not a pin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write it as VENDOR=ORIGIN without a path, such as acme=https://api.acme.example")]
pub struct BadPin;

impl Pin {
    /// Returns whether a URL is at the pinned origin.
    pub fn is_at(&self, url: &str) -> bool {
        same_origin(&self.origin, url)
    }
}

impl FromStr for Pin {
    type Err = BadPin;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (vendor, origin) = text.split_once('=').filter(|(vendor, _)| !vendor.is_empty()).ok_or(BadPin)?;
        let (url, _) = address(origin).ok_or(BadPin)?;
        // Whatever a URL may hold beside its origin makes it longer.
        let bare = url.origin().ascii_serialization();
        let is_bare = url.as_str().trim_end_matches('/') == bare;
        is_bare.then(|| Self { vendor: vendor.to_owned(), origin: bare }).ok_or(BadPin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_a_vendor_and_an_origin_and_no_more() {
        for right in ["acme=https://api.acme.example", "acme=https://api.acme.example:8443/", "a=http://[::1]:80"] {
            assert!(right.parse::<Pin>().is_ok(), "{right}");
        }
        for wrong in [
            "",
            "acme",
            "acme=",
            "=https://api.acme.example",
            "acme=api.acme.example",
            "acme=ftp://api.acme.example",
            "acme=https://api.acme.example/v1",
            "acme=https://api.acme.example?q",
            "acme=https://api.acme.example#f",
            "acme=https://user:word@api.acme.example",
            "acme=http://127.0.0.1:80\\@elsewhere.example",
        ] {
            assert_eq!(wrong.parse::<Pin>(), Err(BadPin), "{wrong}");
        }
    }

    #[test]
    fn a_pin_holds_scheme_host_and_port() {
        let pin: Pin = "acme=https://api.acme.example".parse().unwrap_or_else(|_| unreachable!());
        for at in ["https://api.acme.example", "https://api.acme.example:443/v1/links"] {
            assert!(pin.is_at(at), "{at}");
        }
        for elsewhere in
            ["http://api.acme.example", "https://api.acme.example:444", "https://api.acme.example.evil", "nowhere"]
        {
            assert!(!pin.is_at(elsewhere), "{elsewhere}");
        }
    }
}
