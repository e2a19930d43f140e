//! Pack files into packs: the vocabulary, parameters, instruments, tables, plan and rules.
//!
//! It does not know submissions, and it does not judge.

mod answers;
mod compiled;
pub mod coverage;
pub mod embedded;
mod fields;
mod instruments;
mod layers;
mod load;
mod open;
mod overlap;
pub mod pack;
mod pack_text;
mod parameters;
mod plan;
pub mod portfolio;
mod reach;
mod reader;
pub mod rule;
mod rule_file;
mod sheet;
mod table_rows;
mod tables;
pub mod trust;

pub use pack_text::PackText;

pub use load::{PackFiles, cases, load, load_layers, load_with};
