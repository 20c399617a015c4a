//! The only client socket: a request goes out once, and a whole answer or a classified failure comes back. What is asked of
//! somebody in this process takes the same way up to the socket.
//!
//! What a vendor is asked is what the contract says: redirects are answers, proxies are used only when named, no
//! encoding is asked for, and a URL that any client would rewrite is refused instead of sent as something else.
//! Everything that comes back is bounded in time and in bytes.

mod client;
mod decode;
mod failure;
mod names;
mod request;
mod sender;
mod settings;
mod socket;
mod within;

pub(crate) use request::{has_length, sent_url};
pub use sender::Sender;
pub use settings::{BadSetting, ConnectTo, Connection, Settings};
pub use within::{Delivery, Peer};
