//! The body of a Word document: paragraphs, tables and sections made from blocks.
//!
//! It does not know what the blocks say.

use std::fmt::Write as _;

use super::{MAIN, REL};
use crate::base::text::Lang;
use crate::report::blocks::{Block, Cell, Grid, Size, facts};
use crate::report::documents::{Document, Kind};
use crate::report::layout::xml;
use crate::report::page::Tone;

/// A4, with the margins of office papers, in twentieths of a point.
const PAGE: (u32, u32) = (11906, 16838);
const MARGIN: Margin = Margin {
    top: 1701,
    bottom: 1418,
    left: 1588,
    right: 1474,
};
/// What a table may take of a page that stands, and of one that lies.
const STANDING: u32 = PAGE.0 - MARGIN.left - MARGIN.right;
const LYING: u32 = PAGE.1 - 2 * SIDE;
/// The margins at the sides of a page that lies.
const SIDE: u32 = 1021;

struct Margin {
    top: u32,
    bottom: u32,
    left: u32,
    right: u32,
}

/// A body being written.
pub(super) struct Body {
    out: String,
    lang: Lang,
    kind: Kind,
    /// True while pages lie.
    across: bool,
    /// True if the document at hand has words across its pages.
    marked: bool,
    is_first: bool,
}

impl Body {
    pub(super) fn new(kind: Kind, lang: Lang) -> Self {
        Self {
            out: format!("<w:document xmlns:w=\"{MAIN}\" xmlns:r=\"{REL}\"><w:body>"),
            lang,
            kind,
            across: false,
            marked: false,
            is_first: true,
        }
    }

    /// Adds a document, on a new page.
    pub(super) fn document(&mut self, document: &Document) {
        if !self.is_first {
            self.end_section();
        }
        self.is_first = false;
        self.marked = document.mark.is_some();
        for block in &document.blocks {
            self.block(block);
        }
    }

    /// The whole part.
    pub(super) fn finish(mut self) -> String {
        let section = self.section();
        let _ = write!(self.out, "{section}</w:body></w:document>");
        self.out
    }

    fn section(&self) -> String {
        let header = if self.marked { "rId3" } else { "rId4" };
        let (size, margins) = if self.across {
            (
                format!(
                    "<w:pgSz w:w=\"{}\" w:h=\"{}\" w:orient=\"landscape\"/>",
                    PAGE.1, PAGE.0
                ),
                Margin {
                    top: 1134,
                    bottom: 1134,
                    left: SIDE,
                    right: SIDE,
                },
            )
        } else {
            (
                format!("<w:pgSz w:w=\"{}\" w:h=\"{}\"/>", PAGE.0, PAGE.1),
                MARGIN,
            )
        };
        let Margin {
            top,
            bottom,
            left,
            right,
        } = margins;
        format!(
            "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"{header}\"/><w:footerReference w:type=\"default\" r:id=\"rId5\"/>{size}<w:pgMar w:top=\"{top}\" w:right=\"{right}\" w:bottom=\"{bottom}\" w:left=\"{left}\" w:header=\"624\" w:footer=\"624\" w:gutter=\"0\"/></w:sectPr>"
        )
    }

