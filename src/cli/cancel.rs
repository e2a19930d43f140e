//! What happens when a run is cancelled: no half-written file is left.

use crate::base::draft;

/// The exit code of a cancelled program, by the custom of shells: 128 and the number of the signal to interrupt.
const CANCELLED: i32 = 130;

/// From now on, a cancelled run removes the files that it was writing.
pub(super) fn watch() {
    // Without a watcher the system ends the program as it always does; that is no reason not to run.
    let _ = ctrlc::set_handler(end);
}

#[expect(
    clippy::exit,
    reason = "the run does not hear of the signal and cannot return"
)]
fn end() {
    draft::discard();
    std::process::exit(CANCELLED);
}
