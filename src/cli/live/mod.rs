//! Everything that a command needs that asks vendors: where requests go, with which values, and the run itself.

mod audience;
mod goal;
mod known_entry;
mod known_text;
mod last_run;
mod live_run;
mod live_settings;
mod project_settings;
mod proved_cases;
mod setup;
mod start_embedded_mock;
mod supplied;
mod uncompared;

pub(crate) use audience::{Audience, close_reports};
pub(crate) use goal::{Goal, find_goals};
pub(crate) use known_entry::{NO_REASON, case_names, is_day, today};
pub(crate) use known_text::{entries_text, with_entries};
pub(crate) use last_run::{LastRun, RunMemory};
pub(crate) use live_run::{LiveRun, RunResult, target_name};
pub(crate) use live_settings::LiveSettings;
pub(crate) use project_settings::{ProjectSettings, SCHEMA_FILE, SETTINGS_CHECKER};
pub(crate) use proved_cases::ProvedCases;
pub(crate) use setup::{Setup, show_refusals, start_runtime};
pub(crate) use supplied::Supplied;
pub(crate) use uncompared::uncompared;
