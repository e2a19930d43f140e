//! The HTML report: one page that needs no network and no script, for reading, searching and printing.
//!
//! Its script only hides what a reader filters out; all of its text is escaped where it is written.
//! Every number leads to the fact it was read from, or to the source of the figure.

mod charts;
mod figures;
mod parts;

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::blocks::Block;
use super::excerpt::Excerpts;
use super::layout::{NAME, clean, cut};
use super::opinion::{self, Opinion};
use super::page::{Page, Tone};
use super::trace::svg;
use super::{Assessment, DISCLAIMER, Entry, phrases, portfolio, problems, splits, summary};
use crate::base::text::Lang;
use crate::judge::decision::Decision;
use crate::judge::finding::{Finding, Verdict};
use parts::{Figures, Place, class};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Writes the page.
pub(super) fn write(run: &Assessment<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let figures = Figures::default();
    let writer = Writer {
        run,
        lang,
        excerpts: Excerpts::new(run.sources),
        figures: &figures,
    };
    writer.page(out)
}

struct Writer<'a, 'r> {
    run: &'a Assessment<'r>,
    lang: Lang,
    excerpts: Excerpts<'a>,
    figures: &'a Figures,
}

impl Writer<'_, '_> {
    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    fn place(&self, project: usize) -> Place<'_> {
        Place {
            project,
            figures: self.figures,
            lang: self.lang,
        }
    }

    /// What a part of the report says, as markup.
    fn said(&self, project: usize, write: impl FnOnce(&mut Page)) -> Markup {
        let mut page = Page::document(self.lang);
        write(&mut page);
        self.place(project).blocks(&page.into_blocks())
    }

    /// The page, project by project: a run may have many.
    fn page(&self, out: &mut dyn Write) -> io::Result<()> {
        let title = self.pick(opinion::TITLE.0, opinion::TITLE.1);
        let policy = format!(
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
            base64(&Sha256::digest(SCRIPT.as_bytes()))
        );
        let head = html! {
            (DOCTYPE)
            (PreEscaped(format!("<html lang=\"{}\">", self.pick("zh-CN", "en"))))
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(DRAWING_STYLE)) }
            }
        };
        write!(out, "{}<body>\n{}", head.into_string(), svg::shared())?;
        out.write_all(self.head(title).into_string().as_bytes())?;
        out.write_all(b"<main>\n")?;
        out.write_all(self.summary().into_string().as_bytes())?;
        for (number, entry) in self.run.entries.iter().enumerate() {
            let markup = match entry {
                Entry::Unread(file) => self.unread(number + 1, file),
                Entry::Project(index) => {
                    let opinion = Opinion::of(self.run, &self.excerpts, *index, self.lang);
                    match opinion {
                        Some(opinion) => self.project(number + 1, &opinion),
                        None => continue,
                    }
                }
            };
            out.write_all(markup.into_string().as_bytes())?;
            out.write_all(b"\n")?;
        }
        out.write_all(self.sources().into_string().as_bytes())?;
        out.write_all(self.problems().into_string().as_bytes())?;
        let foot = html! { footer { p { (self.pick(opinion::FOOT.0, opinion::FOOT.1)) } } };
        write!(
            out,
            "</main>\n{}\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
            foot.into_string()
        )
    }

    fn head(&self, title: &str) -> Markup {
        let packs = self.said(0, |page| super::text::about(page, self.run));
        html! {
            header {
                h1 { (title) }
                p.notice { (self.pick(DISCLAIMER.0, DISCLAIMER.1)) }
                (packs)
            }
        }
    }

    /// Counts, charts, the filter, and all projects in one table.
    fn summary(&self) -> Markup {
        let run = self.run;
        let heads = [
            self.pick("结论（建议）", "decision"),
            self.pick("项目", "project"),
            self.pick("不符合", "fail"),
            self.pick("暂无法判定", "undetermined"),
            self.pick("后续应办", "upcoming"),
            self.pick("符合", "pass"),
            self.pick("人工认定", "waived"),
        ];
        html! {
            section #summary {
                h2 { (self.pick("汇总", "Summary")) }
                (charts::all(run, self.lang))
                (self.filter())
                div.scroll { table {
                    thead { tr { @for head in heads { th scope="col" { (head) } } } }
                    tbody { @for (number, entry) in run.entries.iter().enumerate() { (self.line(number + 1, entry)) } }
                } }
            }
            @let totals = self.said(0, |page| {
                portfolio::text(page, run);
                splits::text(page, run);
            });
            @if !totals.0.is_empty() {
                section #totals { h2 { (self.pick("多个项目合计", "Many projects together")) } (totals) }
            }
        }
    }

    fn filter(&self) -> Markup {
        let counts = self
            .run
            .counts()
            .into_iter()
            .filter(|(_, count)| *count > 0);
        html! {
            form #filter hidden role="search" aria-label=(self.pick("筛选", "filter")) {
                label { (self.pick("查找 ", "Find ")) input #words type="search" autocomplete="off"; }
                @for (decision, count) in counts {
                    label {
                        input type="checkbox" name="decision" value=(decision.id()) checked;
                        " " (summary::short(decision).get(self.lang)) " " (count)
                    }
                }
                @for verdict in [Verdict::Fail, Verdict::Undetermined] {
                    label {
                        input type="checkbox" name="verdict" value=(verdict.id()) checked;
                        " " (verdict.label().get(self.lang))
                    }
                }
                output #count aria-live="polite" data-words=(self.pick("显示 %1 / %2 件", "%1 of %2 shown")) {}
            }
        }
    }

    /// A project's line in the table.
    fn line(&self, number: usize, entry: &Entry) -> Markup {
        let of = match entry {
            Entry::Project(index) => self
                .run
                .projects
                .get(*index)
                .zip(self.run.judged.get(*index)),
            Entry::Unread(_) => None,
        };
        let decision = of.map_or(Decision::Unassessed, |(_, judged)| judged.decision);
        let name = match (of, entry) {
            (Some((project, _)), _) if !project.name.trim().is_empty() => &project.name,
            (Some((project, _)), _) => &project.id,
            (None, Entry::Unread(file)) => file,
            (None, Entry::Project(_)) => "",
        };
        let verdicts = [
            Verdict::Fail,
            Verdict::Undetermined,
            Verdict::Upcoming,
            Verdict::Pass,
        ];
        html! {
            tr data-of={ "p" (number) } {
                td { (badge(decision, self.lang)) }
                td {
                    a href={ "#p" (number) } { (clean(&cut(name, NAME))) }
                    @if let Some((project, _)) = of { " " code { (clean(&project.id)) } }
                }
                @if let Some((_, judged)) = of {
                    @for verdict in verdicts { td.number { (judged.count(verdict)) } }
                    td.number { (judged.waived()) }
                } @else {
                    @for _ in 0..5 { td.number { "–" } }
                }
            }
        }
    }

    fn unread(&self, number: usize, file: &str) -> Markup {
        html! {
            article.project id={ "p" (number) } data-decision=(Decision::Unassessed.id()) {
                h2 { (badge(Decision::Unassessed, self.lang)) " " (clean(file)) }
                p {
                    (self.pick("没有从这个文件读出项目，原因见", "No project could be read from this file; see the "))
                    a href="#problems" { (self.pick("填报问题", "problems")) }
                }
            }
        }
    }

    /// A project: its decision first, then what is not met or open, what is to be done, and all that it rests on.
    fn project(&self, number: usize, opinion: &Opinion<'_, '_>) -> Markup {
        let (project, judged) = (opinion.project, opinion.judged);
        let said = |write: &dyn Fn(&mut Page)| self.said(number, write);
        let open = opinion.findings(&[Verdict::Fail, Verdict::Undetermined]);
        let mark = project
            .sample
            .then(|| self.pick(opinion::SAMPLE.0, opinion::SAMPLE.1));
        let passes = judged.count(Verdict::Pass);
        let others = opinion.not_applicable();
        let mut about = vec![project.id.clone()];
        about.extend(project.stage.map(|s| s.label().get(self.lang).to_owned()));
        about.extend(project.submitted.map(|s| s.date.to_string()));
        about.push(project.file.clone());
        let findings = html! { @for found in &open { (self.finding(number, opinion, found)) } };
        let passed = said(&|p| opinion.table(p, &[Verdict::Pass]));
        let more: [(&str, &str, Markup); 8] = [
            ("基本情况", "The project", said(&|p| opinion.basics(p))),
            ("核查日期与适用时点", "Dates", said(&|p| opinion.dates(p))),
            ("依据", "Basis", said(&|p| opinion.bases(p))),
            ("数据与图层", "Data and layers", said(&|p| opinion.data(p))),
            (
                "形式审查结果",
                "Form of the submission",
                said(&|p| opinion.form_review(p)),
            ),
            (
                "部门意见",
                "Replies of departments",
                said(&|p| opinion.replies(p)),
            ),
            ("人工认定", "Waivers", said(&|p| opinion.waivers(p))),
            (
                "未核查事项及原因",
                "What was not assessed, and why",
                said(&|p| opinion.left_out(p)),
            ),
        ];
        let demands = said(&|p| p.grid(opinion.demand_grid()));
        let later = said(&|p| opinion.later(p));
        let goals = said(&|p| opinion.goals(p));
        let ground = figures::site(opinion, &format!("p{number}-"));
        let overlaps = said(&|p| opinion.overlaps(p));
        let picture = figures::goals(opinion);
        // The list comes last: by now every fact that is cited has its number.
        let facts = said(&|p| opinion.fact_list(p));
        let uncited = opinion.numbers.uncited();
        html! {
            article.project id={ "p" (number) } data-decision=(judged.decision.id()) data-mark=[mark] aria-labelledby={ "p" (number) "t" } {
                h2 id={ "p" (number) "t" } { (badge(judged.decision, self.lang)) " " (clean(&cut(opinion.name(), NAME))) }
                p.faint { (clean(&about.join(self.pick("｜", " | ")))) }
                @if let Some(mark) = mark {
                    p.sample { (mark) (self.pick("，不代表真实项目", ", not a real project")) }
                }
                (said(&|p| opinion.conclusion(p)))
                @if !open.is_empty() {
                    h3 { (self.pick("不符合与暂无法判定", "Not met or undetermined")) }
                    (findings)
                }
                (part(self.pick("补正、修改清单", "What is to be done now"), &demands))
                (part(self.pick("后续手续（不影响本环节）", "Later procedures (nothing is asked now)"), &later))
                @if ground.is_some() || !overlaps.0.is_empty() {
                    h3 { (self.pick("用地套合", "The site and the layers")) }
                    @if let Some(map) = &ground { (figure(map)) }
                    (overlaps)
                }
                (goals)
                @if let Some(picture) = &picture { (figure(picture)) }
                @if !passed.0.is_empty() {
                    details { summary { (self.pick("符合", "Met")) "（" (passes) "）" } (passed) }
                }
                @for (zh, en, markup) in &more {
                    @if !markup.0.is_empty() {
                        details.print { summary { (self.pick(zh, en)) } (markup) }
                    }
                }
                details.print { summary { (self.pick("事实清单", "Facts")) } (facts) }
                @if !uncited.is_empty() {
                    details.aside {
                        summary { (self.pick("未被引用的事实", "Facts that nothing cites")) "（" (uncited.len()) "）" }
                        p { (clean(&opinion.fact_words(&uncited).join(self.pick("；", "; ")))) }
                    }
                }
                @if !others.is_empty() {
                    details.aside {
                        summary { (self.pick("不涉及的规则", "Rules that do not apply")) "（" (others.len()) "）" }
                        p { (others.join(self.pick("；", "; "))) }
                    }
                }
                p.screen { a href="#summary" { (self.pick("回到汇总", "Back to the summary")) } }
            }
        }
    }

    fn finding(&self, number: usize, opinion: &Opinion<'_, '_>, found: &Finding) -> Markup {
        let mut page = Page::document(self.lang);
        opinion.in_full(&mut page, found);
        let blocks = page.into_blocks();
        let rule = self.run.engine.packs.rules.get(usize::from(found.rule));
        let (head, body) = match (blocks.split_first(), rule) {
            (Some((Block::Lead(tone, lead, _), body)), Some(rule)) => (
                html! {
                    h4 {
                        span class=(class(*tone)) { (lead) } (self.pick("：", ": "))
                        (rule.title.get(self.lang)) " " code { (rule.id) }
                    }
                },
                body,
            ),
            _ => (html! {}, blocks.as_slice()),
        };
        let waived = found.waiver().is_some();
        let drives = found.effective();
        html! {
            article.finding.fail[found.verdict == Verdict::Fail].waived[waived] data-verdict=(found.verdict.id()) {
                (head)
                @if drives != Decision::Clear {
                    p.faint { (self.pick("影响结论：", "leads to: ")) (drives.label().get(self.lang)) }
                }
                (self.place(number).blocks(body))
            }
        }
    }

    /// 取值来源: every figure that the page cites, with source, confidence and period.
    fn sources(&self) -> Markup {
        let all = self.figures.all();
        if all.is_empty() {
            return html! {};
        }
        html! {
            section #figures {
                h2 { (self.pick("取值来源", "Sources of figures")) }
                p.faint { (self.pick("方括号内的数字为所在项目的事实序号，P 及数字为本表序号。", "Numbers in brackets are facts of the project; P and a number is a row of this table.")) }
                div.scroll { table.small { tbody {
                    @for (at, (parameter, version)) in all.iter().enumerate() {
                        @if let Some(words) = phrases::figure(self.run, *parameter, *version) {
                            tr id={ "v" (at + 1) } {
                                th scope="row" { "P" (at + 1) }
                                td { (clean(words.get(self.lang))) }
                            }
                        }
                    }
                } } }
            }
        }
    }

    fn problems(&self) -> Markup {
        let all = self.run.problems;
        html! {
            section #problems {
                h2 { (self.pick("填报问题", "Problems")) }
                @if all.is_empty() { p { (self.pick("无", "None")) } }
                @else {
                    p { (problems::count(all, super::page::Look::plain(self.lang))) }
                    (self.place(0).grid(&problems::grid(all, &self.excerpts, self.lang)))
                }
                @for skipped in self.run.skipped {
                    @let colon = self.pick("：", ": ");
                    p.faint { (self.pick("未读取 ", "skipped ")) (clean(&skipped.path)) (colon) (skipped.why.get(self.lang)) }
                }
            }
        }
    }
}

