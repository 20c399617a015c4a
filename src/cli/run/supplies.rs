//! What an engineer supplies: the environment, and what was typed in its place.

use crate::cli::environment::Environment;
use crate::cli::run::Supplies;
use crate::cli::value;
use proviso::contract::Contracts;
use proviso::secret::{Redactor, Secret};
use std::collections::HashMap;

/// The values by name, and those among them that are never shown.
pub(crate) struct Supplied {
    /// Every value.
    pub(crate) variables: HashMap<String, String>,
    /// The names of those that were given as secrets, whatever the contracts say of them.
    pub(crate) secret: Vec<String>,
}

/// Joins what was given: the environment counts least, the command line most.
pub(crate) fn gather(supplies: &Supplies, environment: &Environment) -> Result<Supplied, String> {
    let mut variables = environment.variables.clone();
    let mut secret = Vec::new();
    if let Some(path) = &supplies.secrets_file {
        let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            // The line itself may hold a secret, so only its number is told.
            let wrong = || format!("{}:{}: not written as NAME=VALUE", path.display(), number + 1);
            let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=').ok_or_else(wrong)?;
            variables.insert(name.trim().to_owned(), unquote(value.trim()).to_owned());
            secret.push(name.trim().to_owned());
        }
    }
    for text in &supplies.variable {
        let (name, value) = pair("--variable", text.expose())?;
        variables.insert(name, value);
    }
    for text in &supplies.secret {
        let (name, value) = pair("--secret", text.expose())?;
        variables.insert(name.clone(), value);
        secret.push(name);
    }
    Ok(Supplied { variables, secret })
}

/// `NAME=VALUE`; a text that is none may be a secret alone, so it is not shown.
fn pair(option: &str, text: &str) -> Result<(String, String), String> {
    value::pair(text).map_err(|help| format!("what stands behind {option} has no name: {help}"))
}

fn unquote(value: &str) -> &str {
    let within = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(value)
}

/// What keeps every credential out of whatever is told; and the notices on those that are too short to be kept out.
pub(crate) fn redactor(contracts: &Contracts, supplied: &Supplied) -> (Redactor, Vec<String>) {
    let declared = contracts.vendors.iter().flat_map(|vendor| vendor.file.credentials.values());
    let names = declared.map(|credential| &credential.env).chain(&supplied.secret);
    let set = names.filter_map(|name| Some((name, supplied.variables.get(name).filter(|value| !value.is_empty())?)));
    let secrets: Vec<(&String, Secret)> = set.map(|(name, value)| (name, Secret::new(value.as_str()))).collect();
    let (redactor, refused) = Redactor::new(secrets.iter().map(|(name, secret)| (name.as_str(), secret)));
    (redactor, refused.into_iter().map(|(name, why)| format!("${name}: {why}")).collect())
}
