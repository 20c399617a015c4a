//! The values that the user supplied, and what keeps the secrets among them out of everything that is written.

use proviso::contract::language::Credential;
use proviso::contract::{Contracts, VendorFolder, variable_prefix};
use proviso::mock::Mock;
use proviso::text::secret::{Redactor, Secret};
use regex_syntax::hir::literal::{Extractor, Literal};
use std::collections::HashMap;

/// The values by name, and those among them that are never shown.
pub(crate) struct Supplied {
    /// Every value.
    pub(crate) variables: HashMap<String, String>,
    /// The names of those that were given as secrets, although no contract may call them so.
    secrets: Vec<String>,
}

impl From<HashMap<String, String>> for Supplied {
    /// Values of which the contracts alone name the secrets.
    fn from(variables: HashMap<String, String>) -> Self {
        Self { variables, secrets: Vec::new() }
    }
}

impl From<&Mock> for Supplied {
    /// The values that a mock accepts.
    fn from(mock: &Mock) -> Self {
        Self::from(mock.environment().into_iter().collect::<HashMap<_, _>>())
    }
}

impl Supplied {
    /// Adds a value that is never shown.
    pub(crate) fn add_secret(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
        self.secrets.push(name.to_owned());
    }

    /// The redactor of every credential; and the notices on those that are too short to be kept out. Of a vendor whose files are
    /// not read it is not known which of its variables are credentials, so all of them are.
    pub(crate) fn redactor(&self, contracts: &Contracts, unread: &[VendorFolder]) -> (Redactor, Vec<String>) {
        let declared = contracts.vendors.iter().flat_map(|vendor| vendor.file.credentials.values());
        let declared = declared.filter(|credential| credential.is_secret());
        let mut secrets: Vec<(&str, Secret)> =
            declared.filter_map(|credential| Some((credential.env.as_str(), self.credential(credential)?))).collect();
        secrets.extend(
            self.secrets.iter().filter_map(|name| Some((name.as_str(), Secret::new(self.value(name)?).in_parts(0)))),
        );
        let hidden = self.unread_variables(contracts, unread);
        let all = secrets.iter().chain(&hidden).map(|(name, secret)| (*name, secret));
        let (redactor, refused) = Redactor::new(all);
        // Of a variable that may be no credential, it is of no interest that it is too short for one.
        let refused = refused.into_iter().filter(|(name, _)| secrets.iter().any(|(known, _)| known == name));
        (redactor, refused.map(|(name, why)| format!("${name}: {why}")).collect())
    }

    /// The variables that only vendors which are not read can have.
    fn unread_variables(&self, contracts: &Contracts, unread: &[VendorFolder]) -> Vec<(&str, Secret)> {
        let prefixes: Vec<String> = unread.iter().map(|folder| variable_prefix(&folder.name)).collect();
        let names = self.variables.keys().map(String::as_str).filter(|name| {
            let is_unread = prefixes.iter().any(|prefix| name.starts_with(prefix));
            is_unread && !contracts.vendors.iter().any(|vendor| vendor.owns(name))
        });
        names.filter_map(|name| Some((name, Secret::new(self.value(name)?).in_parts(0)))).collect()
    }

    fn credential(&self, credential: &Credential) -> Option<Secret> {
        let value = self.value(&credential.env)?;
        let fixed = credential.test.as_ref().map_or(0, |test| fixed_length(test, value));
        Some(Secret::new(value).in_parts(fixed))
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// The number of first characters of a value that are fixed by the pattern that it matches.
fn fixed_length(pattern: &str, value: &str) -> usize {
    let Ok(pattern) = regex_syntax::parse(pattern) else { return 0 };
    let prefixes = Extractor::new().extract(&pattern);
    let literals = prefixes.literals().into_iter().flatten().map(Literal::as_bytes);
    let fixed = literals.filter_map(|literal| std::str::from_utf8(literal).ok()).filter(|text| value.starts_with(text));
    fixed.map(|text| text.chars().count()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Supplied, fixed_length};
    use proviso::contract::load_where;
    use std::collections::HashMap;

    #[test]
    fn what_vendors_may_have_that_are_not_read_is_hidden_and_what_a_vendor_has_that_is_read_is_shown() {
        let specs = tempfile::tempdir().unwrap();
        for vendor in ["acme", "acme-eu"] {
            let folder = specs.path().join(vendor);
            let target = "targets: { sandbox: { origin: \"https://acme.example\", mode: test } }";
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("vendor.yaml"), format!("version: 1\nvendor: {vendor}\n{target}\n")).unwrap();
        }
        let loaded = load_where(&[specs.path().to_owned()], |folder| folder.name == "acme-eu");
        assert_eq!(loaded.contracts.vendors.len(), 1, "{:?}", loaded.mistakes);
        let given = [
            ("ACME_KEY", "a-secret-value-of-acme"),
            ("ACME_ID", "7"),
            ("ACME_EU_LINK", "link_test_5abc"),
            ("HOME", "/home/user"),
        ];
        let variables: HashMap<String, String> =
            given.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
        let supplied = Supplied::from(variables);
        let (redactor, notices) = supplied.redactor(&loaded.contracts, &loaded.left_out);
        let text = "a-secret-value-of-acme link_test_5abc /home/user";
        assert_eq!(redactor.redact(text), "$ACME_KEY link_test_5abc /home/user");
        assert_eq!(notices, Vec::<String>::new());
    }

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
            assert_eq!(fixed_length(pattern, value), count, "{pattern}");
        }
    }
}
