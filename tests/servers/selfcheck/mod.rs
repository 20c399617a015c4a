//! Proves over real sockets that the stand-ins tell the documented truth, and that a lie changes just what it says.

mod http;
mod lies;
mod tour;
mod truth;
mod world_lies;
