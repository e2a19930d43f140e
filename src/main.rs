//! The `hegui` command: hands the arguments on and ends with the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(hegui::cli::run(std::env::args_os().collect()))
}
