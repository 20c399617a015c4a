//! What the mock sees of a request: the request itself, who sent it, the ids in its path, and the world as it is.

use crate::contract::template::Names;
use crate::http::exchange::Request;
use serde_json::Value;
use std::borrow::Cow;

/// A request in one state of the world.
pub struct Sight<'a> {
    /// The request.
    pub request: &'a Request,
    /// Its query parameters, decoded.
    pub query: &'a [(String, String)],
    /// Its body as JSON, where it is JSON.
    pub json: Option<&'a Value>,
    /// The ids in its path, by resource.
    pub ids: &'a [(&'a str, Cow<'a, str>)],
    /// The account that sent it, as [`crate::contract::condition::Accounts`] tells it: nobody's is the empty name, and there is none
    /// where the credentials are refused.
    pub account: Option<&'a str>,
    /// Whether its credentials are of the live mode.
    pub live: bool,
    /// What there is.
    pub world: &'a dyn World,
    /// What references in a condition stand for; what is drawn stands for nothing here.
    pub names: &'a dyn Names,
}

impl Sight<'_> {
    /// The id in its path of a resource.
    pub fn id(&self, resource: &str) -> Option<&str> {
        self.ids.iter().find(|(name, _)| *name == resource).map(|(_, id)| id.as_ref())
    }
}

/// What there is, as far as conditions ask.
pub trait World {
    /// How a resource stands; `None` where there is none of that id.
    fn standing(&self, resource: &str, id: &str) -> Option<Standing<'_>>;
}

/// How a resource stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Its state.
    pub state: &'a str,
    /// The account that it belongs to.
    pub account: &'a str,
    /// Whether it is of the live mode.
    pub live: bool,
    /// The id of the parent inside which it lives, where that is known.
    pub parent: Option<&'a str>,
}
