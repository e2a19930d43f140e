//! Blocks as HTML, with links from numbers to where they were read.
//!
//! It does not know what the blocks say.

use std::cell::RefCell;

use maud::{Markup, PreEscaped, html};

use crate::base::text::Lang;
use crate::report::blocks::{Block, Cell, Grid, Size, Target};
use crate::report::page::Tone;

/// The class of a tone.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "bad",
        Tone::Open => "open",
        Tone::Good => "good",
        Tone::Faint => "faint",
        Tone::Plain => "plain",
        Tone::Strong => "strong",
    }
}

/// The parameter versions that a page cites, numbered as they are met.
#[derive(Debug, Default)]
pub(super) struct Figures(RefCell<Vec<(u16, usize)>>);

impl Figures {
    fn number(&self, figure: (u16, usize)) -> usize {
        let mut all = self.0.borrow_mut();
        if let Some(at) = all.iter().position(|f| *f == figure) {
            return at + 1;
        }
        all.push(figure);
        all.len()
    }

    /// All of them, in the order of their numbers.
    pub(super) fn all(&self) -> Vec<(u16, usize)> {
        self.0.borrow().clone()
    }
}

/// Where blocks stand: what their numbers lead to.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The number of the project, from 1; 0 outside projects.
    pub project: usize,
    /// The figures of the page.
    pub figures: &'a Figures,
    /// The language.
    pub lang: Lang,
}

impl Place<'_> {
    /// Links to where numbers come from.
    fn refs(&self, targets: &[Target]) -> Markup {
        if targets.is_empty() {
            return PreEscaped(String::new());
        }
        html! {
            span.ref {
                "["
                @for (at, target) in targets.iter().enumerate() {
                    @if at > 0 { " " }
                    @match target {
                        Target::Fact(number) => {
                            a href={ "#p" (self.project) "f" (number) } { (number) }
                        }
                        Target::Figure(parameter, version) => {
                            @let number = self.figures.number((*parameter, *version));
                            a href={ "#v" (number) } { "P" (number) }
                        }
                    }
                }
                "]"
            }
        }
    }

    /// Blocks in order.
    pub(super) fn blocks(&self, blocks: &[Block]) -> Markup {
        let mut out = String::new();
        let mut rest = blocks;
        while let Some((block, after)) = rest.split_first() {
            rest = after;
            let markup = match block {
                Block::Title(text) => html! { h3 { (text) } },
                Block::Heading(level, text) if *level < 2 => html! { h3 { (text) } },
                Block::Heading(_, text) => html! { h4 { (text) } },
                Block::Line(tone, text) => html! { p class=(class(*tone)) { (lines(text)) } },
                Block::Lead(tone, lead, text) => html! {
                    p { strong class=(class(*tone)) { (lead) } (text) }
                },
                Block::Item { .. } => {
                    let more = rest
                        .iter()
                        .take_while(|b| matches!(b, Block::Item { .. }))
                        .count();
                    let (items, after) = blocks_from(blocks, rest, more);
                    rest = after;
                    self.items(items)
                }
                Block::Branch(..) => {
                    let more = rest
                        .iter()
                        .take_while(|b| matches!(b, Block::Branch(..)))
                        .count();
                    let (rows, after) = blocks_from(blocks, rest, more);
                    rest = after;
                    tree(rows)
                }
                Block::Grid(grid) => self.grid(grid),
                Block::Blank(asked) => html! {
                    p { @for words in asked { (words) (self.lang.pick("：", ": ")) span.blank {} " " } }
                },
                Block::Across(_) | Block::Break => continue,
            };
            out.push_str(&markup.into_string());
        }
        PreEscaped(out)
    }

    fn items(&self, items: &[Block]) -> Markup {
        // Titles of rules need more room than words like 依据.
        let is_long = items
            .iter()
            .any(|b| matches!(b, Block::Item { label, .. } if label.chars().count() > 14));
        html! {
            dl class=[is_long.then_some("long")] {
                @for item in items {
                    @if let Block::Item { label, text, targets } = item {
                        @if !label.is_empty() { dt { (label) } }
                        dd { (lines(text)) (self.refs(targets)) }
                    }
                }
            }
        }
    }

    /// A table.
    pub(super) fn grid(&self, grid: &Grid) -> Markup {
        let size = match grid.size {
            Size::Normal => None,
            Size::Small => Some("small"),
            Size::Wide => Some("wide"),
        };
        let shares: u16 = grid.columns.iter().map(|(_, share)| share).sum();
        let headed = grid.columns.iter().any(|(head, _)| !head.is_empty());
        html! {
            div.scroll {
                table class=[size] {
                    @if grid.size != Size::Normal {
                        colgroup {
                            @for (_, share) in &grid.columns {
                                col style={ "width:" (u32::from(*share) * 100 / u32::from(shares.max(1))) "%" };
                            }
                        }
                    }
                    @if headed {
                        thead { tr { @for (head, _) in &grid.columns { th scope="col" { (head) } } } }
                    }
                    tbody {
                        @for (at, row) in grid.rows.iter().enumerate() {
                            tr id=[grid.facts.then(|| format!("p{}f{}", self.project, at + 1))] {
                                @for cell in row { (self.cell(cell)) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn cell(&self, cell: &Cell) -> Markup {
        let tone = cell.tone.map(class);
        if cell.tone == Some(Tone::Strong) {
            return html! { th scope="row" { @for line in &cell.lines { (line) } } };
        }
        html! {
            td class=[cell.is_number.then_some("number")] {
                @for (at, line) in cell.lines.iter().enumerate() {
                    @if at > 0 { br; }
                    @if let Some(tone) = tone.filter(|_| at == 0) {
                        strong class=(tone) { (line) }
                    } @else {
                        (line)
                    }
                }
                (self.refs(&cell.targets))
            }
        }
    }
}

/// The block before `rest` with so many after it, and what then remains.
fn blocks_from<'b>(
    blocks: &'b [Block],
    rest: &'b [Block],
    more: usize,
) -> (&'b [Block], &'b [Block]) {
    let start = blocks.len() - rest.len() - 1;
    let end = start + 1 + more;
    (
        blocks.get(start..end).unwrap_or(&[]),
        blocks.get(end..).unwrap_or(&[]),
    )
}

fn tree(rows: &[Block]) -> Markup {
    html! {
        ul.tree {
            @for row in rows {
                @if let Block::Branch(depth, text, notes) = row {
                    li style={ "--depth:" (depth) } {
                        (text)
                        @for note in notes { small { (note) } }
                    }
                }
            }
        }
    }
}

/// A text with its line breaks.
fn lines(text: &str) -> Markup {
    html! {
        @for (at, line) in text.lines().enumerate() {
            @if at > 0 { br; }
            (line)
        }
    }
}
