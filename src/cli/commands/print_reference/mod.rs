//! `proviso reference`: the language, the codes and the commands as one page, made from the types and lists that the program itself goes by.

mod markdown_page;
mod schema_node;
mod write_codes;
mod write_commands;
mod write_language;

use crate::cli::context::Context;
use markdown_page::MarkdownPage;
use proviso::report::Exit;

/// Print the reference of the language, the codes and the commands, as Markdown.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n\
    \x20 proviso reference | less\n\
    \x20 proviso reference > specs/REFERENCE.md")]
pub(crate) struct ReferenceArgs {}

/// The beginning of the page.
const HEAD: &str = "\
# Reference

Made by `proviso reference` from the types and lists that the program itself goes by; a test holds that this page is what it prints.
The [guide](README.md) says how to go about it.

- [The language](#the-language)
- [States](#states)
- [References](#references)
- [Names of secrets](#names-of-secrets)
- [Codes](#codes)
- [Commands](#commands)
";

/// Prints the reference.
pub(crate) fn print_reference(_: &ReferenceArgs, context: &mut Context) -> Exit {
    let Context { output, .. } = context;
    let mut page = MarkdownPage::new(HEAD);
    write_language::write_language(&mut page);
    write_codes::write_codes(&mut page);
    write_commands::write_commands(&mut page);
    output.print(&page.into_text());
    Exit::Fine
}
