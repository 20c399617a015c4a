//! What was checked before a run, and what came of it, as lines and as a document.

use crate::cli::output::Output;
use proviso::report::{Count, Exit};
use proviso::run::Teller;
use proviso::text::visible;
use serde::Serialize;

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CheckState {
    /// It is as a run needs it.
    Ok,
    /// A run works with it, perhaps not as meant.
    Warn,
    /// A run would fail.
    Wrong,
    /// Something before it was wrong, or nothing shows it.
    NotChecked,
}

impl CheckState {
    const ALL: [Self; 4] = [Self::Ok, Self::Warn, Self::Wrong, Self::NotChecked];

    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Wrong => "wrong",
            Self::NotChecked => "not checked",
        }
    }
}

/// One thing that was checked.
#[derive(Debug, Serialize)]
pub(super) struct SetupCheck {
    check: String,
    state: CheckState,
    says: String,
    /// What to do, and what belongs to it.
    details: Vec<String>,
    #[serde(skip)]
    exit: Exit,
}

impl SetupCheck {
    fn new(check: &str, state: CheckState, says: impl Into<String>, exit: Exit) -> Self {
        Self { check: String::from(check), state, says: says.into(), details: Vec::new(), exit }
    }

    /// One that a run needs no better.
    pub(super) fn ok(check: &str, says: impl Into<String>) -> Self {
        Self::new(check, CheckState::Ok, says, Exit::Fine)
    }

    /// One that a run works with.
    pub(super) fn warn(check: &str, says: impl Into<String>) -> Self {
        Self::new(check, CheckState::Warn, says, Exit::Fine)
    }

    /// One that keeps a run from judging.
    pub(super) fn wrong(check: &str, says: impl Into<String>) -> Self {
        Self::new(check, CheckState::Wrong, says, Exit::Environment)
    }

    /// One for which the guard refuses a run.
    pub(super) fn refused(check: &str, says: impl Into<String>) -> Self {
        Self::new(check, CheckState::Wrong, says, Exit::Refused)
    }

    /// One that was not checked, and why.
    pub(super) fn unchecked(check: &str, says: impl Into<String>) -> Self {
        Self::new(check, CheckState::NotChecked, says, Exit::Fine)
    }

    /// The same with one more line.
    pub(super) fn with(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }
}

/// The checks of one thing: of the project, or of a vendor at its target.
#[derive(Debug, Serialize)]
pub(super) struct CheckGroup {
    /// The vendor; none for the project.
    pub(super) vendor: Option<String>,
    /// The target of the vendor.
    pub(super) target: Option<String>,
    /// The place where the vendor is asked.
    pub(super) origin: Option<String>,
    /// The checks, in the order in which one rests on another.
    pub(super) checks: Vec<SetupCheck>,
}

impl CheckGroup {
    fn heading(&self) -> String {
        match (&self.vendor, &self.target, &self.origin) {
            (Some(vendor), Some(target), Some(origin)) if target == origin || target == "url" => {
                format!("{vendor} at {origin}")
            }
            (Some(vendor), Some(target), Some(origin)) => format!("{vendor} at {origin} ({target})"),
            _ => String::from("project"),
        }
    }
}

/// The number of checks of each state.
#[derive(Debug, Serialize)]
struct CheckCounts {
    ok: usize,
    warn: usize,
    wrong: usize,
    not_checked: usize,
}

/// All checks.
#[derive(Debug, Serialize)]
pub(super) struct SetupReport {
    version: u32,
    exit: u8,
    counts: CheckCounts,
    groups: Vec<CheckGroup>,
}

impl SetupReport {
    /// The report of groups, without secrets.
    pub(super) fn new(mut groups: Vec<CheckGroup>, teller: Teller<'_>) -> Self {
        for place in groups.iter_mut().flat_map(|group| [&mut group.target, &mut group.origin]).flatten() {
            *place = teller.text(place);
        }
        for check in groups.iter_mut().flat_map(|group| &mut group.checks) {
            check.says = teller.text(&check.says);
            for detail in &mut check.details {
                *detail = teller.text(detail);
            }
        }
        let [ok, warn, wrong, not_checked] = CheckState::ALL.map(|state| count_checks(&groups, state));
        let counts = CheckCounts { ok, warn, wrong, not_checked };
        Self { version: 1, exit: exit_of(&groups).code(), counts, groups }
    }

    /// The exit that the checks result in.
    pub(super) fn exit(&self) -> Exit {
        exit_of(&self.groups)
    }

    /// Prints a line for each check, its details below it; then their number and what to do next. Where only
    /// what was asked for is printed, what is fine is left out.
    pub(super) fn print(&self, next: &str, output: &mut Output) {
        for group in &self.groups {
            let shown: Vec<&SetupCheck> =
                group.checks.iter().filter(|check| !output.quiet || check.state != CheckState::Ok).collect();
            if shown.is_empty() {
                continue;
            }
            output.print(&format!("{}\n", output.bold(&group.heading())));
            let width = shown.iter().map(|check| check.check.chars().count()).max().unwrap_or(0);
            for check in shown {
                let (state, name) = (check.state.as_str(), &check.check);
                output.print(&format!("  {state:<11}  {name:<width$}  {}\n", visible::line(&check.says)));
                for detail in &check.details {
                    output.print(&format!("  {:11}  {:width$}  {}\n", "", "", visible::line(detail)));
                }
            }
        }
        let CheckCounts { ok, warn, wrong, not_checked } = self.counts;
        let warnings = Count(warn, "warning");
        output.print(&format!("{ok} ok, {warnings}, {wrong} wrong, {not_checked} not checked; {next}\n"));
    }
}

fn count_checks(groups: &[CheckGroup], state: CheckState) -> usize {
    groups.iter().flat_map(|group| &group.checks).filter(|check| check.state == state).count()
}

fn exit_of(groups: &[CheckGroup]) -> Exit {
    Exit::outranking(groups.iter().flat_map(|group| &group.checks).map(|check| check.exit))
}
