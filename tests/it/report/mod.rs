//! Reports of one canned run: what each says, and that what others wrote to read such files reads the same counts.

mod canned;
mod coverage;
mod files;
mod github;
mod html;
mod json;
mod known;
mod merge;
mod not_run;
mod progress;
mod seen_before;
mod terminal;
mod unlisted_host;

use proviso::report::Reports;
use proviso::run::event::Event;

fn tell(reports: &mut Reports, events: &[Event]) {
    for event in events {
        reports.tell(event);
    }
}
