//! The HTTP clients of a run, each built when it is first needed, since loading certificates takes longer than a request.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, Proxy, redirect};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::http::exchange::{Failure, FailureKind};
use crate::http::send::failure::innermost;
use crate::http::send::names::Names;
use crate::http::send::settings::{BadSetting, Connection, Settings};

/// The time that an unused connection is kept: shorter than servers do, so that few are lost while a request is on its way.
const KEPT_IDLE: Duration = Duration::from_secs(4);

/// The recipe from which every client of a run is built.
#[derive(Clone)]
pub(super) struct Recipe {
    timeout: Duration,
    user_agent: String,
    certificates: Vec<Certificate>,
    proxy: Option<Proxy>,
    proxy_is_secure: bool,
    keeps: bool,
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
            keeps: settings.keeps,
        })
    }
}

fn certificates(settings: &Settings) -> Result<Vec<Certificate>, BadSetting> {
    let Some(path) = &settings.cacert else { return Ok(Vec::new()) };
    let pem = std::fs::read(path).map_err(|source| BadSetting::Unreadable { path: path.clone(), source })?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(found) if are_usable(&pem) => Ok(found),
        _ => Err(BadSetting::NoCertificates { path: path.clone() }),
    }
}

/// A client takes any bytes between PEM's lines for a certificate, until it makes its first secure connection.
fn are_usable(pem: &[u8]) -> bool {
    let mut store = RootCertStore::empty();
    let all =
        CertificateDer::pem_slice_iter(pem).all(|found| found.is_ok_and(|certificate| store.add(certificate).is_ok()));
    all && !store.is_empty()
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
        let keeps = self.recipe.keeps && connection == Connection::Kept;
        let builder = if keeps { builder } else { builder.pool_max_idle_per_host(0) };
        builder.build().map_err(|error| unbuilt(&error, secure))
    }

    /// A client that follows nothing, asks nobody and sends again nothing by itself.
    fn bare(&self) -> ClientBuilder {
        Client::builder()
            .http1_only()
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .dns_resolver(Names::new(self.instead.clone()))
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

/// Only the machine's certificates are outside our hands: where it has none, the user can name some.
fn unbuilt(error: &reqwest::Error, secure: bool) -> Failure {
    let cause = innermost(error);
    if secure {
        Failure {
            kind: FailureKind::Tls,
            detail: format!("{cause}; name a file of trusted certificates with --cacert"),
        }
    } else {
        Failure { kind: FailureKind::Unsendable, detail: cause }
    }
}
