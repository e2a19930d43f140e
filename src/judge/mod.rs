//! Judging: packs × project → findings and decisions.
//!
//! Pure: no files, no clock, and it cannot fail. It does not know how anything is printed.

pub mod anchor;
pub mod cases;
pub mod cause;
mod ceiling;
pub mod change;
pub mod decision;
pub mod engine;
pub mod evidence;
pub mod finding;
mod gates;
pub mod portfolio;
pub mod portfolio_cases;
mod prepared;
mod rule_set;
mod ruling;
pub mod split;
pub mod waiving;
pub mod wording;

pub use engine::{Engine, Scratch, Settings};
