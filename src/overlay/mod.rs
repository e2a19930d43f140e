//! Maps: from the bytes of a map file to shapes in a coordinate system that is known, and to what they measure.
//!
//! It does not know rules or submissions, and does not judge what an overlap means.
//!
//! One way: [`formats`] reads a file into features and what it says of its coordinate system (a [`claim`]);
//! [`settle`] turns claim and coordinates into a system, or a problem with a proposal; [`validity`] tells which
//! polygons can be measured; [`projection`] moves them into a plane. [`reading`] does the first three in a row.
//! A layer is cut into pieces ([`rings`]) that stand in a packed tree (`index`); [`measure`] finds what a site has
//! in common with it (`meet`).

pub mod bounds;
pub mod bulk;
pub mod claim;
mod definition;
pub mod district;
mod facts;
pub mod formats;
mod index;
mod measure;
mod meet;
mod open;
mod planes;
pub mod projection;
pub mod reading;
pub mod rings;
pub mod settle;
pub mod stated;
pub mod survey;
mod tally;
pub mod validity;

pub use index::holds;
