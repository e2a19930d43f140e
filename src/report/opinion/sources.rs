//! What an opinion rests on and who answers for it: instruments, packs, replies, maps, signatures.
//!
//! It does not judge; what no file says stays blank.

use std::collections::BTreeMap;

use super::Opinion;
use crate::base::date::Date;
use crate::base::text::Text;
use crate::judge::finding::Verdict;
use crate::judge::wording;
use crate::model::instrument::Instrument;
use crate::model::project::{FactRef, Origin};
use crate::model::site::Site;
use crate::report::blocks::{Block, Cell, Grid, Size};
use crate::report::page::{Page, Tone};
use crate::report::{phrases, site, text as text_report};
use crate::rules::rule::Cited;
use crate::text;

impl Opinion<'_, '_> {
    /// 依据: each instrument with its number, the articles cited, and whether it was in force.
    pub(in crate::report) fn bases(&self, page: &mut Page) {
        let lang = self.lang;
        let packs = self.run.engine.packs;
        text_report::heads(page, self.run);
        let mut instruments: BTreeMap<(_, u16), (Vec<&str>, Date)> = BTreeMap::new();
        let mut sections: Vec<String> = Vec::new();
        let judged = self.judged.findings.iter();
        for finding in judged.filter(|f| f.verdict != Verdict::NotApplicable) {
            let Some(rule) = packs.rules.get(usize::from(finding.rule)) else {
                continue;
            };
            for basis in phrases::cited_by(self.run, rule, finding) {
                match basis.cited {
                    Cited::Instrument(index) => {
                        let level = packs.library.instruments.get(usize::from(index));
                        let key = (level.map(|i| i.level), index);
                        let entry = instruments
                            .entry(key)
                            .or_insert_with(|| (Vec::new(), finding.as_of));
                        entry.1 = entry.1.max(finding.as_of);
                        if !basis.article.is_empty() && !entry.0.contains(&basis.article.as_str()) {
                            entry.0.push(&basis.article);
                        }
                    }
                    Cited::Section(_) => {
                        let words = wording::basis(packs, basis).get(lang).to_owned();
                        if !sections.contains(&words) {
                            sections.push(words);
                        }
                    }
                }
            }
        }
        let mut grid = Grid {
            size: Size::Small,
            ..Grid::with(&[
                (lang.pick("名称", "instrument"), 13),
                (lang.pick("文号", "number"), 7),
                (lang.pick("层级", "rank"), 4),
                (lang.pick("条款", "articles"), 10),
                (lang.pick("状态", "status"), 11),
            ])
        };
        for ((_, index), (articles, day)) in instruments {
            let Some(instrument) = packs.library.instruments.get(usize::from(index)) else {
                continue;
            };
            grid.rows.push(vec![
                Cell::new(instrument.title.get(lang)),
                Cell::new(&instrument.number),
                Cell::new(instrument.level.label().get(lang)),
                Cell::new(&articles.join(lang.pick("、", ", "))),
                Cell::new(self.status(instrument, day).get(lang)),
            ]);
        }
        page.grid(grid);
        if !sections.is_empty() {
            let label = lang.pick("规划", "plan").to_owned();
            page.item(0, &label, &page.joined(&sections));
        }
    }

    /// Whether an instrument was in force when it was last applied, and until when.
    fn status(&self, instrument: &Instrument, day: Date) -> Text {
        let period = instrument.period;
        let words = period.words();
        let sure = instrument.confidence.label();
        let successor = instrument
            .successor
            .as_deref()
            .and_then(|id| {
                let mut all = self.run.engine.packs.library.instruments.iter();
                all.find(|i| i.id == id)
            })
            .map(|i| {
                let Text { zh, en } = &i.title;
                Text::new(format!("；后续 {zh}"), format!("; replaced by {en}"))
            });
        let successor = successor.unwrap_or_default();
        let (zh, en) = if period.contains(day) {
            ("适用时有效", "in force")
        } else {
            ("适用时不在有效期", "not in force")
        };
        let (words, sure) = if words.is_empty() {
            (sure, Text::default())
        } else {
            (
                words,
                Text::new(format!("；{}", sure.zh), format!("; {}", sure.en)),
            )
        };
        Text::new(
            format!("{zh}（{}{}）{}", words.zh, sure.zh, successor.zh),
            format!("{en} ({}{}){}", words.en, sure.en, successor.en),
        )
    }

    /// 数据与图层: what was read, from whom, and whether it is synthetic.
    pub(in crate::report) fn data(&self, page: &mut Page) {
        let lang = self.lang;
        let label = lang.pick("申报文件", "submission").to_owned();
        page.item(0, &label, &self.project.file);
        if let Some(own) = &self.project.site {
            let packs = self.run.engine.packs;
            self.boundary(own, page);
            let layers = packs.layers.all.iter().zip(&own.overlays);
            for (layer, overlay) in layers {
                if let Some(file) = &overlay.file {
                    page.item(0, layer.label.get(lang), site::source(file).get(lang));
                }
            }
        }
        if self.project.sample {
            let label = lang.pick("模拟", "synthetic").to_owned();
            let words = lang.pick(
                "演示数据，不代表真实项目",
                "sample data, not a real project",
            );
            page.item(0, &label, words);
        }
    }

