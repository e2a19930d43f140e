//! How far long work has come: a bar on a terminal, a line now and then under CI, nothing elsewhere.
//!
//! It writes to standard error only, and short work shows nothing. It does not know what the work is.

use std::cell::Cell;
use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::base::text::{Lang, Text};

/// Work of fewer steps is over before a line about it is read.
const LONG: usize = 500;
/// Lines under CI for one piece of work.
const LINES: usize = 10;

/// Who is shown how far the work has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    Nobody,
    Terminal,
    Log,
}

/// Shows how far work has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    audience: Audience,
    lang: Lang,
}

impl Progress {
    /// Shows nothing.
    pub(super) fn none() -> Self {
        Self {
            audience: Audience::Nobody,
            lang: Lang::default(),
        }
    }

    /// Shows to whoever reads standard error, unless that is nobody or it is to be quiet.
    pub(super) fn new(lang: Lang, quiet: bool) -> Self {
        // Every CI service sets it; there a line is all that can be shown.
        let is_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
        let audience = match io::stderr().is_terminal() {
            _ if quiet => Audience::Nobody,
            true if !is_ci => Audience::Terminal,
            _ if is_ci => Audience::Log,
            _ => Audience::Nobody,
        };
        Self { audience, lang }
    }

    /// Begins a piece of work of so many steps, or of work whose steps nobody counts.
    pub(super) fn begin(self, what: &Text, steps: Option<usize>) -> Work {
        let is_long = steps.is_none_or(|steps| steps >= LONG);
        let what = what.get(self.lang);
        let bar = (is_long && self.audience == Audience::Terminal).then(|| bar(what, steps));
        let log = steps.is_some() && is_long && self.audience == Audience::Log;
        let log = log.then(|| what.to_owned());
        Work {
            bar,
            log,
            steps,
            done: Cell::new(0),
        }
    }
}

fn bar(what: &str, steps: Option<usize>) -> ProgressBar {
    // Twenty times a second at most, and the first time only when there is something to see.
    let target = ProgressDrawTarget::stderr_with_hz(20);
    let bar = ProgressBar::with_draw_target(steps.map(|steps| steps as u64), target);
    let form = match steps {
        Some(_) => "{msg} {bar:30} {pos}/{len}",
        None => "{msg} …",
    };
    if let Ok(style) = ProgressStyle::with_template(form) {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar
}

/// A piece of work under way. Its bar goes when it ends.
#[derive(Debug)]
pub(super) struct Work {
    bar: Option<ProgressBar>,
    log: Option<String>,
    steps: Option<usize>,
    done: Cell<usize>,
}

impl Work {
    /// One step is done.
    pub(super) fn step(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        if let Some(what) = &self.log {
            let done = self.done.get() + 1;
            self.done.set(done);
            let steps = self.steps.unwrap_or(done);
            if done.is_multiple_of(steps.div_ceil(LINES)) || done == steps {
                let _ = writeln!(io::stderr().lock(), "{what} {done}/{steps}");
            }
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
