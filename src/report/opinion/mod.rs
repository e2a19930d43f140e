//! 项目合规性辅助核查意见: what is filed of one project, part by part, in the order of office practice.
//!
//! It is the one source of what documents say of a project; a format takes the parts and lays them out.
//! It does not judge, and what is left to people stays blank.

pub(super) mod demands;
pub(super) mod facts;
pub(super) mod notice;
pub(super) mod rows;
mod sources;

use super::blocks::{Block, Cell, Grid, Size};
use super::excerpt::Excerpts;
use super::layout::{NAME, cut};
use super::page::{Page, Tone};
use super::text::{is_left_out, notices, standing};
use super::trace::serves;
use super::{Assessment, finding, phrases};
use crate::base::problem::{Problem, Severity};
use crate::base::source::Place;
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::judge::finding::{Finding, Judged, Verdict};
use crate::judge::wording;
use crate::model::field::{FieldType, Role};
use crate::model::project::{FactRef, Project};
use crate::model::stage::Stage;
use crate::text;
use demands::Demand;
use facts::Numbers;

/// What stands at the foot of every page.
pub(super) const FOOT: (&str, &str) = (
    "本意见由规则程序生成，供内部审查参考，不作为审批文件，不替代行政许可决定，不对外产生法律效力。",
    "Made by a program of rules for internal review; not an approval document, no substitute for an administrative decision, without legal effect.",
);

/// The title of the document.
pub(super) const TITLE: (&str, &str) = (
    "项目合规性辅助核查意见",
    "Assisted compliance assessment of a project",
);

/// What stands across every page of a project with synthetic data.
pub(super) const SAMPLE: (&str, &str) = ("演示数据", "SAMPLE DATA");

/// A part of the document: its heading in both languages, and what writes it.
type Part<'a> = (&'a str, &'a str, &'a dyn Fn(&mut Page));

/// One project of a run, to be written about.
#[derive(Debug)]
pub(super) struct Opinion<'a, 'r> {
    /// The run.
    pub run: &'a Assessment<'r>,
    /// Where things stand in the files.
    pub excerpts: &'a Excerpts<'a>,
    /// The number of the project in the run.
    pub number: usize,
    /// The project.
    pub project: &'a Project,
    /// Its findings and decision.
    pub judged: &'a Judged,
    /// The numbers of its facts.
    pub numbers: Numbers<'a>,
    /// The language.
    pub lang: Lang,
}

impl<'a, 'r> Opinion<'a, 'r> {
    /// What is to be written about a project; none if there is no such number.
    pub(super) fn of(
        run: &'a Assessment<'r>,
        excerpts: &'a Excerpts<'a>,
        number: usize,
        lang: Lang,
    ) -> Option<Self> {
        let (project, judged) = (run.projects.get(number)?, run.judged.get(number)?);
        let numbers = Numbers::new(&run.engine.packs.library.vocabulary, project);
        Some(Self {
            run,
            excerpts,
            number,
            project,
            judged,
            numbers,
            lang,
        })
    }

    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    /// The project's name, or its id.
    pub(super) fn name(&self) -> &str {
        if self.project.name.trim().is_empty() {
            &self.project.id
        } else {
            &self.project.name
        }
    }

    /// The name as it stands beside what is said of the project.
    pub(super) fn short_name(&self) -> String {
        cut(self.name(), NAME)
    }

    /// A text with the name as it stands beside others.
    fn with_short_name(&self, text: &str) -> String {
        let (name, short) = (self.name(), self.short_name());
        if name == short {
            return text.to_owned();
        }
        text.replace(name, &short)
    }

    /// The decision with the number of waivers.
    pub(super) fn decided(&self) -> String {
        let waived = self.judged.waived();
        let label = self.judged.decision.label();
        let text = if waived > 0 {
            Text::new(
                format!("{}（含人工认定 {waived} 项）", label.zh),
                format!("{} (with waivers: {waived})", label.en),
            )
        } else {
            label
        };
        text.get(self.lang).to_owned()
    }

