//! Texts: files with places, mistakes shown with their source, YAML, secrets, and what may be shown.

pub mod diagnostic;
pub mod line_diff;
pub mod secret;
pub mod source;
pub mod visible;
pub mod yaml;
