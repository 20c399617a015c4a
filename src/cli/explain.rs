//! `proviso explain`: what a case, a clause or a code means, and the picture of a vendor's states.

use crate::cli::args::Global;
use crate::cli::contracts;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use proviso::explain::{self, Explanation, Lost};
use proviso::case;

/// Explain a case, a clause or a code, or draw a vendor's states.
///
/// A name may leave its beginning out where the rest is enough: `links.delete/live`, `400.deleted`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n\
    \x20 proviso explain acme/links.delete/live         a case: promised, written, arranged, sent, judged\n\
    \x20 proviso explain acme/links.delete/400.deleted  a clause: what it says, and who cites it\n\
    \x20 proviso explain acme/links.delete              an operation and its table\n\
    \x20 proviso explain duplicate-key                  the code of a mistake or of a departure\n\n\
    Exit codes:\n  0  explained\n  2  nothing has this name, several have, or the contracts are wrong")]
pub(crate) struct Args {
    /// A case, a row, a clause, an operation, or a code
    #[arg(value_name = "CASE|CLAUSE|CODE")]
    what: String,
}

/// Explains.
pub(crate) fn run(args: &Args, global: &Global, output: &mut Output) -> Exit {
    if let Some(explanation) = explain::explain_code(&args.what) {
        return print(&explanation, output);
    }
    let loaded = match contracts::read(global, output) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let cases = case::compile(&loaded.contracts);
    match explain::explain(&loaded, &cases, &args.what) {
        Ok(explanation) => print(&explanation, output),
        Err(lost) => tell(&args.what, lost, output),
    }
}

fn print(explanation: &Explanation, output: &mut Output) -> Exit {
    let text = explanation.text(|text| output.bold(text));
    output.print(&text);
    Exit::Fine
}

fn tell(word: &str, lost: Lost, output: &mut Output) -> Exit {
    match lost {
        Lost::Unknown(meant) => {
            let help = meant.map(|meant| format!("did you mean `{meant}`?"));
            let help = help.unwrap_or_else(|| "`proviso list` has the names of the cases".to_owned());
            output.error(&format!("nothing is named `{word}`"), &[help]);
        }
        Lost::Ambiguous(names) => {
            let help: Vec<String> = names.iter().map(|name| format!("`proviso explain {name}`")).collect();
            output.error(&format!("`{word}` may mean several things"), &help);
        }
    }
    Exit::Wrong
}
