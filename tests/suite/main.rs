//! The integration tests: what hegui promises, over the packs and samples that ship.

mod world; // The embedded packs, and the sample projects read as the command line reads them.

mod samples; // Every sample project comes out as its README says.
