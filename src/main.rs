//! The binary: what was typed, done.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
