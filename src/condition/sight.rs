//! What the mock sees of a request: the request itself, who sent it, the ids in its path, and the world as it is.

use crate::contract::template::Names;
use crate::contract::{Operation, Vendor};
use crate::exchange::Request;
use indexmap::IndexMap;
use serde_json::Value;

/// A request in one state of the world.
pub struct Sight<'a> {
    /// The vendor at whose address it came.
    pub vendor: &'a Vendor,
    /// The operation that its method and path name.
    pub operation: &'a Operation,
    /// The request.
    pub request: &'a Request,
    /// Its query parameters, decoded.
    pub query: &'a [(String, String)],
    /// Its body as JSON, where it is JSON.
    pub json: Option<&'a Value>,
    /// The ids in its path, by resource.
    pub ids: &'a IndexMap<String, String>,
    /// The credentials that the vendor accepts, by name, and those of other accounts.
    pub accepted: &'a dyn Names,
    /// The account that sent it: the credential that makes it another one than ours, or nothing.
    pub account: &'a str,
    /// What there is.
    pub world: &'a dyn World,
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
    /// The id of the parent inside which it lives.
    pub parent: Option<&'a str>,
}
