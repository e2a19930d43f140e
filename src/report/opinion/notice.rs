//! 补正通知书（一次性告知）: everything that is the applicant's to give at this stage, in one letter.
//!
//! It asks for no fact that an office holds and for nothing that is due later.

use super::Opinion;
use super::demands::{Demand, Kind, Who};
use super::facts;
use super::rows::bases;
use crate::base::problem::Severity;
use crate::base::text::Text;
use crate::judge::decision::Decision;
use crate::model::stage::Stage;
use crate::report::blocks::{Block, Cell, Grid};
use crate::report::page::{Page, Tone};
use crate::text;

/// The title of the letter.
pub(in crate::report) const TITLE: (&str, &str) = (
    "补正通知书（一次性告知）",
    "Notice of what is to be supplied (given once)",
);

/// What stands at the foot of every page: a draft, until the office signs it.
pub(in crate::report) const FOOT: (&str, &str) = (
    "本稿由规则程序根据申报材料生成，经经办人核对、机关签发后方可送达。",
    "Drafted by a program of rules from the submission; not to be sent before the office has checked and signed it.",
);

impl Opinion<'_, '_> {
    /// What the applicant is to supply now.
    fn owed(&self) -> Vec<Demand> {
        let mut all = self.demands();
        all.retain(|d| d.who == Who::Applicant && d.decision == Decision::Supplement);
        all
    }

    /// The letter.
    pub(in crate::report) fn notice(&self) -> Vec<Block> {
        let lang = self.lang;
        let mut page = Page::document(lang);
        page.block(Block::Title(lang.pick(TITLE.0, TITLE.1).to_owned()));
        page.block(Block::Blank(vec![lang.pick("编号", "No.").to_owned()]));
        let grid = self.owed_grid();
        if grid.rows.is_empty() {
            let text = text!(
                "{}：经形式审查，本环节没有应由申请人补正的材料或者事实，不必发出补正通知书。",
                "{}: at this stage nothing is the applicant's to supply; no notice is to be sent.",
                self.name()
            );
            page.line(0, Tone::Plain, text.get(lang));
            return page.into_blocks();
        }
        match self.proponent() {
            Some(name) => page.line(0, Tone::Plain, &format!("{name}{}", lang.pick("：", ":"))),
            None => page.block(Block::Blank(vec![lang.pick("申请单位", "To").to_owned()])),
        }
        page.line(0, Tone::Plain, self.opening().get(lang));
        page.grid(grid);
        let closing = text!(
            "以上为本环节需要补正的全部内容。办理行政许可的，依据《中华人民共和国行政许可法》第三十二条一次性告知。",
            "This is all that is to be supplied at this stage. For administrative licences it is given once under article 32 of the Administrative Licensing Law."
        );
        page.line(0, Tone::Plain, closing.get(lang));
        let asked = [
            lang.pick("联系人", "contact"),
            lang.pick("联系电话", "telephone"),
        ];
        page.block(Block::Blank(asked.map(str::to_owned).to_vec()));
        let seal = lang.pick("（印章）", "(seal)").to_owned();
        page.line(0, Tone::Plain, &seal);
        page.line(
            0,
            Tone::Plain,
            lang.pick("＿＿＿＿年＿＿月＿＿日", "Date: ＿＿＿＿＿＿＿＿"),
        );
        page.into_blocks()
    }

    /// `{项目名称}（项目代码：）：你单位{日期}提交的{事项}申报材料收悉……`.
    fn opening(&self) -> Text {
        let name = self.name();
        let code = self.code().map_or_else(Text::default, |code| {
            text!("（项目代码：{code}）", " (code {code})")
        });
        let day = self.project.submitted.map_or_else(
            || text!("＿＿＿＿年＿＿月＿＿日", "＿＿＿＿＿＿＿＿"),
            |s| s.date.written(),
        );
        let stage = self.project.stage.map_or_else(Text::default, Stage::label);
        Text::new(
            format!(
                "{name}{}：你单位{}提交的{}申报材料收悉。经形式审查，下列材料不齐全或者不符合法定形式，现一次性告知，请于＿＿＿＿年＿＿月＿＿日前补正：",
                code.zh, day.zh, stage.zh
            ),
            format!(
                "{name}{}: your submission of {} ({}) has been received. What follows is incomplete or not in due form; please supply it all by ＿＿＿＿＿＿＿＿:",
                code.en, day.en, stage.en
            ),
        )
    }

    /// 序号｜材料、事实｜存在问题｜补正要求｜依据｜形式.
    fn owed_grid(&self) -> Grid {
        let lang = self.lang;
        let mut grid = Grid::with(&[
            (lang.pick("序号", "no."), 3),
            (lang.pick("材料、事实", "paper or fact"), 12),
            (lang.pick("存在问题", "problem"), 16),
            (lang.pick("补正要求", "what to do"), 16),
            (lang.pick("依据", "basis"), 16),
            (lang.pick("形式", "form"), 7),
        ]);
        let mut rows: Vec<[Cell; 5]> = Vec::new();
        let written = lang.pick("更正、补充申报内容", "correct the submission");
        let owed = self.owed();
        for problem in self.problems() {
            let place = problem.place();
            // A mistake in a fact that is owed stands with that fact.
            let is_owed = owed.iter().any(|d| d.mended == Some(place));
            if problem.severity != Severity::Error || self.is_offices(place) || is_owed {
                continue;
            }
            let help = problem.help.as_ref().map_or("", |h| h.get(lang));
            rows.push([
                Cell::new(&facts::place(self.excerpts, problem.place())),
                Cell::new(problem.message.get(lang)),
                Cell::new(help),
                Cell::default(),
                Cell::new(written),
            ]);
        }
        for demand in owed {
            let form = match demand.kind {
                Kind::Paper => lang.pick("补交材料", "supply the paper"),
                _ => written,
            };
            rows.push([
                Cell::new(demand.what.get(lang)),
                Cell::new(demand.problem.get(lang)),
                Cell::new(demand.ask.get(lang)),
                Cell::lines(bases(&demand.basis, lang)),
                Cell::new(form),
            ]);
        }
        for (at, cells) in rows.into_iter().enumerate() {
            let mut row = vec![Cell::new(&(at + 1).to_string())];
            row.extend(cells);
            grid.rows.push(row);
        }
        grid
    }

    /// True if a place is in a file of the office, not of the applicant.
    fn is_offices(&self, place: crate::base::source::Place) -> bool {
        let file = self.excerpts.describe(place).map(|(file, ..)| file);
        file.is_none_or(|file| file != self.project.file)
    }
}
