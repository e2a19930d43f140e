//! An office pack of three thousand ordinary rules, made from the vocabulary: answers, codes, figures,
//! papers and patterns, in the shapes that the shipped rules have.

use std::fmt::Write as _;

use hegui::model::field::{Field, FieldType, Slot, Vocabulary};
use hegui::model::number::Number;
use hegui::rules::PackFiles;
use hegui::rules::pack::PackOrigin;

use super::Chance;

pub(crate) const RULES: usize = 3_000;
/// Parameters for each figure that rules compare.
const FIGURES: usize = 8;

const PACK: &str = r#"
id = "office-many"
version = "1"
title = { zh = "许多规则", en = "many rules" }
authority = { zh = "某局", en = "an office" }
level = "office"
extends = ["national"]
"#;

/// A number whose comparison with any figure is a question.
fn is_figure(field: &Field) -> bool {
    field.kind == FieldType::Number
        && field.measure.per.is_none()
        && field.domain.high().is_none()
        && field.domain.low().is_some_and(|low| *low == Number::ZERO)
}

/// What rules are made from.
struct Stock<'a> {
    vocabulary: &'a Vocabulary,
    answers: Vec<&'a Field>,
    figures: Vec<&'a Field>,
    truths: Vec<&'a Field>,
    papers: Vec<&'a str>,
    codes: Vec<&'a str>,
}

impl<'a> Stock<'a> {
    fn of(vocabulary: &'a Vocabulary) -> Self {
        let own = || {
            let given = |f: &&Field| !f.derived && matches!(f.slot, Slot::Project(_));
            vocabulary.fields().iter().filter(given)
        };
        let papers = vocabulary.enum_by_id("doc_kind").unwrap();
        let papers = &vocabulary.enumeration(papers).unwrap().answers;
        let codes = vocabulary
            .list(vocabulary.list_by_id("gbt4754").unwrap())
            .unwrap();
        let codes = codes.entries().iter().map(|entry| entry.code.as_str());
        Self {
            vocabulary,
            answers: own()
                .filter(|f| matches!(f.kind, FieldType::Enum(_)))
                .collect(),
            figures: own().filter(|f| is_figure(f)).collect(),
            truths: own().filter(|f| f.kind == FieldType::Bool).collect(),
            papers: papers.iter().map(|answer| answer.id.as_str()).collect(),
            codes: codes.filter(|code| (2..=4).contains(&code.len())).collect(),
        }
    }

