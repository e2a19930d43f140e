//! hegui (合规) judges project proposals against a plan and the law, and shows its reasons.
//!
//! Data flows one way: `Source → rules → Pack`; `Source → intake → Project`;
//! `judge` takes both and returns findings and decisions; `trace` links them to the plan's goals;
//! `report` writes an `Assessment` and a `Trace`; `cli` decides what runs.
//!
//! | floor | rooms | knows |
//! | --- | --- | --- |
//! | 6 | [`cli`] | which command runs; prints and exits |
//! | 5 | [`report`] | one file per output format |
//! | 4 | [`trace`] | every project to the goals it serves, and back: one graph; pure |
//! | 3 | [`judge`] | pack × project → findings, decisions; pure |
//! | 2 | [`language`] → [`rules`] · [`intake`] · [`overlay`] | expressions and packs · submissions · maps |
//! | 1 | [`model`] | units, numbers, values, vocabulary, project |
//! | 0 | [`base`] | sources, places, problems, text, dates, files |
//!
//! Invariants, each held by a test: arrows point down only; `language`/`rules`, `intake` and `overlay` do not know
//! each other; only `base` opens files; only `cli` and the binary print or exit; judging is pure and total;
//! core types are not serialised.

pub mod base;
pub mod cli;
pub mod intake;
pub mod judge;
pub mod language;
pub mod model;
pub mod overlay;
pub mod report;
pub mod rules;
pub mod trace;
