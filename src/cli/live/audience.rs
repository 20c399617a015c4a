//! Everything that follows the events of a run: its reports, what its exit depends on, and what is kept of it.

use crate::cli::output::Output;
use crate::cli::problem::Problem;
use proviso::report::{Conclusion, Exit, Reports, SavedRun};
use proviso::run::event::{CaseResult, Event, Gate, Summary};

/// The audience of a run.
pub(crate) struct Audience<'a> {
    reports: Reports,
    conclusion: Conclusion,
    /// The run without its cases.
    saved: SavedRun,
    /// Takes every case, once it is reported.
    keep: &'a mut dyn FnMut(CaseResult),
}

impl<'a> Audience<'a> {
    /// An audience before the first event.
    pub(crate) fn new(reports: Reports, gate: &Gate, keep: &'a mut dyn FnMut(CaseResult)) -> Self {
        Self { reports, conclusion: Conclusion::new(gate), saved: SavedRun::default(), keep }
    }

    /// Takes an event.
    pub(crate) fn take(&mut self, event: Event) {
        self.reports.tell(&event);
        match event {
            Event::CaseFinished(case) => {
                self.conclusion.add(&case);
                (self.keep)(*case);
            }
            event => self.saved.add_event(&event),
        }
    }

    /// Lets the reports know that time goes by.
    pub(crate) fn tick(&mut self) {
        self.reports.tick();
    }

    /// Takes away a line that changes, so that something else can be written where it was.
    pub(crate) fn clear_line(&mut self) {
        self.reports.clear_line();
    }

    /// The exit for which the events so far are a reason.
    pub(crate) fn exit(&self, interrupted: bool) -> Exit {
        self.conclusion.exit(&self.saved.notices, interrupted)
    }

    /// Ends the run with this exit, which is another one where a report cannot be written.
    pub(crate) fn finish(mut self, summary: Summary, exit: Exit, output: &mut Output) -> (Exit, SavedRun) {
        self.take(Event::Finished(Summary { exit_code: exit.code(), ..summary }));
        (close_reports(self.reports, exit, output), self.saved)
    }
}

/// Shows what could not be written, which counts as a failure of the environment.
pub(crate) fn close_reports(reports: Reports, exit: Exit, output: &mut Output) -> Exit {
    let errors = reports.close();
    errors.iter().for_each(|error| output.error(&Problem::new(error)));
    if errors.is_empty() { exit } else { Exit::outranking([exit, Exit::Environment]) }
}