    /// Findings of some verdicts, the gravest first; those that were left out stand in their own list.
    pub(super) fn findings(&self, verdicts: &[Verdict]) -> Vec<&'a Finding> {
        let chosen = |f: &&Finding| verdicts.contains(&f.verdict) && !is_left_out(f);
        let mut findings: Vec<&Finding> = self.judged.findings.iter().filter(chosen).collect();
        findings.sort_by_key(|f| (f.verdict, std::cmp::Reverse(f.effective()), f.rule));
        findings
    }

    /// What is to be done now, and by whom.
    pub(super) fn demands(&self) -> Vec<Demand> {
        demands::of(self.run, self.project, self.judged)
    }

    /// The value of a project-level field, in words.
    fn value(&self, path: &str) -> Option<String> {
        let library = &self.run.engine.packs.library;
        let field = library.vocabulary.by_path(path)?;
        let value = wording::fact_value(library, self.project, FactRef::project(field.id))?;
        Some(value.get(self.lang).to_owned())
    }

    /// The code that the approval platform gave the project.
    pub(super) fn code(&self) -> Option<String> {
        self.value("code")
    }

    /// The firm or body that applies, if the submission names it.
    pub(super) fn proponent(&self) -> Option<String> {
        let library = &self.run.engine.packs.library;
        let mut fields = library.vocabulary.fields().iter();
        let field =
            fields.find(|f| f.role == Some(Role::Proponent) && f.kind == FieldType::Text)?;
        let value = wording::fact_value(library, self.project, FactRef::project(field.id))?;
        Some(value.get(self.lang).to_owned())
    }

    /// 基本情况表: what stands at the top of a submission.
    pub(super) fn basics(&self, page: &mut Page) {
        let library = &self.run.engine.packs.library;
        let mut pairs = vec![
            (
                self.pick("项目名称", "project").to_owned(),
                self.name().to_owned(),
            ),
            (
                self.pick("项目标识", "id").to_owned(),
                self.project.id.clone(),
            ),
        ];
        let top = library.vocabulary.fields().iter().filter(|f| {
            (!f.path.contains('.') || f.role == Some(Role::Proponent))
                && f.kind != FieldType::Records
                && f.path != "name"
        });
        for field in top {
            let reference = FactRef::project(field.id);
            if let Some(value) = wording::fact_value(library, self.project, reference) {
                let label = field.label.get(self.lang).to_owned();
                pairs.push((label, value.get(self.lang).to_owned()));
            }
        }
        if let Some(stage) = self.project.stage {
            let label = self.pick("办理环节", "stage").to_owned();
            pairs.push((label, stage.label().get(self.lang).to_owned()));
        }
        if let Some(submitted) = self.project.submitted {
            let label = self.pick("申报日期", "submitted").to_owned();
            pairs.push((label, submitted.date.to_string()));
        }
        // What stands at the head of its row needs no head above it.
        let mut grid = Grid::with(&[("", 5), ("", 9), ("", 5), ("", 9)]);
        for pair in pairs.chunks(2) {
            let mut row: Vec<Cell> = pair
                .iter()
                .flat_map(|(label, value)| [Cell::new(label).toned(Tone::Strong), Cell::new(value)])
                .collect();
            row.resize(4, Cell::default());
            grid.rows.push(row);
        }
        page.grid(grid);
    }

    /// 收件、核查日期与适用时点.
    pub(super) fn dates(&self, page: &mut Page) {
        let settings = self.run.engine.settings;
        let label = self.pick("核查日期", "review date").to_owned();
        let on = settings.on.map_or_else(
            || {
                self.pick(
                    "未给出，人工认定一律不采用",
                    "not given, so no waiver applies",
                )
                .to_owned()
            },
            |on| on.to_string(),
        );
        page.item(0, &label, &on);
        let label = self.pick("适用时点", "as of").to_owned();
        let as_of = match settings.as_of {
            Some(day) => text!(
                "全部按 {day} 的规定核查（--as-of 指定）",
                "everything as of {day} (--as-of)"
            ),
            None => text!(
                "各条按项目自身的申报或办理日期适用当时的规定，逐条列明",
                "each rule as of the project's own dates, said with each"
            ),
        };
        page.item(0, &label, as_of.get(self.lang));
        for notice in notices(self.run) {
            let label = self.pick("注意", "caution").to_owned();
            page.item(0, &label, notice.get(self.lang));
        }
    }

    /// 形式审查结果: what of the submission could not be read.
    pub(super) fn form_review(&self, page: &mut Page) {
        let problems = self.problems();
        if problems.is_empty() {
            let text = self.pick(
                "申报文件可以读取，未发现填报错误。",
                "The submission could be read; no mistakes were found in it.",
            );
            return page.line(0, Tone::Plain, text);
        }
        let mut grid = Grid::with(&[
            (self.pick("序号", "no."), 2),
            (self.pick("出处", "where"), 6),
            (self.pick("问题", "problem"), 14),
            (self.pick("办法", "how to mend it"), 14),
        ]);
        for (at, problem) in problems.iter().enumerate() {
            let help = problem.help.as_ref().map_or("", |h| h.get(self.lang));
            let tone = match problem.severity {
                Severity::Error => Tone::Bad,
                Severity::Warning => Tone::Open,
            };
            grid.rows.push(vec![
                Cell::new(&(at + 1).to_string()),
                Cell::new(&facts::place(self.excerpts, problem.place())),
                Cell::new(problem.message.get(self.lang)).toned(tone),
                Cell::new(help),
            ]);
        }
        page.grid(grid);
    }

    /// The problems of the files that the project was read from; of a file with many projects, those between
    /// its own beginning and the next one's.
    pub(super) fn problems(&self) -> Vec<&'a Problem> {
        let library = &self.run.engine.packs.library;
        let files = facts::files(library, self.project, self.excerpts);
        let own = match self.project.place {
            Place::Span(source, span) => Some((source, span.start)),
            // The rows of one project may stand on several sheets: all of the file is shown.
            Place::Cell(..) | Place::Nowhere => None,
        };
        let starts = self.run.projects.iter().filter_map(|p| match p.place {
            Place::Span(source, span) => Some((source, span.start)),
            // The rows of one project may stand on several sheets: all of the file is shown.
            Place::Cell(..) | Place::Nowhere => None,
        });
        let next = own.and_then(|(source, start)| {
            let after = starts.filter(|(s, at)| *s == source && *at > start);
            after.map(|(_, at)| at).min()
        });
        let shared = own.is_some_and(|(source, start)| {
            self.run.projects.iter().any(
                |p| matches!(p.place, Place::Span(s, span) if s == source && span.start < start),
            )
        });
        let is_own = |problem: &&Problem| {
            let Some((file, ..)) = self.excerpts.describe(problem.place()) else {
                return false;
            };
            match (problem.place(), own) {
                (Place::Span(source, span), Some((of, start))) if source == of => {
                    (!shared || span.start >= start) && next.is_none_or(|next| span.start < next)
                }
                _ => files.contains(&file),
            }
        };
        self.run.problems.iter().filter(is_own).collect()
    }

    /// 逐条对照表: what is not met, then what is open, then what is met.
    pub(super) fn table(&self, page: &mut Page, verdicts: &[Verdict]) {
        let findings = self.findings(verdicts);
        page.grid(self.comparison(&findings));
    }

    /// The findings of some verdicts, in full.
    pub(super) fn in_full(&self, page: &mut Page, found: &Finding) {
        let origins = finding::Origins::Numbers(&self.numbers);
        let standing = standing(self.run, self.number, self.judged, found);
        finding::write(page, self.run, origins, (self.project, found), standing);
    }

    /// 不涉及: rules that do not apply, by their titles.
    pub(super) fn not_applicable(&self) -> Vec<&'a str> {
        let findings = self.judged.findings.iter();
        let chosen = findings.filter(|f| f.verdict == Verdict::NotApplicable);
        chosen
            .filter_map(|f| self.run.engine.packs.rules.get(usize::from(f.rule)))
            .map(|rule| rule.title.get(self.lang))
            .collect()
    }

    /// 人工认定.
    pub(super) fn waivers(&self, page: &mut Page) {
        for finding in &self.judged.findings {
            let Some(waiver) = finding.waiver().and_then(|w| self.run.waivers.get(w)) else {
                continue;
            };
            let Some(rule) = self.run.engine.packs.rules.get(usize::from(finding.rule)) else {
                continue;
            };
            let label = rule.title.get(self.lang).to_owned();
            let words = phrases::waiver_text(waiver, finding.verdict);
            page.item(0, &label, words.get(self.lang));
        }
    }

    /// 未核查事项及原因.
    pub(super) fn left_out(&self, page: &mut Page) {
        for finding in self.judged.findings.iter().filter(|f| is_left_out(f)) {
            let Some(rule) = self.run.engine.packs.rules.get(usize::from(finding.rule)) else {
                continue;
            };
            let lacks = phrases::lack_lines(self.run, self.project, finding.lacks(), self.lang);
            let label = rule.title.get(self.lang).to_owned();
            page.item(0, &label, &lacks.join(self.pick("；", "; ")));
        }
        if self.judged.findings.is_empty() {
            let text = text!(
                "缺少申报日期或办理环节，全部规则未核查",
                "without the day of submission and the stage no rule was assessed"
            );
            page.line(0, Tone::Open, text.get(self.lang));
        }
    }

    /// 综合结论（建议） with the findings that lead to it.
    pub(super) fn conclusion(&self, page: &mut Page) {
        let label = self.pick("结论（建议）", "recommended decision").to_owned();
        let decision = self.judged.decision;
        page.lead(
            0,
            super::summary::tone(decision),
            &label,
            &format!("{}{}", self.pick("：", ": "), self.decided()),
        );
        let counts: Vec<String> = Verdict::ALL
            .into_iter()
            .filter(|v| self.judged.count(*v) > 0)
            .map(|v| format!("{} {}", v.label().get(self.lang), self.judged.count(v)))
            .collect();
        if !counts.is_empty() {
            let label = self.pick("单项结论", "findings").to_owned();
            page.item(0, &label, &counts.join(self.pick("，", ", ")));
        }
        let unverified = self.judged.unverified_passes();
        if unverified > 0 {
            let label = self.pick("留意", "note").to_owned();
            let words = text!(
                "其中 {unverified} 条符合依据未核实数值",
                "{unverified} of the passes rest on an unverified figure"
            );
            page.item(0, &label, words.get(self.lang));
        }
        if decision == Decision::Clear {
            return;
        }
        let drive = |f: &&&Finding| {
            f.effective() == decision && matches!(f.verdict, Verdict::Fail | Verdict::Undetermined)
        };
        let open = self.findings(&[Verdict::Fail, Verdict::Undetermined]);
        for (at, found) in open.iter().filter(drive).enumerate() {
            let Some(rule) = self.run.engine.packs.rules.get(usize::from(found.rule)) else {
                continue;
            };
            let bases = phrases::bases(self.run, rule, found);
            let basis = bases.first().map_or("", |b| b.get(self.lang));
            let what = match (found.verdict, self.lang) {
                (Verdict::Fail, Lang::Zh) => format!("不符合{basis}（{}）", rule.title.zh),
                (Verdict::Fail, Lang::En) => format!("{basis} is not met ({})", rule.title.en),
                (_, Lang::Zh) => format!("{basis}（{}）暂无法判定", rule.title.zh),
                (_, Lang::En) => format!("{basis} ({}) is undetermined", rule.title.en),
            };
            let label = if at == 0 {
                self.pick("主要理由", "reasons")
            } else {
                ""
            };
            page.item(0, label, &what);
        }
    }

    /// 后续手续及机关.
    pub(super) fn later(&self, page: &mut Page) {
        let mut later = self.findings(&[Verdict::Upcoming]);
        later.sort_by_key(|f| (f.due, f.rule));
        let mut grid = Grid {
            size: Size::Small,
            ..Grid::with(&[
                (self.pick("最迟办结环节", "by"), 5),
                (self.pick("手续", "procedure"), 12),
                (self.pick("依据", "basis"), 12),
                (self.pick("届时需要", "then needed"), 9),
                (
                    self.pick("办理机关（由经办人填写）", "authority (to be filled in)"),
                    6,
                ),
            ])
        };
        for found in later {
            let Some(rule) = self.run.engine.packs.rules.get(usize::from(found.rule)) else {
                continue;
            };
            let stage = found.due.map(Stage::label).unwrap_or_default();
            let bases = phrases::bases(self.run, rule, found);
            let lacks = phrases::lack_lines(self.run, self.project, found.lacks(), self.lang);
            grid.rows.push(vec![
                Cell::new(stage.get(self.lang)),
                Cell::lines([rule.title.get(self.lang).to_owned(), rule.id.clone()]),
                Cell::lines(bases.iter().map(|b| b.get(self.lang).to_owned())),
                Cell::lines(lacks),
                Cell::default(),
            ]);
        }
        page.grid(grid);
    }

    /// 支撑的规划目标.
    pub(super) fn goals(&self, page: &mut Page) {
        serves::goals(page, self.run, self.number);
    }

    /// 事实清单.
    pub(super) fn fact_list(&self, page: &mut Page) {
        let library = &self.run.engine.packs.library;
        let files = facts::files(library, self.project, self.excerpts);
        let label = self.pick("文件", "files").to_owned();
        page.item(0, &label, &page.joined(&files));
        let cited = self.numbers.cited();
        page.grid(facts::grid(
            library,
            self.project,
            &cited,
            self.excerpts,
            self.lang,
        ));
    }

    /// The whole document.
    pub(super) fn document(&self) -> Vec<Block> {
        let mut page = Page::document(self.lang);
        page.block(Block::Title(self.pick(TITLE.0, TITLE.1).to_owned()));
        page.block(Block::Blank(vec![self.pick("编号", "No.").to_owned()]));
        let mut number = 0;
        let all: [Part<'_>; 15] = [
            ("基本情况", "The project", &|p| self.basics(p)),
            ("核查日期与适用时点", "Dates", &|p| self.dates(p)),
            ("依据", "Basis", &|p| self.bases(p)),
            ("数据与图层", "Data and layers", &|p| self.data(p)),
            ("形式审查结果", "Form of the submission", &|p| {
                self.form_review(p);
            }),
            ("逐条对照表", "Rule by rule", &|p| {
                self.table(p, &[Verdict::Fail, Verdict::Undetermined, Verdict::Pass]);
            }),
            ("部门意见", "Replies of departments", &|p| {
                self.replies(p);
            }),
            ("人工认定", "Waivers", &|p| self.waivers(p)),
            (
                "未核查事项及原因",
                "What was not assessed, and why",
                &|p| self.left_out(p),
            ),
            (
                "综合结论（建议）",
                "Conclusion (recommended)",
                &|p| self.conclusion(p),
            ),
            ("补正、修改清单", "What is to be done now", &|p| {
                p.grid(self.demand_grid());
            }),
            (
                "后续手续及机关（不影响本环节）",
                "Later procedures (nothing is asked now)",
                &|p| {
                    self.later(p);
                },
            ),
            (
                "支撑的规划目标",
                "Goals of the plan that it supports",
                &|p| self.goals(p),
            ),
            ("附图", "Maps", &|p| self.maps(p)),
            ("签署", "Signatures", &|p| self.signatures(p)),
        ];
        for (zh, en, write) in all {
            let mut part = Page::document(self.lang);
            write(&mut part);
            let blocks = part.into_blocks();
            number += 1;
            let wide = blocks
                .iter()
                .any(|b| matches!(b, Block::Grid(grid) if grid.size == Size::Wide));
            if wide {
                page.block(Block::Across(true));
            }
            let mark = match self.lang {
                Lang::Zh => format!(
                    "{}、",
                    crate::model::plan::chinese_number(&number.to_string())
                ),
                Lang::En => format!("{number}. "),
            };
            page.heading(1, &format!("{mark}{}", self.lang.pick(zh, en)));
            if blocks.is_empty() {
                let none = self.pick("无。", "None.").to_owned();
                page.line(0, Tone::Plain, &none);
            }
            for block in blocks {
                page.block(block);
            }
            if wide {
                page.block(Block::Across(false));
            }
        }
        page.block(Block::Break);
        let annex = self.pick("附表：事实清单", "Annex: facts").to_owned();
        page.heading(1, &annex);
        self.fact_list(&mut page);
        let uncited = self.numbers.uncited().len();
        if uncited > 0 {
            let text = text!(
                "另有 {uncited} 项已填报的事实未被上表引用，见申报文件。",
                "{uncited} more facts of the submission are not cited above."
            );
            page.line(0, Tone::Faint, text.get(self.lang));
        }
        let others = self.not_applicable();
        if !others.is_empty() {
            let annex = text!(
                "附：不涉及的规则（{} 条）",
                "Annex: rules that do not apply ({})",
                others.len()
            );
            page.heading(1, annex.get(self.lang));
            page.line(0, Tone::Faint, &others.join(self.pick("；", "; ")));
        }
        page.into_blocks()
    }
}
