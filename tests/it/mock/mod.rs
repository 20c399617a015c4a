//! The embedded sandbox over real sockets: a vendor's documented life, told by raw requests.

mod anything;
mod client;
mod lengths;
mod lives;
mod made_up;
mod refusals;
mod sequences;
