//! `proviso explain --why`: the steps of judgements.

mod every_case;
mod kinds;
