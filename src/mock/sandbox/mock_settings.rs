//! The settings of a mock before it starts, and the reasons why it cannot.

use super::accepted_credentials::draw_text;
use super::outcome_choice::{OutcomeChoice, OutcomeChoiceError};
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::num::NonZeroUsize;
use thiserror::Error;

/// The number of things that a vendor keeps unless the settings give another one.
pub const CAPACITY: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

/// The settings of a mock.
#[derive(Clone)]
pub struct MockSettings {
    /// Values of credentials and ids of fixtures, by the variable that a contract names for them: exactly these are accepted.
    /// For a variable that is not here, or empty, one is made up.
    pub values: HashMap<String, String>,
    /// The outcomes that rows give of several documented ones; without a choice it is the first.
    pub choices: Vec<OutcomeChoice>,
    /// The seed of random ids and keys, if they are to be the same every time.
    pub seed: Option<u64>,
    /// The number of things that each vendor keeps; beyond it the oldest are forgotten.
    pub capacity: NonZeroUsize,
}

impl Default for MockSettings {
    fn default() -> Self {
        Self { values: HashMap::new(), choices: Vec::new(), seed: None, capacity: CAPACITY }
    }
}

/// The values may be credentials, so only their variables are shown.
impl fmt::Debug for MockSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { values, choices, seed, capacity } = self;
        let variables: BTreeSet<&String> = values.keys().collect();
        let mut settings = formatter.debug_struct("MockSettings");
        settings.field("values", &variables).field("choices", choices);
        settings.field("seed", seed).field("capacity", capacity).finish()
    }
}

impl MockSettings {
    /// The value of a variable, which is made up from a template where the settings have none.
    pub(super) fn draw_value(
        &self,
        variable: &str,
        template: &str,
        dice: &mut fastrand::Rng,
    ) -> Result<String, MockError> {
        let given = self.values.get(variable).filter(|value| !value.is_empty()).cloned();
        given
            .or_else(|| draw_text(template, dice))
            .ok_or_else(|| MockError::Unmakeable { variable: variable.to_owned(), template: template.to_owned() })
    }
}

/// The reason why a mock cannot start.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MockError {
    /// A choice names nothing.
    #[error(transparent)]
    Choice(#[from] OutcomeChoiceError),
    /// A value cannot be made up.
    #[error("no value can be made for {variable} from `{template}`; set the variable")]
    Unmakeable {
        /// The variable.
        variable: String,
        /// The template of its value in the contract.
        template: String,
    },
    /// Two accounts have one key.
    #[error("{variable} and {other} hold the same value, so the two accounts cannot be told apart")]
    SameKey {
        /// The variable of one.
        variable: String,
        /// The variable of the other.
        other: String,
    },
    /// A row gives an outcome that there is not.
    #[error("{row} gives an outcome that its operation does not have")]
    NoOutcome {
        /// `vendor/operation/row`.
        row: String,
    },
}
