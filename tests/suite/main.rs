//! The integration tests: what hegui promises, over the packs and samples that ship.

mod program; // Runs the program as a person or a CI job does, in folders of its own.
mod reports; // What JSON reports say once, put back where it is meant, for tests of single findings.
mod world; // The embedded packs, and the sample projects read as the command line reads them.

mod audit; // Records of runs: what is kept, done again, and named when it was tampered with.
mod baseline; // Only what is new fails a run: against an earlier report, and against a revision of git.
mod boundary_text; // The 拐点坐标 text in all its variants: what is read, what is said, what is underlined.
mod ci_reports; // What CI servers read agrees with the exit code, and nothing hostile gets through.
mod cli; // Exit codes, streams, what mistakes look like on a terminal, what does not matter.
mod dated; // The law changes to the day, and a plan that is over only advises.
mod diff; // Two runs compared: what changed, and whether proposal, rules, dates or waivers changed it.
mod documents; // What is filed: the page, the workbook, opinions and notices.
mod hostile; // Input that nobody writes in good faith gives a problem soon, and the rest is judged.
mod language; // Printing and parsing, Kleene's laws, a second evaluator, and where mistakes are underlined.
mod large_tables; // A compiled form of a large table changes nothing but the time, and its cache is never an error.
mod maps; // The same parcels in every map format, coordinate systems in doubt, figures of PROJ, damaged files.
mod monotone; // What may not change a verdict, and in which direction other things may.
mod mutants; // Each figure, comparison, operand, exception and table row of the packs is held by a case.
mod outputs; // Several reports in one run: each file whole or not there at all.
mod overlay; // Boundaries measured against layers: what stands, what is missing, what is kept, what is drawn.
mod packs; // The shipped packs are whole; a broken pack reports every mistake at its place.
mod plan; // The plan pack accounts for every section and clause of the plan.
mod portfolio; // What many projects add up to, on a small pack of its own.
mod progress; // How far work has come: nothing in a pipe, lines in a log, nothing when quiet.
mod readme; // What the README shows is what the program does.
mod samples; // Every sample project comes out as its README says.
mod sarif; // SARIF is what the standard says, carries every finding, and recognises it wherever it stands.
mod schemas; // The published schemas: what ships validates, what is broken does not.
mod snapshots; // What every sample's report looks like, in text and JSON.
mod split; // Applications that may be one project.
mod tidy; // The house keeps its order: floors, first lines, who opens files, who prints.
mod trace; // Every project to the goals it serves: states, gaps, paths, impact, and what is written of them.
mod verdicts; // The law of verdicts, ceilings and waivers, on small packs of their own.
mod workbooks; // Submissions in workbooks and tables: of other programs, in folders, and hostile ones.
