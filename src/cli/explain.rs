//! `proviso explain`: what a case, a clause or a code means, and the picture of a vendor's states.

use crate::cli::args::Global;
use crate::cli::contracts;
use crate::cli::output::Output;
use clap::ValueEnum;
use proviso::contract::Contracts;
use proviso::contract::case;
use proviso::report::Exit;
use proviso::report::explain::{self, Explanation, Lost};
use proviso::report::picture;
use proviso::text::diagnostic::suggest;

/// Explain a case, a clause or a code, or draw a vendor's states.
///
/// A name may leave its beginning out where the rest is enough: `links.delete/live`, `400.deleted`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n\
    \x20 proviso explain acme/links.delete/live         a case: promised, written, arranged, sent, judged\n\
    \x20 proviso explain acme/links.delete/400.deleted  a clause: what it says, and who cites it\n\
    \x20 proviso explain acme/links.delete              an operation and its table\n\
    \x20 proviso explain duplicate-key                  the code of a mistake or of a departure\n\
    \x20 proviso explain --graph acme --format svg > acme.svg\n\n\
    Exit codes:\n  0  explained\n  2  nothing has this name, several have, or the contracts are wrong")]
pub(crate) struct Args {
    /// A case, a row, a clause, an operation, or a code
    #[arg(value_name = "CASE|CLAUSE|CODE", required_unless_present = "graph")]
    what: Option<String>,
    /// Draw the states of this vendor's resources, with the rows that lead from one to another
    #[arg(long, value_name = "VENDOR", conflicts_with = "what")]
    graph: Option<String>,
    /// How the picture is written
    #[arg(long, value_name = "FORMAT", default_value = "mermaid", requires = "graph")]
    format: Format,
}

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text that many readers of Markdown draw
    Mermaid,
    /// An image that needs nothing else
    Svg,
}

/// Explains.
pub(crate) fn run(args: &Args, global: &Global, output: &mut Output) -> Exit {
    let word = args.what.as_deref().unwrap_or_default();
    if let Some(explanation) = explain::explain_code(word) {
        return print(&explanation, output);
    }
    let loaded = match contracts::read_unproved(global, output) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    if let Some(vendor) = &args.graph {
        return draw(&loaded.contracts, vendor, args.format, output);
    }
    let cases = case::compile(&loaded.contracts);
    match explain::explain(&loaded, &cases, word) {
        Ok(explanation) => print(&explanation, output),
        Err(lost) => tell(word, lost, output),
    }
}

fn draw(contracts: &Contracts, name: &str, format: Format, output: &mut Output) -> Exit {
    let Some(vendor) = contracts.vendor(name) else {
        let known = contracts.vendors.iter().map(|vendor| vendor.name.as_str());
        let help = suggest(name, known).map(|meant| format!("did you mean `{meant}`?"));
        output.error(&format!("no vendor is named `{name}`"), &help.into_iter().collect::<Vec<_>>());
        return Exit::Wrong;
    };
    let machines = picture::machines(vendor);
    let title = vendor.file.title.as_deref().unwrap_or(&vendor.name);
    output.print(&match format {
        Format::Mermaid => picture::mermaid(&machines),
        Format::Svg => picture::svg(&format!("The states of {title}"), &machines),
    });
    Exit::Fine
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
