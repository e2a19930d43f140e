//! Markdown documents, for systems of cases and for plain archives: an opinion or a notice for each project.
//!
//! It adds no sentence of its own.

use std::io::{self, Write};

use super::Assessment;
use super::blocks::Block;
use super::documents::{Kind, Part, each};
use super::page::Page;
use crate::base::text::Lang;

/// Writes the documents one after the other, each with the words of its foot.
pub(super) fn write(
    run: &Assessment<'_>,
    kind: Kind,
    part: Part,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut is_first = true;
    each(run, kind, part, lang, |document| {
        let mut page = Page::markdown(lang);
        if !is_first {
            page.rule('─');
        }
        is_first = false;
        for block in &document.blocks {
            block.write(&mut page);
        }
        Block::Break.write(&mut page);
        if let Some(mark) = document.mark {
            page.line(0, super::page::Tone::Strong, mark);
        }
        page.line(0, super::page::Tone::Faint, document.foot);
        out.write_all(page.out.as_bytes())
    })
}
