//! The exit codes: one list, used by the program, its help and its documentation.

/// How proviso ends; the numbers are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Nothing speaks against what was asked for.
    Fine,
    /// A vendor departs from its documentation.
    Violated,
    /// The contracts or the command line are wrong, and nothing was sent.
    Wrong,
    /// The network, the machine or a case's arrangement failed.
    Environment,
    /// No case was run.
    NothingTested,
    /// A vendor does something else than the accepted baseline says.
    Drifted,
    /// The safety guard did not let the run start.
    Refused,
    /// Somebody interrupted it.
    Interrupted,
}

impl Exit {
    /// Every code with its number and its meaning, in the order of the numbers.
    pub(crate) const ALL: [(Self, u8, &'static str); 8] = [
        (Self::Fine, 0, "every case conforms, or was skipped with a reason"),
        (Self::Violated, 1, "an answer departs from every documented outcome"),
        (Self::Wrong, 2, "the contracts or the command line are wrong; nothing was sent"),
        (Self::Environment, 3, "the network or an arrangement failed, so that cases could not be judged"),
        (Self::NothingTested, 4, "no case was selected, or every one was skipped"),
        (Self::Drifted, 5, "what --deny names: drift from the baseline, a new case, a known violation no longer seen"),
        (Self::Refused, 6, "the safety guard refused to start; it says what permits it"),
        (Self::Interrupted, 130, "interrupted; what was made has been removed"),
    ];

    /// The number that the shell sees.
    pub(crate) fn code(self) -> u8 {
        Self::ALL.iter().find(|(exit, ..)| *exit == self).map_or(1, |(_, code, _)| *code)
    }

    /// The end that has a number; one that nothing has counts as a violation.
    pub(crate) fn of(code: u8) -> Self {
        Self::ALL.iter().find(|(_, known, _)| *known == code).map_or(Self::Violated, |(exit, ..)| *exit)
    }

    /// The table for `--help`.
    pub(crate) fn table() -> String {
        let lines = Self::ALL.iter().map(|(_, code, meaning)| format!("  {code:>3}  {meaning}\n"));
        format!("Exit codes:\n{}", lines.collect::<Vec<_>>().concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_has_its_own_number() {
        let codes: std::collections::BTreeSet<u8> = Exit::ALL.iter().map(|(exit, ..)| exit.code()).collect();
        assert_eq!(codes.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6, 130]);
    }
}
