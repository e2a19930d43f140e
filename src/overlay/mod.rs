//! Map layers and boundaries: from files to measured facts.
//!
//! It measures what a proposal's parcels have in common with the polygons of a layer, and how far they
//! are from them. It does not know rules, and does not judge what an overlap means.

mod index;
mod meet;
pub mod rings;
