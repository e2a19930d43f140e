//! The `hegui` command.

fn main() {}
