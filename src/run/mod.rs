//! A run's way to the vendor: one socket, its tries and its pace; each reads plain settings and knows no contract.

pub mod pace;
pub mod retry;
pub mod send;
