//! What stands on each sheet of the workbook.
//!
//! It does not know how cells look.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Workbook, XlsxError};

use super::{Book, Filling, Head, Sheet, Value};
use crate::base::problem::Severity;
use crate::base::text::Text;
use crate::judge::decision::Decision;
use crate::judge::finding::{Finding, Judged, Verdict};
use crate::model::project::{FactRef, Project};
use crate::model::stage::Stage;
use crate::report::blocks::{Block, Cell};
use crate::report::layout::{NAME, cut};
use crate::report::opinion::demands::{self, Who};
use crate::report::opinion::{Opinion, facts};
use crate::report::page::{Page, Tone};
use crate::report::trace::matrix;
use crate::report::{Entry, portfolio, splits, summary, text};
use crate::text;
use crate::trace::LinkState;
use crate::trace::graph::Node;

impl<'r> Book<'_, 'r> {
    fn opinions(&self) -> impl Iterator<Item = Opinion<'_, 'r>> {
        let numbers = 0..self.run.projects.len();
        numbers.filter_map(|n| Opinion::of(self.run, &self.excerpts, n, self.lang))
    }

    /// Blocks as rows of two cells: what something is, and what is said of it.
    fn said(&self, write: impl FnOnce(&mut Page)) -> Vec<Vec<Value>> {
        let mut page = Page::document(self.lang);
        write(&mut page);
        let mut rows: Vec<Vec<Value>> = Vec::new();
        for block in page.into_blocks() {
            match block {
                Block::Title(text) | Block::Heading(_, text) => {
                    rows.push(vec![Value::Toned(text, Tone::Strong), "".into()]);
                }
                Block::Line(tone, text) => {
                    rows.push(vec!["".into(), Value::Toned(text, tone)]);
                }
                Block::Lead(tone, lead, rest) => {
                    rows.push(vec![
                        Value::Toned(lead, tone),
                        rest.trim().to_owned().into(),
                    ]);
                }
                Block::Item { label, text, .. } => rows.push(vec![label.into(), text.into()]),
                Block::Branch(depth, text, notes) => {
                    let text = format!("{}{text}", "　".repeat(depth));
                    let lines = std::iter::once(text).chain(notes);
                    rows.push(vec!["".into(), lines.collect::<Vec<_>>().into()]);
                }
                Block::Grid(grid) => {
                    let words = |row: &Vec<Cell>| {
                        let cells: Vec<String> = row.iter().map(Cell::plain).collect();
                        cells.join(self.pick("｜", " | "))
                    };
                    rows.extend(grid.rows.iter().map(|r| vec!["".into(), words(r).into()]));
                }
                Block::Blank(_) | Block::Across(_) | Block::Break => {}
            }
        }
        rows
    }

    /// 说明: what a reader must know first, and how many projects came to each decision.
    pub(super) fn about(&self) -> Sheet {
        let mut sheet = Sheet::new(
            self.pick("说明", "About"),
            &[
                (self.pick("事项", "item"), 26),
                (self.pick("内容", "content"), 110),
            ],
        );
        sheet.rows = self.said(|page| {
            text::head(page, self.run);
            for (decision, count) in self.run.counts() {
                if count > 0 {
                    let label = summary::short(decision);
                    let tone = summary::tone(decision);
                    page.lead(0, tone, label.get(self.lang), &format!(" {count}"));
                }
            }
            for skipped in self.run.skipped {
                let label = self.pick("未读取", "skipped").to_owned();
                let colon = self.pick("：", ": ");
                let text = format!("{}{colon}{}", skipped.path, skipped.why.get(self.lang));
                page.item(0, &label, &text);
            }
        });
        sheet
    }

    pub(super) fn projects(&self) -> Sheet {
        let mut sheet = Sheet::new(
            self.pick("项目", "Projects"),
            &[
                (self.pick("结论（建议）", "decision"), 22),
                (self.pick("项目名称", "project"), 30),
                (self.pick("编号", "id"), 26),
                (self.pick("项目代码", "code"), 27),
                (self.pick("办理环节", "stage"), 20),
                (self.pick("申报日期", "submitted"), 12),
                (self.pick("不符合", "fail"), 8),
                (self.pick("暂无法判定", "undetermined"), 11),
                (self.pick("后续应办", "upcoming"), 10),
                (self.pick("符合", "pass"), 8),
                (self.pick("不涉及", "not applicable"), 10),
                (self.pick("人工认定", "waived"), 10),
                (
                    self.pick("依据未核实数值的符合", "passes on unverified figures"),
                    14,
                ),
                (self.pick("支撑目标", "goals"), 10),
                (self.pick("演示数据", "sample"), 10),
                (self.pick("文件", "file"), 46),
            ],
        );
        for entry in self.run.entries {
            let index = match entry {
                Entry::Project(index) => *index,
                Entry::Unread(file) => {
                    let label = Decision::Unassessed.label();
                    let label = Value::Toned(label.get(self.lang).to_owned(), Tone::Open);
                    let mut row = vec![label];
                    row.resize_with(15, || "".into());
                    row.push(file.as_str().into());
                    sheet.rows.push(row);
                    continue;
                }
            };
            let Some(opinion) = Opinion::of(self.run, &self.excerpts, index, self.lang) else {
                continue;
            };
            let (project, judged) = (opinion.project, opinion.judged);
            let stage = project.stage.map(Stage::label).unwrap_or_default();
            let submitted = project.submitted.map(|s| s.date.to_string());
            let mut row: Vec<Value> = vec![
                Value::Toned(opinion.decided(), summary::tone(judged.decision)),
                opinion.name().into(),
                project.id.as_str().into(),
                opinion.code().unwrap_or_default().into(),
                stage.get(self.lang).into(),
                submitted.unwrap_or_default().into(),
            ];
            row.extend(Verdict::ALL.map(|verdict| judged.count(verdict).into()));
            row.extend([
                judged.waived().into(),
                judged.unverified_passes().into(),
                self.run.trace.graph.claims(index).len().into(),
                self.pick_if(project.sample).into(),
                project.file.as_str().into(),
            ]);
            sheet.rows.push(row);
        }
        sheet
    }

    fn pick_if(&self, is: bool) -> &'static str {
        if is { self.pick("是", "yes") } else { "" }
    }

    /// 核查结果: the findings of rules that apply.
    pub(super) fn findings(&self, book: &mut Workbook) -> Result<(), XlsxError> {
        let head = Head::new(
            self.pick("核查结果", "Findings"),
            &[
                (self.pick("项目名称", "project"), 24),
                (self.pick("编号", "id"), 22),
                (self.pick("单项结论", "verdict"), 13),
                (self.pick("影响结论", "drives"), 14),
                (self.pick("规则", "rule"), 30),
                (self.pick("规则编号", "rule id"), 24),
                (self.pick("类别", "kind"), 12),
                (self.pick("最迟办结环节", "due"), 14),
                (self.pick("说明", "message"), 44),
                (self.pick("要求", "asked"), 34),
                (self.pick("申报值、实测值", "stated or measured"), 34),
                (self.pick("计算", "compared"), 48),
                (self.pick("取值", "figures"), 40),
                (self.pick("依据", "basis"), 40),
                (self.pick("办法", "to do"), 34),
                (self.pick("缺少", "missing"), 30),
                (self.pick("适用时点", "as of"), 22),
                (self.pick("备注", "notes"), 40),
                (self.pick("出处", "where"), 24),
            ],
        );
        let mut sheet = Filling::new(self, book, head)?;
        for opinion in self.opinions() {
            let (name, id) = (opinion.short_name(), opinion.project.id.as_str());
            let mut findings: Vec<_> = applied(opinion.judged, true).collect();
            findings.sort_by_key(|f| (f.verdict, std::cmp::Reverse(f.effective()), f.rule));
            for finding in findings {
                let Some(row) = opinion.row(finding) else {
                    continue;
                };
                let due = finding.due.map(Stage::label).unwrap_or_default();
                let places = self.places(&opinion, &row.read);
                sheet.push(vec![
                    name.as_str().into(),
                    id.into(),
                    Value::Toned(row.verdict, row.tone),
                    row.drives.into(),
                    row.title.into(),
                    row.id.into(),
                    row.kind.into(),
                    due.get(self.lang).into(),
                    row.message.into(),
                    row.asked.into(),
                    row.facts.into(),
                    row.sums.into(),
                    row.figures.into(),
                    row.basis.into(),
                    row.remedy.into(),
                    row.lacks.into(),
                    row.day.into(),
                    row.notes.into(),
                    places.into(),
                ])?;
            }
        }
        sheet.finish()
    }

    /// 不涉及: the rules that do not apply.
    pub(super) fn others(&self, book: &mut Workbook) -> Result<(), XlsxError> {
        let head = Head::new(
            self.pick("不涉及", "Not applicable"),
            &[
                (self.pick("项目名称", "project"), 30),
                (self.pick("编号", "id"), 26),
                (self.pick("规则", "rule"), 50),
                (self.pick("规则编号", "rule id"), 32),
                (self.pick("原因", "reason"), 34),
            ],
        );
        let mut sheet = Filling::new(self, book, head)?;
        for (project, judged) in self.run.projects.iter().zip(self.run.judged) {
            let name = cut(named(project), NAME);
            let mut findings: Vec<_> = applied(judged, false).collect();
            findings.sort_by_key(|f| f.rule);
            for finding in findings {
                let Some(rule) = self.run.engine.packs.rules.get(usize::from(finding.rule)) else {
                    continue;
                };
                let reason = if finding.remarks.not_in_force {
                    self.pick("适用时点上不在有效期内", "not in force on that day")
                } else {
                    self.pick("不属于适用情形", "it does not apply to the project")
                };
                sheet.push(vec![
                    name.as_str().into(),
                    project.id.as_str().into(),
                    rule.title.get(self.lang).into(),
                    rule.id.as_str().into(),
                    reason.into(),
                ])?;
            }
        }
        sheet.finish()
    }

    /// Where the facts of a finding stand, each line once.
    fn places(&self, opinion: &Opinion<'_, '_>, read: &[FactRef]) -> Vec<String> {
        let library = &self.run.engine.packs.library;
        let mut places: Vec<String> = Vec::new();
        for reference in read {
            let fact = opinion.project.find(&library.vocabulary, *reference);
            let place = fact.map(|f| facts::place(&self.excerpts, f.origin.place()));
            if let Some(place) = place.filter(|p| !p.is_empty())
                && !places.contains(&place)
            {
                places.push(place);
            }
        }
        places
    }

    /// 缺少事实: by who supplies it.
    pub(super) fn missing(&self) -> Sheet {
        let mut sheet = Sheet::new(
            self.pick("补正与查询", "To be supplied"),
            &[
                (self.pick("由谁办", "by whom"), 26),
                (self.pick("项目名称", "project"), 28),
                (self.pick("编号", "id"), 24),
                (self.pick("类别", "kind"), 18),
                (self.pick("事项", "matter"), 36),
                (self.pick("存在问题", "problem"), 40),
                (self.pick("要求", "what to do"), 44),
                (self.pick("影响结论", "drives"), 16),
                (self.pick("依据", "basis"), 46),
                (self.pick("规则编号", "rules"), 34),
            ],
        );
        let rules = &self.run.engine.packs.rules;
        let mut all: BTreeMap<(Who, usize), Vec<Vec<Value>>> = BTreeMap::new();
        for opinion in self.opinions() {
            for demand in demands::of(self.run, opinion.project, opinion.judged) {
                let ids = demand
                    .rules
                    .iter()
                    .filter_map(|r| rules.get(usize::from(*r)));
                let ids: Vec<String> = ids.map(|rule| rule.id.clone()).collect();
                let basis = demand.basis.iter().map(|b| b.get(self.lang).to_owned());
                let row = vec![
                    demand.who.label().get(self.lang).into(),
                    opinion.short_name().into(),
                    opinion.project.id.as_str().into(),
                    demand.kind.label().get(self.lang).into(),
                    demand.what.get(self.lang).into(),
                    demand.problem.get(self.lang).into(),
                    demand.ask.get(self.lang).into(),
                    summary::short(demand.decision).get(self.lang).into(),
                    basis.collect::<Vec<_>>().into(),
                    ids.into(),
                ];
                let key = (demand.who, opinion.number);
                all.entry(key).or_default().push(row);
            }
        }
        sheet.rows = all.into_values().flatten().collect();
        sheet
    }

    /// 目标: projects in rows, the goals that any of them serves in columns.
    pub(super) fn goals(&self) -> Sheet {
        let trace = self.run.trace;
        let mut sheet = Sheet::new(
            self.pick("目标矩阵", "Goals"),
            &[
                (self.pick("项目名称", "project"), 30),
                (self.pick("编号", "id"), 26),
                (self.pick("结论（建议）", "decision"), 20),
            ],
        );
        sheet.head.narrow_heads = true;
        let shown: Vec<usize> = matrix::goals(self.run)
            .into_iter()
            .filter(|goal| trace.standing.tally(*goal).all() > 0)
            .collect();
        let mut first: Vec<Value> = vec![
            self.pick("（目标状态）", "(state of the goal)").into(),
            "".into(),
            "".into(),
        ];
        for goal in &shown {
            let name = trace.graph.name(Node::goal(*goal));
            let name = cut(name.get(self.lang), 60);
            sheet.head.columns.push((name, 13));
            let state = trace.standing.goal(*goal).label();
            first.push(state.get(self.lang).into());
        }
        if shown.is_empty() {
            return sheet;
        }
        sheet.rows.push(first);
        let rows = self.run.projects.iter().zip(self.run.judged).enumerate();
        for (number, (project, judged)) in rows {
            if trace.graph.claims(number).is_empty() {
                continue;
            }
            let decision = summary::short(judged.decision);
            let mut row: Vec<Value> = vec![
                cut(named(project), NAME).into(),
                project.id.as_str().into(),
                decision.get(self.lang).into(),
            ];
            for goal in &shown {
                let is_linked = trace.graph.supporters(*goal).binary_search(&number).is_ok();
                row.push(if is_linked {
                    let state = trace.standing.link(number);
                    let tone = match state {
                        LinkState::Effective => Tone::Good,
                        LinkState::Pending => Tone::Open,
                        LinkState::AtRisk => Tone::Bad,
                    };
                    Value::Toned(state.label().get(self.lang).to_owned(), tone)
                } else {
                    "".into()
                });
            }
            sheet.rows.push(row);
        }
        sheet
    }

    /// 总量与拆分.
    pub(super) fn totals(&self) -> Sheet {
        let mut sheet = Sheet::new(
            self.pick("总量", "Totals"),
            &[
                (self.pick("事项", "item"), 46),
                (self.pick("内容", "content"), 100),
            ],
        );
        sheet.rows = self.said(|page| {
            portfolio::text(page, self.run);
            splits::text(page, self.run);
        });
        sheet
    }

    /// 填报问题.
    pub(super) fn problems(&self) -> Sheet {
        let mut sheet = Sheet::new(
            self.pick("填报问题", "Problems"),
            &[
                (self.pick("程度", "severity"), 10),
                (self.pick("文件", "file"), 50),
                (self.pick("行", "line"), 8),
                (self.pick("列", "column"), 8),
                (self.pick("问题", "problem"), 56),
                (self.pick("办法", "how to mend it"), 56),
                (self.pick("代码", "code"), 34),
            ],
        );
        for problem in self.run.problems {
            let (file, line, column) = self.excerpts.describe(problem.place()).unwrap_or_default();
            let (words, tone): (Text, Tone) = match problem.severity {
                Severity::Error => (text!("错误", "error"), Tone::Bad),
                Severity::Warning => (text!("警告", "warning"), Tone::Open),
            };
            sheet.rows.push(vec![
                Value::Toned(words.get(self.lang).to_owned(), tone),
                file.into(),
                line.into(),
                column.into(),
                problem.message.get(self.lang).into(),
                problem
                    .help
                    .as_ref()
                    .map_or("", |h| h.get(self.lang))
                    .into(),
                problem.code.into(),
            ]);
        }
        sheet
    }
}

/// The findings of rules that apply, or of those that do not.
fn applied(judged: &Judged, applies: bool) -> impl Iterator<Item = &Finding> {
    let is = move |f: &&Finding| (f.verdict != Verdict::NotApplicable) == applies;
    judged.findings.iter().filter(is)
}

fn named(project: &Project) -> &str {
    if project.name.trim().is_empty() {
        &project.id
    } else {
        &project.name
    }
}
