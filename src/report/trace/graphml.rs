//! Answers as `GraphML`, for graph editors: kinds, ids, states and links as data, nothing folded or laid out.

use std::io::{self, Write};

use super::{Answer, words};
use crate::base::text::Lang;
use crate::judge::wording;
use crate::report::Assessment;
use crate::report::layout::xml;
use crate::trace::Edge;
use crate::trace::graph::Node;

/// Data of nodes and edges.
const KEYS: [(&str, &str); 10] = [
    ("node", "kind"),
    ("node", "id"),
    ("node", "title"),
    ("node", "state"),
    ("node", "decision"),
    ("edge", "link"),
    ("edge", "support"),
    ("edge", "indicator"),
    ("edge", "contribution"),
    ("edge", "evidence"),
];

/// Writes an answer.
pub(super) fn write(
    run: &Assessment<'_>,
    answer: &Answer,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let trace = run.trace;
    let graph = &trace.graph;
    let view = answer.view(run);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">"
    )?;
    for (of, name) in KEYS {
        writeln!(
            out,
            "  <key id=\"{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"string\"/>"
        )?;
    }
    writeln!(out, "  <graph id=\"hegui\" edgedefault=\"directed\">")?;
    let title = super::text::title(run, answer);
    writeln!(out, "    <desc>{}</desc>", xml(title.get(lang)))?;
    for node in &view.nodes {
        writeln!(out, "    <node id=\"{}\">", xml(&graph.key(*node)))?;
        data(out, "kind", node.kind())?;
        data(out, "id", graph.id_of(*node))?;
        data(out, "title", graph.title(*node).get(lang))?;
        match node {
            Node::Goal(goal) => data(out, "state", trace.standing.goal(*goal as usize).id())?,
            Node::Project(project) => {
                data(out, "state", trace.standing.link(*project as usize).id())?;
                data(
                    out,
                    "decision",
                    words::decision(trace, *project as usize).id(),
                )?;
            }
            _ => {}
        }
        writeln!(out, "    </node>")?;
    }
    for (number, (from, to, edge)) in view.edges.iter().filter_map(|e| graph.edge(*e)).enumerate() {
        writeln!(
            out,
            "    <edge id=\"e{number}\" source=\"{}\" target=\"{}\">",
            xml(&graph.key(from)),
            xml(&graph.key(to))
        )?;
        data(out, "link", words::edge_id(edge))?;
        if let (Node::Project(project), Edge::Supports(_)) = (from, edge) {
            data(out, "support", trace.standing.link(project as usize).id())?;
        }
        if let Some(claim) = words::claim(trace, from, edge) {
            data(out, "indicator", claim.indicator.as_deref().unwrap_or(""))?;
            let adds = wording::contribution(run.engine.packs, claim).unwrap_or_default();
            data(out, "contribution", adds.get(lang))?;
            data(out, "evidence", claim.evidence.as_deref().unwrap_or(""))?;
        }
        writeln!(out, "    </edge>")?;
    }
    writeln!(out, "  </graph>")?;
    writeln!(out, "</graphml>")
}

fn data(out: &mut dyn Write, key: &str, value: &str) -> io::Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    writeln!(out, "      <data key=\"{key}\">{}</data>", xml(value))
}
