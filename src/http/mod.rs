//! Requests and answers: as plain data, and the client socket with its patience.

pub mod exchange;
pub mod pace;
pub mod retry;
pub mod send;
pub mod tally;
