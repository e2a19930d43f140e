//! Maps: from the bytes of a map file to shapes in a coordinate system that is known, and to what they measure.
//!
//! It does not know projects, rules or submissions.
//!
//! One way: [`formats`] reads a file into features and what it says of its coordinate system (a [`claim`]);
//! [`settle`] turns claim and coordinates into a system, or a problem with a proposal; [`validity`] tells which
//! polygons can be measured; [`projection`] moves them into a plane. [`reading`] does the first three in a row.

pub mod bounds;
pub mod claim;
mod definition;
pub mod formats;
pub mod projection;
pub mod reading;
pub mod settle;
mod tally;
pub mod validity;
