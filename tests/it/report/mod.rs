//! Reports of one canned run: what each says, and that what others wrote to read such files reads the same counts.

mod canned;
mod json;
mod terminal;