/// The look of drawings, within drawings only: their classes are short words.
const DRAWING_STYLE: &str = ".drawing .id{font-size:11px;font-weight:600}.drawing .words{font-size:13px}.drawing .state{font-size:11px}.drawing .line{fill:none;stroke-width:1.4}.drawing .count{font-size:11px;fill:#1f2933}";

/// A picture with its caption.
fn figure(picture: &figures::Figure) -> Markup {
    html! { figure { figcaption { (picture.caption) } (PreEscaped(&picture.svg)) } }
}

/// A part with its heading, if it says anything.
fn part(title: &str, markup: &Markup) -> Markup {
    html! { @if !markup.0.is_empty() { h3 { (title) } (markup) } }
}

fn badge(decision: Decision, lang: Lang) -> Markup {
    let tone: Tone = summary::tone(decision);
    html! { span class={ "badge " (class(tone)) } { (summary::short(decision).get(lang)) } }
}

/// Base64, for the hash by which the page lets its own script run and no other.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let mut bits = 0u32;
        for at in 0..3 {
            bits = bits << 8 | three.get(at).map_or(0, |byte| u32::from(*byte));
        }
        for at in 0..4 {
            let sign = SIGNS.get((bits >> (18 - 6 * at) & 63) as usize);
            match sign.filter(|_| at <= three.len()) {
                Some(sign) => out.push(char::from(*sign)),
                None => out.push('='),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
