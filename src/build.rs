//! Embeds the packs under `rules/` into the binary.

fn main() {}
