//! Stand-ins of the three vendors that tell the documented truth, and the ways to spoil it, written without a line of the crate under test.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a stand-in that is wrong about its own data has nothing better to do than to stop the test"
)]

pub(crate) mod documented;
pub(crate) mod draw;
pub(crate) mod gafapay;
pub(crate) mod http;
pub(crate) mod lies;
pub(crate) mod mytpe;
pub(crate) mod omise;
mod omise_collection;
pub(crate) mod omise_truth;
pub(crate) mod raw;
pub(crate) mod reply;
mod selfcheck;
pub(crate) mod spoil;
pub(crate) mod world;
