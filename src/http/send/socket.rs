//! Sends one request over a connection and reads what comes back within its bounds.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, HOST};
use http::{HeaderMap, HeaderValue};
use reqwest::Url;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::http::exchange::{Failure, FailureKind, Headers, Request, Response};
use crate::http::send::client::{Clients, Recipe};
use crate::http::send::decode::decode;
use crate::http::send::failure::{Phase, classify};
use crate::http::send::request::{build, unsendable};
use crate::http::send::settings::{BadSetting, ConnectTo, Connection, Settings};

/// The size of a body that any answer may have; only `LARGE_AT_ONCE` answers with more are read at a time.
const SMALL_BODY: usize = 256 << 10;
const LARGE_AT_ONCE: usize = 4;

/// The way of a run's requests over the network.
pub(super) struct Socket {
    direct: Clients,
    routes: Vec<(ConnectTo, Clients)>,
    timeout: Duration,
    max_body: usize,
    max_decoded: usize,
    large: Semaphore,
}

impl Socket {
    /// Nothing is connected and no certificate of the machine is read before it is needed.
    pub(super) fn new(settings: &Settings) -> Result<Self, BadSetting> {
        let recipe = Recipe::new(settings)?;
        let route = |rule: &ConnectTo| (rule.clone(), Clients::new(recipe.clone(), rule.to_host.clone()));
        Ok(Self {
            routes: settings.connect_to.iter().map(route).collect(),
            direct: Clients::new(recipe, None),
            timeout: settings.timeout,
            max_body: settings.max_body,
            max_decoded: settings.max_decoded,
            large: Semaphore::new(LARGE_AT_ONCE),
        })
    }

    /// Sends a request once.
    pub(super) async fn send(&self, request: &Request, connection: Connection) -> Result<Response, Failure> {
        let mut progress = None;
        let one_try = self.one_try(request, connection, &mut progress);
        timeout(self.timeout, one_try).await.unwrap_or_else(|_| Err(self.timed_out(progress)))
    }

    async fn one_try(
        &self,
        request: &Request,
        connection: Connection,
        progress: &mut Option<usize>,
    ) -> Result<Response, Failure> {
        let mut built = build(request)?;
        let secure = built.url().scheme() == "https";
        let client = self.route(&mut built)?.get(connection, secure)?;
        let answer = client.execute(built).await.map_err(|error| classify(&error, Phase::Head, secure))?;
        *progress = Some(0);
        self.read(answer, secure, progress).await
    }

    /// The clients that the request's URL leads to; a rule for connections may change its port, and then `Host` keeps the old one.
    fn route(&self, built: &mut reqwest::Request) -> Result<&Clients, Failure> {
        if self.routes.is_empty() {
            return Ok(&self.direct);
        }
        let (host, port) = (bare_host(built.url()), built.url().port_or_known_default().unwrap_or_default());
        let Some((rule, clients)) = self.routes.iter().find(|(rule, _)| rule.fits(host, port)) else {
            return Ok(&self.direct);
        };
        if rule.to_host.is_some() && built.url().domain().is_none() {
            return Err(unsendable("only a host that has a name can be connected to elsewhere"));
        }
        if let Some(port) = rule.to_port {
            let named = HeaderValue::from_str(built.url().authority())
                .map_err(|_| unsendable("the host is no header's value"))?;
            built.headers_mut().entry(HOST).or_insert(named);
            built.url_mut().set_port(Some(port)).map_err(|()| unsendable("the URL can have no port"))?;
        }
        Ok(clients)
    }

    fn timed_out(&self, progress: Option<usize>) -> Failure {
        let limit = humantime::format_duration(self.timeout);
        let detail = match progress {
            None => format!("no answer within {limit}"),
            Some(read) => format!("the answer was not whole within {limit}; {read} bytes of its body had come"),
        };
        Failure { kind: FailureKind::Timeout, detail }
    }

    async fn read(
        &self,
        mut answer: reqwest::Response,
        secure: bool,
        progress: &mut Option<usize>,
    ) -> Result<Response, Failure> {
        let body = self.read_body(&mut answer, secure, progress).await?;
        let (status, mut headers) = (answer.status().as_u16(), headers(answer.headers()));
        let encoding = answer.headers().get(CONTENT_ENCODING).and_then(|encoding| encoding.to_str().ok());
        let unfolded = encoding.map_or(Ok(None), |encoding| decode(encoding, &body, self.max_decoded))?;
        let Some(body_unfolded) = unfolded else { return Ok(Response { status, headers, body }) };
        // The field is about what came, and no more about what is kept.
        headers.0.retain(|(name, _)| !name.eq_ignore_ascii_case(CONTENT_ENCODING.as_str()));
        Ok(Response { status, headers, body: body_unfolded })
    }

    /// Most bodies come in one piece, which is taken as it is.
    async fn read_body(
        &self,
        answer: &mut reqwest::Response,
        secure: bool,
        progress: &mut Option<usize>,
    ) -> Result<Bytes, Failure> {
        let promised = answer.content_length().and_then(|length| usize::try_from(length).ok());
        self.bound(promised.unwrap_or_default())?;
        let Some(first) = piece(answer, secure).await? else { return Ok(Bytes::new()) };
        *progress = Some(first.len());
        let Some(second) = piece(answer, secure).await? else { return self.bound(first.len()).map(|()| first) };
        let mut body = BytesMut::with_capacity(promised.unwrap_or(first.len() + second.len()).min(SMALL_BODY));
        body.extend_from_slice(&first);
        let mut next = Some(second);
        let mut large = None;
        while let Some(more) = next {
            self.bound(body.len() + more.len())?;
            if large.is_none() && body.len() + more.len() > SMALL_BODY {
                large = self.large.acquire().await.ok();
            }
            body.extend_from_slice(&more);
            *progress = Some(body.len());
            next = piece(answer, secure).await?;
        }
        Ok(body.freeze())
    }

    fn bound(&self, length: usize) -> Result<(), Failure> {
        if length <= self.max_body {
            return Ok(());
        }
        Err(Failure { kind: FailureKind::TooLarge, detail: format!("the body has more than {} bytes", self.max_body) })
    }
}

async fn piece(answer: &mut reqwest::Response, secure: bool) -> Result<Option<Bytes>, Failure> {
    answer.chunk().await.map_err(|error| classify(&error, Phase::Body, secure))
}

fn headers(map: &HeaderMap) -> Headers {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Headers(map.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect())
}

/// The host without the brackets of IPv6.
fn bare_host(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}
