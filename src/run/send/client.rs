//! The HTTP clients of a run, each built when it is first needed, since loading certificates takes longer than a request.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Certificate, Client, ClientBuilder, Proxy, redirect};

use crate::exchange::{Failure, FailureKind};
use crate::run::send::{BadSetting, Connection, Settings};

/// How long an unused connection is kept: shorter than servers do, so that few are lost while a request is on its way.
const KEPT_IDLE: Duration = Duration::from_secs(4);

/// What every client of a run is built from.
#[derive(Clone)]
pub(super) struct Recipe {
    timeout: Duration,
    user_agent: String,
    certificates: Vec<Certificate>,
    proxy: Option<Proxy>,
    proxy_is_secure: bool,
}

impl Recipe {
    /// Reads what the settings name; the only file is that of `cacert`.
    pub(super) fn new(settings: &Settings) -> Result<Self, BadSetting> {
        Ok(Self {
            timeout: settings.timeout,
            user_agent: settings.user_agent.clone(),
            certificates: certificates(settings)?,
            proxy: proxy(settings)?,
            proxy_is_secure: settings.proxy.as_deref().is_some_and(|url| url.starts_with("https:")),
        })
    }
}

fn certificates(settings: &Settings) -> Result<Vec<Certificate>, BadSetting> {
    let Some(path) = &settings.cacert else { return Ok(Vec::new()) };
    let pem = std::fs::read(path).map_err(|source| BadSetting::Unreadable { path: path.clone(), source })?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(BadSetting::NoCertificates { path: path.clone() }),
    }
}

fn proxy(settings: &Settings) -> Result<Option<Proxy>, BadSetting> {
    let Some(url) = &settings.proxy else { return Ok(None) };
    if !settings.connect_to.is_empty() {
        return Err(BadSetting::ProxyAndConnectTo);
    }
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(BadSetting::Proxy);
    }
    Proxy::all(url).map(Some).map_err(|_| BadSetting::Proxy)
}

/// The clients of one route: with and without certificates, with and without kept connections.
pub(super) struct Clients {
    recipe: Recipe,
    instead: Option<String>,
    kept: Pair,
    fresh: Pair,
}

#[derive(Default)]
struct Pair {
    plain: OnceLock<Result<Client, Failure>>,
    secure: OnceLock<Result<Client, Failure>>,
}

impl Clients {
    /// The clients of a route; where `instead` names a host, all its connections go there.
    pub(super) fn new(recipe: Recipe, instead: Option<String>) -> Self {
        Self { recipe, instead, kept: Pair::default(), fresh: Pair::default() }
    }

    /// The client for such a request, built at its first use.
    pub(super) fn get(&self, connection: Connection, secure: bool) -> Result<&Client, Failure> {
        let pair = if connection == Connection::Fresh { &self.fresh } else { &self.kept };
        let secure = secure || self.recipe.proxy_is_secure;
        let slot = if secure { &pair.secure } else { &pair.plain };
        slot.get_or_init(|| self.build(connection, secure)).as_ref().map_err(Clone::clone)
    }

    fn build(&self, connection: Connection, secure: bool) -> Result<Client, Failure> {
        // The first installation stands; a later one is refused, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = trust(self.bare(), &self.recipe.certificates, secure);
        let builder = match &self.recipe.proxy {
            Some(proxy) => builder.proxy(proxy.clone()),
            None => builder,
        };
        let builder = if connection == Connection::Fresh { builder.pool_max_idle_per_host(0) } else { builder };
        builder.build().map_err(|error| Failure {
            kind: if secure { FailureKind::Tls } else { FailureKind::Unsendable },
            detail: unbuilt(&error),
        })
    }

    /// A client that follows nothing, asks nobody and sends again nothing by itself.
    fn bare(&self) -> ClientBuilder {
        Client::builder()
            .http1_only()
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .dns_resolver(Names { instead: self.instead.clone() })
            .user_agent(&self.recipe.user_agent)
            // Half of a try: a host that does not take the connection is told from one that does not answer.
            .connect_timeout(self.recipe.timeout / 2)
            .pool_idle_timeout(KEPT_IDLE)
    }
}

/// Without `https` no certificate is read: a machine that has none can still run against plain addresses.
fn trust(builder: ClientBuilder, named: &[Certificate], secure: bool) -> ClientBuilder {
    match (secure, named) {
        (false, _) => builder.tls_certs_only([]),
        (true, []) => builder,
        (true, named) => builder.tls_certs_only(named.iter().cloned()),
    }
}

/// Why a client could not be built, and what to do about it.
fn unbuilt(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    format!("{cause}; name a file of trusted certificates with --cacert")
}

/// Turns names into addresses, or all of them into those of one host.
struct Names {
    instead: Option<String>,
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