    fn answers_of(&self, field: &Field) -> Vec<&'a str> {
        match field.kind {
            FieldType::Enum(id) => {
                let answers = &self.vocabulary.enumeration(id).unwrap().answers;
                answers.iter().map(|answer| answer.id.as_str()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A condition under which a rule applies.
    fn condition(&self, chance: &mut Chance) -> String {
        match chance.below(12) {
            0..=3 => {
                let field = *chance.pick(&self.answers);
                let answer = *chance.pick(&self.answers_of(field));
                format!("{} == '{answer}'", field.path)
            }
            4 => {
                let field = *chance.pick(&self.answers);
                let all = self.answers_of(field);
                let (a, b) = (*chance.pick(&all), *chance.pick(&all));
                format!("{} in ['{a}', '{b}']", field.path)
            }
            5 => format!("industry.code == '{}'", chance.pick(&self.codes)),
            6 => {
                let (a, b) = (*chance.pick(&self.codes), *chance.pick(&self.codes));
                format!("industry.code in ['{a}', '{b}']")
            }
            7..=8 => format!("{} > 0", chance.pick(&self.figures).path),
            9 => chance.pick(&self.truths).path.clone(),
            10 => format!(
                "documents.exists(d, d.kind == '{}')",
                chance.pick(&self.papers)
            ),
            _ => "boilers.exists(b, b.status == 'new')".to_owned(),
        }
    }

    /// What a rule asks.
    fn demand(&self, chance: &mut Chance) -> String {
        let paper = *chance.pick(&self.papers);
        match chance.below(10) {
            0..=3 => {
                let at = usize::try_from(chance.below(self.figures.len() as u64)).unwrap();
                let version = chance.below(FIGURES as u64);
                format!("{} <= param.bench_{at}_{version}", self.figures[at].path)
            }
            4..=5 => format!("documents.exists(d, d.kind == '{paper}' && d.number != '')"),
            6 => {
                let field = *chance.pick(&self.answers);
                format!(
                    "{} != '{}'",
                    field.path,
                    chance.pick(&self.answers_of(field))
                )
            }
            7 => {
                let other = *chance.pick(&self.papers);
                format!("documents.exists(d, d.kind in ['{paper}', '{other}'] && d.number != '')")
            }
            8 => format!(
                "!name.matches('{}')",
                ["铝|铜", "电石.*项目", "^某", "搬迁|迁建"]
                    [usize::try_from(chance.below(4)).unwrap()]
            ),
            _ => format!("documents.filter(d, d.kind == '{paper}').all(d, d.issued <= as_of)"),
        }
    }
}

fn rule(stock: &Stock<'_>, chance: &mut Chance) -> String {
    let (kind, due) = *chance.pick(&[
        ("prohibition", ""),
        ("limit", "due = \"filing\"\n"),
        (
            "requirement",
            "due = \"construction\"\nanchor = \"dates.filing\"\n",
        ),
        ("requirement", "due = \"operation\"\n"),
        (
            "referral",
            "due = \"land-approval\"\nanchor = \"dates.land_approved\"\n",
        ),
        ("guidance", "due = \"filing\"\n"),
    ]);
    let mut applies: Vec<String> = (0..=chance.below(3))
        .map(|_| stock.condition(chance))
        .collect();
    applies.dedup();
    let mut require = stock.demand(chance);
    if chance.below(4) == 0 {
        write!(require, " || {}", stock.demand(chance)).unwrap();
    }
    let (applies, require) = (applies.join(" && "), require);
    format!(
        "title = {{ zh = \"某项要求\", en = \"a demand\" }}\nkind = \"{kind}\"\n{due}\
         basis = [{{ instrument = \"land-administration-law\", article = \"一\" }}]\n\
         applies = \"{applies}\"\nrequire = \"{require}\"\n\
         message = {{ zh = \"不符合\", en = \"it is not met\" }}\n\
         remedy = {{ zh = \"修改\", en = \"change it\" }}\nwhy = \"\"\"bench\"\"\"\n"
    )
}

/// The pack's files, by the vocabulary of the pack it extends.
pub(crate) fn pack(vocabulary: &Vocabulary) -> PackFiles {
    let stock = Stock::of(vocabulary);
    let mut chance = Chance(3_000);
    let mut parameters = String::new();
    for (at, figure) in stock.figures.iter().enumerate() {
        let unit = figure.measure.name(hegui::base::text::Lang::Zh);
        for version in 0..FIGURES {
            let value = 5_u64.pow(u32::try_from(version).unwrap());
            writeln!(
                parameters,
                "[[parameter]]\nid = \"bench_{at}_{version}\"\nlabel = {{ zh = \"界值\", en = \"figure\" }}\n\
                 unit = \"{unit}\"\nstep = \"1\"\n[[parameter.version]]\nfrom = 2000-01-01\n\
                 value = \"{value}\"\nsource = \"bench\"\nconfidence = \"official\""
            )
            .unwrap();
        }
    }
    let mut files = vec![
        ("pack.toml".to_owned(), PACK.into()),
        ("parameters.toml".to_owned(), parameters.into()),
    ];
    for number in 0..RULES {
        let path = format!("topic-{}/rule-{number:04}.toml", number % 20);
        files.push((path, rule(&stock, &mut chance).into()));
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    PackFiles {
        name: "office-many".to_owned(),
        prefix: "office-many".to_owned(),
        origin: PackOrigin::Embedded,
        files,
    }
}