    /// Ends a section: what follows stands on a new page.
    fn end_section(&mut self) {
        let section = self.section();
        let _ = write!(
            self.out,
            "<w:p><w:pPr><w:spacing w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/>{section}</w:pPr></w:p>"
        );
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(text) => self.paragraph("Title", "", &run(text, "")),
            Block::Heading(level, text) => {
                let style = if *level == 1 { "Heading1" } else { "Heading2" };
                self.paragraph(style, "", &run(text, ""));
            }
            Block::Line(tone, text) => {
                // A letter's paragraphs begin two characters in.
                let indent = match (self.kind, self.lang) {
                    (Kind::Notice, Lang::Zh) if text.chars().count() > 30 => {
                        "<w:ind w:firstLineChars=\"200\" w:firstLine=\"600\"/>"
                    }
                    _ => "",
                };
                // Remarks and long lists are set as small as tables.
                let style = if *tone == Tone::Faint {
                    "Dense"
                } else {
                    "Normal"
                };
                self.paragraph(style, indent, &run(text, &look(*tone)));
            }
            Block::Lead(tone, lead, rest) => {
                let lead = run(lead, &format!("<w:b/>{}", colour(*tone)));
                self.paragraph("Normal", "", &(lead + &run(rest, "")));
            }
            Block::Item {
                label,
                text,
                targets,
            } => {
                let colon = self.lang.pick("：", ": ");
                let label = if label.is_empty() {
                    String::new()
                } else {
                    run(&format!("{label}{colon}"), "<w:b/>")
                };
                let mut words = run(text, "");
                let numbers = facts(targets);
                if !numbers.is_empty() {
                    let (open, close) = match self.lang {
                        Lang::Zh => ("〔事实 ", "〕"),
                        Lang::En => (" [facts ", "]"),
                    };
                    words.push_str(&run(&format!("{open}{numbers}{close}"), FAINT));
                }
                let indent = "<w:ind w:left=\"420\" w:hanging=\"420\"/>";
                self.paragraph("Normal", indent, &(label + &words));
            }
            Block::Branch(depth, text, notes) => {
                let left = |depth: usize| 360 * (u32::try_from(depth).unwrap_or(0) + 1);
                let indent = |at: u32| format!("<w:ind w:left=\"{at}\" w:hanging=\"240\"/>");
                let text = run(&format!("· {text}"), "");
                self.paragraph("Normal", &indent(left(*depth)), &text);
                for note in notes {
                    self.paragraph("Normal", &indent(left(depth + 1)), &run(note, FAINT));
                }
            }
            Block::Grid(grid) => self.grid(grid),
            Block::Blank(asked) => {
                let colon = self.lang.pick("：", ": ");
                let blank = run(&"\u{A0}".repeat(22), "<w:u w:val=\"single\"/>");
                let all = asked
                    .iter()
                    .map(|words| format!("{}{blank}", run(&format!("{words}{colon}"), "")));
                let all = all.collect::<Vec<_>>().join(&run("\u{2003}", ""));
                self.paragraph("Normal", "", &all);
            }
            Block::Across(across) => {
                self.end_section();
                self.across = *across;
            }
            Block::Break => {
                self.paragraph("Normal", "", "<w:r><w:br w:type=\"page\"/></w:r>");
            }
        }
    }

    fn paragraph(&mut self, style: &str, properties: &str, runs: &str) {
        let _ = write!(
            self.out,
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{properties}</w:pPr>{runs}</w:p>"
        );
    }

    fn grid(&mut self, grid: &Grid) {
        let room = if self.across { LYING } else { STANDING };
        let shares: u32 = grid.columns.iter().map(|(_, s)| u32::from(*s)).sum();
        let widths: Vec<u32> = grid
            .columns
            .iter()
            .map(|(_, share)| room * u32::from(*share) / shares.max(1))
            .collect();
        let style = if grid.size == Size::Normal {
            "Table"
        } else {
            "Dense"
        };
        let _ = write!(
            self.out,
            "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblBorders>{}</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>",
            widths.iter().sum::<u32>(),
            ["top", "left", "bottom", "right", "insideH", "insideV"]
                .map(|side| format!(
                    "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"595959\"/>"
                ))
                .concat()
        );
        for width in &widths {
            let _ = write!(self.out, "<w:gridCol w:w=\"{width}\"/>");
        }
        self.out.push_str("</w:tblGrid>");
        if grid.columns.iter().any(|(head, _)| !head.is_empty()) {
            self.out
                .push_str("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
            for ((head, _), width) in grid.columns.iter().zip(&widths) {
                let _ = write!(
                    self.out,
                    "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"EDEFF2\"/></w:tcPr>"
                );
                self.paragraph(style, "<w:jc w:val=\"center\"/>", &run(head, "<w:b/>"));
                self.out.push_str("</w:tc>");
            }
            self.out.push_str("</w:tr>");
        }
        for row in &grid.rows {
            self.out.push_str("<w:tr>");
            for (cell, width) in row.iter().zip(&widths) {
                let _ = write!(
                    self.out,
                    "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>"
                );
                self.cell(style, cell);
                self.out.push_str("</w:tc>");
            }
            self.out.push_str("</w:tr>");
        }
        self.out.push_str("</w:tbl>");
        // Two tables must not touch.
        self.out.push_str(
            "<w:p><w:pPr><w:spacing w:after=\"0\" w:line=\"120\" w:lineRule=\"exact\"/></w:pPr></w:p>",
        );
    }

    fn cell(&mut self, style: &str, cell: &Cell) {
        let numbers = facts(&cell.targets);
        if cell.lines.is_empty() || !numbers.is_empty() {
            self.paragraph(style, "", &run(&numbers, ""));
        }
        for (at, line) in cell.lines.iter().enumerate() {
            // What stands out is the first line: the verdict, not its remarks.
            let tone = cell.tone.filter(|_| at == 0);
            let look = tone.map(|tone| format!("<w:b/>{}", colour(tone)));
            let side = if cell.is_number {
                "<w:jc w:val=\"right\"/>"
            } else {
                ""
            };
            self.paragraph(style, side, &run(line, &look.unwrap_or_default()));
        }
    }
}

const FAINT: &str = "<w:color w:val=\"595959\"/>";

/// The colour of a tone: each stands out from white by more than 7 to 1.
fn colour(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "<w:color w:val=\"8F1D1D\"/>",
        Tone::Open => "<w:color w:val=\"6B4400\"/>",
        Tone::Good => "<w:color w:val=\"1F5632\"/>",
        Tone::Faint => FAINT,
        Tone::Plain | Tone::Strong => "",
    }
}

fn look(tone: Tone) -> String {
    let bold = if tone == Tone::Strong { "<w:b/>" } else { "" };
    format!("{bold}{}", colour(tone))
}

/// Words in a look; their line breaks are kept.
fn run(text: &str, look: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let look = if look.is_empty() {
        String::new()
    } else {
        format!("<w:rPr>{look}</w:rPr>")
    };
    let lines: Vec<String> = text
        .lines()
        .map(|line| format!("<w:t xml:space=\"preserve\">{}</w:t>", xml(line)))
        .collect();
    format!("<w:r>{look}{}</w:r>", lines.join("<w:br/>"))
}
