//! A process that does nothing: what every other one costs before it begins.

fn main() {}
