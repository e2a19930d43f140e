//! The ground floor: sources and places, problems, the spanned tree, bilingual text, dates.
//!
//! It does not know what a project, a rule or a unit is.
//! It is the only room that opens files.

pub mod archive;
pub mod blob;
pub mod book;
pub mod cache;
pub mod date;
pub mod disk;
pub mod draft;
pub mod files;
pub mod git;
pub mod hash;
pub mod json;
pub mod kept;
mod mends;
pub mod packed;
pub mod problem;
pub mod shares;
pub mod source;
pub mod suggest;
pub mod text;
pub mod toml;
pub mod tree;
