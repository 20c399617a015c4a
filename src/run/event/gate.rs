//! What fails a run beside a violation, and which part of a whole it is: what those need to know who conclude again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What fails a run beside a violation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Gate {
    /// Whether a skipped case counts as a failure of the environment.
    pub require_all: bool,
    /// What is denied: `breaking`, `risky`, `additive`, `cosmetic`, `drift`, `new`, `stale`, `inferred`.
    pub deny: Vec<String>,
}

impl Gate {
    /// Adds another gate: anything that fails either of them fails both.
    pub fn add(&mut self, other: Self) {
        self.require_all |= other.require_all;
        let new: Vec<String> = other.deny.into_iter().filter(|word| !self.deny.contains(word)).collect();
        self.deny.extend(new);
    }
}

/// The shards of a whole that were run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShardInfo {
    /// Which, from 1.
    pub parts: Vec<u64>,
    /// Of how many.
    pub of: u64,
}

impl ShardInfo {
    /// The shards that are missing from the whole.
    pub fn missing(&self) -> Vec<u64> {
        (1..=self.of).filter(|part| !self.parts.contains(part)).collect()
    }
}
