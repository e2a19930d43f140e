//! `hegui diff`.
use std::path::PathBuf;
use super::arguments::Form;
use super::config::Config;
use super::console::Console;
use super::run::Asked;
/// x
#[derive(Debug)]
pub(super) struct Diff {
    /// x
    pub asked: Asked,
    /// x
    pub old: PathBuf,
    /// x
    pub new: PathBuf,
    /// x
    pub form: Form,
}
/// x
pub(super) fn run(_d: &Diff, _c: &Config, _o: &mut Console) -> u8 { 0 }
