//! Answers for Mermaid, which pages and wikis draw.

use std::io::{self, Write};

use super::Answer;
use super::picture::{self, looks};
use crate::base::text::Lang;
use crate::report::Assessment;
use crate::report::layout::clean;
use crate::trace::Edge;

/// Writes an answer.
pub(super) fn write(
    run: &Assessment<'_>,
    answer: &Answer,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let picture = picture::of(run, answer, lang);
    writeln!(out, "%% {}", clean(&picture.title).replace('\n', " "))?;
    if !picture.note.is_empty() {
        writeln!(out, "%% {}", picture.note)?;
    }
    writeln!(out, "flowchart RL")?;
    for (number, shape) in picture.shapes.iter().enumerate() {
        let parts = [&shape.id, &shape.words, &shape.state];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| escaped(part))
            .collect();
        let class = shape.look.class();
        writeln!(out, "  n{number}[\"{}\"]:::{class}", parts.join("<br/>"))?;
    }
    for line in &picture.lines {
        let (from, to) = (line.from, line.to);
        let label = if line.count > 1 {
            format!("|{}|", line.count)
        } else {
            String::new()
        };
        // The plan stands on the left: its parts are joined to what contains them, without an arrow.
        if matches!(line.edge, Edge::Contains | Edge::Measured) {
            writeln!(out, "  n{to} --- n{from}")?;
        } else {
            writeln!(out, "  n{from} -->{label} n{to}")?;
        }
    }
    for look in looks(&picture) {
        let (fill, line, text) = look.colours();
        let dash = if look.dashed() {
            ",stroke-dasharray:4 3"
        } else {
            ""
        };
        writeln!(
            out,
            "  classDef {} fill:{fill},stroke:{line},color:{text}{dash}",
            look.class()
        )?;
    }
    Ok(())
}

/// Words in a quoted label: everything that Mermaid reads as its own is written as an entity.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in clean(text).chars() {
        match c {
            '\n' => out.push(' '),
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '[' | ']' | '{' | '}' | '|' | ';' => {
                out.push('#');
                out.push_str(&u32::from(c).to_string());
                out.push(';');
            }
            c => out.push(c),
        }
    }
    out
}
