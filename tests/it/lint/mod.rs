//! Claims about `lint`: what it finds in contracts, and where.

mod bad;
mod citations;
mod clean;
mod copy;
mod hostile;
