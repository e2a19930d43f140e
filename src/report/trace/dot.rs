//! Answers for Graphviz.

use std::io::{self, Write};

use super::Answer;
use super::picture::{self, Line};
use crate::base::text::Lang;
use crate::report::Assessment;
use crate::report::layout::{clean, wrap};
use crate::trace::Edge;

/// Writes an answer.
pub(super) fn write(
    run: &Assessment<'_>,
    answer: &Answer,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let picture = picture::of(run, answer, lang);
    writeln!(out, "digraph hegui {{")?;
    let title = [picture.title.as_str(), picture.note.as_str()]
        .join("\n")
        .trim()
        .to_owned();
    writeln!(
        out,
        "  graph [rankdir=RL, label={}, labelloc=t, fontname=\"Noto Sans CJK SC\"];",
        quoted(&title)
    )?;
    writeln!(
        out,
        "  node [shape=box, style=\"rounded,filled\", fontname=\"Noto Sans CJK SC\", fontsize=10];"
    )?;
    writeln!(out, "  edge [fontname=\"Noto Sans CJK SC\", fontsize=8];")?;
    for (number, shape) in picture.shapes.iter().enumerate() {
        let (fill, line, text) = shape.look.colours();
        let mut label = wrap(&shape.words, 26, 26).join("\n");
        for (part, before) in [(&shape.id, true), (&shape.state, false)] {
            if !part.is_empty() {
                label = if before {
                    format!("{part}\n{label}")
                } else {
                    format!("{label}\n{part}")
                };
            }
        }
        let style = if shape.look.dashed() {
            ", style=\"rounded,filled,dashed\""
        } else {
            ""
        };
        writeln!(
            out,
            "  n{number} [label={}, tooltip={}, fillcolor=\"{fill}\", color=\"{line}\", fontcolor=\"{text}\"{style}];",
            quoted(&label),
            quoted(&shape.key)
        )?;
    }
    for line in &picture.lines {
        let Line { from, to, .. } = line;
        let label = if line.count > 1 {
            format!(", label=\"{}\"", line.count)
        } else {
            String::new()
        };
        // Arrows of the outline run against the page, so that all of the plan stands on one side.
        let (from, to, back) = if matches!(line.edge, Edge::Contains | Edge::Measured) {
            (to, from, ", dir=back")
        } else {
            (from, to, "")
        };
        writeln!(
            out,
            "  n{from} -> n{to} [color=\"{}\"{back}{label}];",
            line.colour()
        )?;
    }
    writeln!(out, "}}")
}

/// A quoted string of the DOT language.
fn quoted(text: &str) -> String {
    let text = clean(text).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}