    /// 部门意见: the replies that confirm facts, each with what it confirms.
    pub(in crate::report) fn replies(&self, page: &mut Page) {
        let lang = self.lang;
        let library = &self.run.engine.packs.library;
        let mut replies: Vec<([String; 3], Vec<String>)> = Vec::new();
        for field in library.vocabulary.slots() {
            let reference = FactRef::project(*field);
            let Some(fact) = self.project.find(&library.vocabulary, reference) else {
                continue;
            };
            let Origin::Replied(reply) = &fact.origin else {
                continue;
            };
            let key = [
                reply.department.clone(),
                reply.number.clone(),
                reply.date.map(|d| d.to_string()).unwrap_or_default(),
            ];
            let label = wording::fact_label(library, self.project, reference);
            let value = wording::fact_value(library, self.project, reference).unwrap_or_default();
            let words = format!("{} {}", label.get(lang), value.get(lang));
            match replies.iter_mut().find(|(k, _)| *k == key) {
                Some((_, all)) => all.push(words),
                None => replies.push((key, vec![words])),
            }
        }
        let mut grid = Grid {
            size: Size::Small,
            ..Grid::with(&[
                (lang.pick("部门", "department"), 8),
                (lang.pick("文号", "number"), 7),
                (lang.pick("日期", "date"), 5),
                (lang.pick("意见", "what it says"), 20),
            ])
        };
        for ([department, number, date], all) in replies {
            grid.rows.push(vec![
                Cell::new(&department),
                Cell::new(&number),
                Cell::new(&date),
                Cell::new(&all.join(lang.pick("；", "; "))),
            ]);
        }
        page.grid(grid);
    }

    /// 用地边界: the site in a few lines, and which layers are missing.
    fn boundary(&self, own: &Site, page: &mut Page) {
        let lang = self.lang;
        let mut label = lang.pick("用地边界", "boundary").to_owned();
        let missing = site::missing(self.run.engine.packs, own);
        for line in site::about(own).into_iter().chain(missing) {
            page.item(0, &label, line.get(lang));
            label.clear();
        }
    }

    /// 用地套合: what the site and the layers have in common, polygon by polygon.
    pub(in crate::report) fn overlaps(&self, page: &mut Page) {
        let Some(own) = self.project.site.as_deref() else {
            return;
        };
        let lang = self.lang;
        let packs = self.run.engine.packs;
        self.boundary(own, page);
        if own.broken {
            return;
        }
        let (grid, more) = site::overlap_grid(packs, own, lang);
        if grid.rows.is_empty() {
            let none = text!(
                "与已套合的图层没有重叠。",
                "No overlap with the layers that were measured."
            );
            return page.line(0, Tone::Plain, none.get(lang));
        }
        page.grid(grid);
        if more > 0 {
            page.line(0, Tone::Faint, site::unlisted(more).get(lang));
        }
    }

    /// 附图: what was measured, and where maps go.
    pub(in crate::report) fn maps(&self, page: &mut Page) {
        self.overlaps(page);
        if self.project.site.as_ref().is_some_and(|site| !site.broken) {
            let (file, id) = (&self.project.file, &self.project.id);
            let mut drawn = self.run.projects.iter().filter(|p| p.boundary.is_some());
            let is_alone = !drawn.any(|p| p.file == *file && p.id != *id);
            let which = if is_alone {
                String::new()
            } else {
                format!(" --project {id}")
            };
            let words = text!(
                "套合图附后：hegui map {file}{which} -o 套合图.svg 生成，HTML 报告中也有同一张图。",
                "The map is attached: `hegui map {file}{which} -o map.svg` draws it, and the HTML report has the same."
            );
            page.line(0, Tone::Plain, words.get(self.lang));
        }
        let asked = [
            self.pick("坐标系", "coordinate system"),
            self.pick("比例尺", "scale"),
            self.pick("制图日期", "date of the map"),
        ];
        page.block(Block::Blank(asked.map(str::to_owned).to_vec()));
    }

    /// 经办、复核、审核, the seal, and the record of the run.
    pub(in crate::report) fn signatures(&self, page: &mut Page) {
        let lang = self.lang;
        let date = lang.pick("日期", "date");
        for (zh, en) in [
            ("经办", "prepared by"),
            ("复核", "checked by"),
            ("审核", "approved by"),
        ] {
            let asked = vec![lang.pick(zh, en).to_owned(), date.to_owned()];
            page.block(Block::Blank(asked));
        }
        let seal = lang.pick("（印章）", "(seal)").to_owned();
        page.line(0, Tone::Plain, &seal);
        let record = lang
            .pick("运行记录摘要", "hash of the run's record")
            .to_owned();
        page.block(Block::Blank(vec![record]));
    }
}
