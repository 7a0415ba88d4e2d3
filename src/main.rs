//! The `rollcall` command: reads the command line and hands over to `cli`.

use clap::Parser;
use rollcall::cli::{Cli, Outcome};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            let asked_for = !error.use_stderr();
            return if asked_for { ExitCode::SUCCESS } else { Outcome::WrongUsage.into() };
        }
    };
    leave_when_nobody_reads();
    rollcall::logging::start(cli.verbose);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("rollcall cannot start: {error}");
            return Outcome::Failed.into();
        }
    };
    match runtime.block_on(cli.run()) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            eprintln!("{error:#}");
            Outcome::Failed.into()
        }
    }
}

/// Who has read enough of what is printed (`rollcall report | head`) gets no more, and no alarm.
fn leave_when_nobody_reads() {
    let alarm = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let nobody_reads = panic.payload().downcast_ref::<String>().is_some_and(|words| {
            words.starts_with("failed printing to stdout") && words.contains("Broken pipe")
        });
        if nobody_reads {
            std::process::exit(0);
        }
        alarm(panic);
    }));
}
