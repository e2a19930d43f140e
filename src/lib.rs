//! hegui (合规) judges project proposals against a plan and the law, and shows its reasons.
//!
//! Data flows one way: `Source → rules → Pack`; `Source → intake → Project`;
//! `judge` takes both and returns an `Assessment`; `report` writes it; `cli` decides what runs.
//!
//! | floor | rooms | knows |
//! | --- | --- | --- |
//! | 6 | [`cli`] | which command runs; prints and exits |
//! | 5 | [`report`] | one file per output format |
//! | 3 | [`judge`] | pack × project → findings, decisions; pure |
//! | 2 | [`language`] → [`rules`] · [`intake`] | expressions and packs · submissions |
//! | 1 | [`model`] | units, numbers, values, vocabulary, project |
//! | 0 | [`base`] | sources, places, problems, text, dates, files |
//!
//! Floor 4 is kept for the trace of projects to goals.
//!
//! Invariants, each held by a test: arrows point down only; `language`/`rules` and `intake` do not know
//! each other; only `base` opens files; only `cli` and the binary print or exit; judging is pure and total;
//! core types are not serialised.

pub mod base;
pub mod cli;
pub mod intake;
pub mod judge;
pub mod language;
pub mod model;
pub mod report;
pub mod rules;
