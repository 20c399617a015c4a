//! What an engineer supplies: the environment, and what was typed in its place.

use crate::cli::environment::Environment;
use crate::cli::run::Supplies;
use crate::cli::value;
use proviso::contract::Contracts;
use proviso::text::secret::{Redactor, Secret};
use regex_syntax::hir::literal::{Extractor, Literal};
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
    let declared = declared.map(|credential| (&credential.env, credential.test.as_deref()));
    let names = declared.chain(supplied.secret.iter().map(|name| (name, None)));
    let secret = |(name, test): (&'_ String, Option<&str>)| {
        let value = supplied.variables.get(name).filter(|value| !value.is_empty())?;
        Some((name.clone(), Secret::new(value.as_str()).in_parts(test.map_or(0, |test| fixed(test, value)))))
    };
    let secrets: Vec<(String, Secret)> = names.filter_map(secret).collect();
    let (redactor, refused) = Redactor::new(secrets.iter().map(|(name, secret)| (name.as_str(), secret)));
    (redactor, refused.into_iter().map(|(name, why)| format!("${name}: {why}")).collect())
}

/// How many first characters of a value are fixed by the pattern that it matches.
fn fixed(pattern: &str, value: &str) -> usize {
    let Ok(pattern) = regex_syntax::parse(pattern) else { return 0 };
    let prefixes = Extractor::new().extract(&pattern);
    let literals = prefixes.literals().unwrap_or_default().iter().map(Literal::as_bytes);
    let fixed = literals.filter_map(|literal| std::str::from_utf8(literal).ok()).filter(|text| value.starts_with(text));
    fixed.map(|text| text.chars().count()).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::fixed;

    #[test]
    fn what_a_pattern_fixes_is_what_every_value_of_it_begins_with() {
        let cases = [
            ("^skey_test_", "skey_test_5z8m4p", 10),
            ("^skey_test_[0-9a-z]+$", "skey_test_5z8m4p", 10),
            ("^(sk|rk)_test_", "rk_test_51Hk", 8),
            ("^sandbox-|^test-", "test-1234", 5),
            ("^skey_test_", "skey_5z8m4p", 0),
            ("^[0-9a-f]{32}$", "0123456789abcdef0123456789abcdef", 0),
            ("(", "skey_test_5z8m4p", 0),
        ];
        for (pattern, value, count) in cases {
            assert_eq!(fixed(pattern, value), count, "{pattern}");
        }
    }
}
