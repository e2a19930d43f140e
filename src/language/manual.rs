//! The manual of the language, printed from the tables the checker uses.
