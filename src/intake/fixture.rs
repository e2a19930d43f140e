//! A small vocabulary and ways to read texts with it, for the tests of this room.

use crate::base::problem::Problem;
use crate::base::source::{Place, Sources};
use crate::base::text::Text;
use crate::intake::{Expected, Format, read_projects};
use crate::model::code::CodeList;
use crate::model::field::{
    Answer, EnumId, Enumeration, Field, FieldType, Group, ListId, Provider, Vocabulary, WhenClosed,
};
use crate::model::number::Number;
use crate::model::plan::{Indicator, Nature};
use crate::model::project::{Fact, FactRef, Origin, Project, State};
use crate::model::quantity::Measure;
use crate::model::stage::Stage;
use crate::model::unit::{self, Per};
use crate::model::value::Interval;

const FUEL: FieldType = FieldType::Enum(EnumId(0));
const EDITION: FieldType = FieldType::Enum(EnumId(1));
const INDUSTRY: ListId = ListId(0);

struct Builder(Vocabulary);

impl Builder {
    fn group(&mut self, path: &str, zh: &str, closable: bool) {
        self.0.add_group(Group {
            path: path.into(),
            label: Text::new(zh, format!("{path} group")),
            aliases: Vec::new(),
            closable,
            note: Text::default(),
        });
    }

    fn add(&mut self, path: &str, zh: &str, kind: FieldType, change: impl FnOnce(&mut Field)) {
        let mut field = Field {
            id: self.0.next_id(),
            path: path.into(),
            label: Text::new(zh, path.replace(['.', '_'], " ")),
            aliases: Vec::new(),
            note: Text::default(),
            kind,
            measure: Measure::NONE,
            domain: Interval::ANY,
            step: None,
            provider: Provider::Applicant,
            editable: true,
            role: None,
            additive: false,
            when_closed: None,
            derived: false,
            procedure: None,
            after: Vec::new(),
            named_by: None,
            closable: false,
            slot: self.0.next_slot(path),
            place: Place::Nowhere,
        };
        change(&mut field);
        assert_eq!(self.0.add_field(field), None, "{path}");
    }

    fn procedure(&mut self, path: &str, zh: &str, stage: Stage, after: &str) {
        let after = self.0.by_path(after).map(|f| f.id).into_iter().collect();
        self.add(path, zh, FieldType::Date, |f| {
            (f.procedure, f.after) = (Some(stage), after);
        });
    }

    fn number(
        &mut self,
        path: &str,
        zh: &str,
        unit: &str,
        per: Option<Per>,
        when_closed: Option<WhenClosed>,
    ) {
        self.add(path, zh, FieldType::Number, |f| {
            f.measure = Measure {
                unit: unit::parse(unit).unwrap(),
                per,
            };
            f.domain = Interval::new(Some(Number::ZERO), None);
            f.when_closed = when_closed;
        });
    }
}

fn answers(id: &str, rows: &[(&str, &str)]) -> Enumeration {
    let answer = |(id, zh): &(&str, &str)| Answer {
        id: (*id).into(),
        label: Text::new(*zh, *id),
        aliases: Vec::new(),
    };
    Enumeration {
        id: id.into(),
        ordered: false,
        answers: rows.iter().map(answer).collect(),
    }
}

/// Root fields, groups `land` and `energy` (closable), `industry`, `dates`, lists `boilers` (closable) and `papers`.
pub(super) fn vocabulary() -> Vocabulary {
    let mut b = Builder(Vocabulary::default());
    b.0.add_enum(answers(
        "fuel",
        &[("gas", "天然气"), ("coal", "煤"), ("electricity", "电")],
    ));
    b.0.add_enum(answers(
        "edition",
        &[("2017", "GB/T 4754—2017"), ("2011", "GB/T 4754—2011")],
    ));
    let names = [
        ("C", "制造业"),
        ("32", "有色金属冶炼"),
        ("321", "常用有色金属冶炼"),
        ("3216", "铝冶炼"),
        ("325", "有色金属压延"),
        ("3252", "铝压延加工"),
    ];
    let rows = names
        .into_iter()
        .map(|(code, name)| (code.to_owned(), Text::new(name, "")))
        .collect();
    b.0.add_list(CodeList::tree(
        "gbt4754".into(),
        Text::new("国民经济行业分类", "the classification"),
        Some("2017".into()),
        rows,
    ));
    b.add("name", "项目名称", FieldType::Text, |_| {});
    b.add("code", "项目代码", FieldType::Text, |_| {});
    b.number("total_investment", "总投资", "万元", None, None);
    b.group("land", "用地", true);
    b.number("land.area", "用地面积", "亩", None, None);
    b.add("land.use_mode", "用地方式", FUEL, |_| {});
    b.add(
        "land.farmland",
        "占用永久基本农田面积",
        FieldType::Number,
        |f| {
            f.measure = Measure {
                unit: unit::parse("亩").unwrap(),
                per: None,
            };
            f.domain = Interval::new(Some(Number::ZERO), Some(Number::from(1_000_000)));
            f.when_closed = Some(WhenClosed::Zero);
            f.provider = Provider::Department(Text::new(
                "自然资源主管部门",
                "the natural resources department",
            ));
        },
    );
    b.add("land.plots", "地块编号", FieldType::Texts, |f| {
        f.provider = Provider::Office;
    });
    b.group("energy", "能源", true);
    b.number(
        "energy.raw_coal",
        "原煤",
        "t",
        Some(Per::Year),
        Some(WhenClosed::Zero),
    );
    b.number(
        "energy.electricity",
        "电力",
        "kWh",
        Some(Per::Year),
        Some(WhenClosed::Zero),
    );
    b.add("energy.green", "绿电", FieldType::Bool, |f| {
        f.when_closed = Some(WhenClosed::False);
    });
    b.add("energy.fuel", "主要燃料", FUEL, |f| {
        f.when_closed = Some(WhenClosed::Answer(0));
    });
    b.add("energy.total", "综合能耗", FieldType::Number, |f| {
        f.derived = true;
    });
    b.number(
        "energy.total_declared",
        "申报综合能耗",
        "tce",
        Some(Per::Year),
        None,
    );
    b.group("industry", "行业", false);
    b.add(
        "industry.code",
        "行业代码",
        FieldType::Code(INDUSTRY),
        |_| {},
    );
    b.add("industry.edition", "行业分类版本", EDITION, |_| {});
    b.add(
        "industry.other_codes",
        "其他行业代码",
        FieldType::Codes(INDUSTRY),
        |_| {},
    );
    b.add("industry.processes", "工艺", FieldType::Texts, |_| {});
    b.add("boilers", "锅炉", FieldType::Records, |f| {
        f.closable = true;
    });
    b.number("boilers.capacity", "额定容量", "蒸吨/h", None, None);
    b.number(
        "boilers.nox",
        "氮氧化物浓度",
        "mg/m³",
        None,
        Some(WhenClosed::Silent),
    );
    b.add("boilers.fuel", "燃料", FUEL, |_| {});
    b.add("boilers.number", "编号", FieldType::Text, |f| {
        f.when_closed = Some(WhenClosed::EmptyText);
    });
    b.add("papers", "材料", FieldType::Records, |_| {});
    b.add(
        "papers.project_code",
        "载明项目代码",
        FieldType::Text,
        |_| {},
    );
    b.group("dates", "办理日期", false);
    b.add("dates.filing", "立项日期", FieldType::Date, |f| {
        f.procedure = Some(Stage::Filing);
    });
    b.procedure(
        "dates.first_construction",
        "首次开工日期",
        Stage::Construction,
        "dates.filing",
    );
    b.procedure(
        "dates.start_of_operation",
        "投产日期",
        Stage::Operation,
        "dates.first_construction",
    );
    b.0
}

pub(super) const GOALS: [&str; 2] = ["G4.1-1", "G10.2-3"];

/// An indicator of the first goal in MW, and one of no goal, a share.
fn indicators() -> Vec<Indicator> {
    let indicator = |id: &str, goal: Option<&str>, unit: Option<&str>| Indicator {
        pack: 0,
        milestone: Vec::new(),
        actual: Vec::new(),
        id: id.into(),
        section: "4.1".into(),
        goal: goal.map(str::to_owned),
        title: Text::new("指标", "indicator"),
        measure: unit.map_or(Measure::NONE, |unit| Measure {
            unit: unit::parse(unit).unwrap(),
            per: None,
        }),
        nature: Nature::Expected,
        baseline: Vec::new(),
        target: Vec::new(),
        note: Text::default(),
        place: Place::Nowhere,
    };
    vec![
        indicator("B1-7", Some("G4.1-1"), Some("MW")),
        indicator("B1-8", None, None),
    ]
}

/// What was read from a text.
pub(super) struct Read {
    pub(super) vocabulary: Vocabulary,
    pub(super) sources: Sources,
    pub(super) projects: Vec<Project>,
    pub(super) problems: Vec<Problem>,
}

pub(super) fn with_expected<T>(
    trust_claims: bool,
    run: impl FnOnce(&Expected<'_>) -> T,
) -> (T, Vocabulary) {
    let (vocabulary, goals, indicators) = (vocabulary(), GOALS.map(str::to_owned), indicators());
    let result = run(&Expected {
        vocabulary: &vocabulary,
        goals: &goals,
        indicators: &indicators,
        trust_claims,
    });
    (result, vocabulary)
}

/// Reads a text as it stands.
pub(super) fn read(text: &str, format: Format) -> Read {
    let mut sources = Sources::default();
    let id = sources.add("p", text);
    let ((projects, problems), vocabulary) = with_expected(false, |expected| {
        read_projects(sources.get(id).unwrap(), format, "p", expected)
    });
    Read {
        vocabulary,
        sources,
        projects,
        problems,
    }
}

/// Reads TOML behind a head with the required keys.
pub(super) fn toml(text: &str) -> Read {
    read(
        &format!("submitted = 2024-06-01\nstage = \"existing\"\n{text}"),
        Format::Toml,
    )
}

/// Reads JSON members behind the required keys.
pub(super) fn json(members: &str) -> Read {
    read(
        &format!("{{\"submitted\": \"2024-06-01\", \"stage\": \"existing\", {members}}}"),
        Format::Json,
    )
}

impl Read {
    /// Each problem as `name｜text under its labels`.
    pub(super) fn found(&self) -> Vec<String> {
        found(&self.sources, &self.problems)
    }

    /// The one problem's help in Chinese.
    pub(super) fn help(&self) -> &str {
        assert_eq!(self.problems.len(), 1, "{:?}", self.found());
        self.problems[0].help.as_ref().map_or("", |help| &help.zh)
    }

    /// A fact in short: `189 亩`, `missing`, `unreadable`, with `claim` and `closed` where they hold.
    pub(super) fn fact(&self, path: &str) -> String {
        fact(&self.vocabulary, &self.projects[0], path)
    }

    /// All facts of all projects in short, without their places.
    pub(super) fn facts(&self) -> Vec<String> {
        let of = |project: &Project| {
            let lists = self
                .vocabulary
                .fields()
                .iter()
                .filter(|f| f.kind == FieldType::Records);
            let mut all: Vec<String> = self
                .vocabulary
                .slots()
                .iter()
                .map(|id| self.vocabulary.path(*id).to_owned())
                .collect();
            for list in lists {
                for record in 0..project
                    .records(&self.vocabulary, list.id)
                    .map_or(0, <[_]>::len)
                {
                    let member = |id: &_| {
                        FactRef {
                            field: *id,
                            record: Some(u32::try_from(record).unwrap()),
                        }
                        .path(&self.vocabulary)
                    };
                    all.extend(self.vocabulary.members(list.id).iter().map(member));
                }
            }
            all.into_iter()
                .map(|path| format!("{path}: {}", fact(&self.vocabulary, project, &path)))
                .collect::<Vec<_>>()
        };
        self.projects.iter().flat_map(of).collect()
    }
}

pub(super) fn found(sources: &Sources, problems: &[Problem]) -> Vec<String> {
    let one = |p: &Problem| {
        let labels: Vec<&str> = p
            .labels
            .iter()
            .map(|l| sources.text_at(l.place).unwrap_or("∅"))
            .collect();
        format!(
            "{}｜{}",
            p.code.rsplit(':').next().unwrap(),
            labels.join("｜")
        )
    };
    problems.iter().map(one).collect()
}

pub(super) fn fact(vocabulary: &Vocabulary, project: &Project, path: &str) -> String {
    let (field, fact) = super::references::find(vocabulary, path, Place::Nowhere).unwrap();
    let fact: &Fact = project.find(vocabulary, fact).unwrap();
    let mut shown = match &fact.state {
        State::Missing => "missing".to_owned(),
        State::Unreadable => "unreadable".to_owned(),
        State::Silent => "silent".to_owned(),
        State::Unmeasured(_) => "unmeasured".to_owned(),
        State::Known(value) => crate::model::field_text(vocabulary, field, value).zh,
    };
    match &fact.origin {
        Origin::Closed(_) => shown.push_str(" closed"),
        Origin::Replied(reply) => shown = format!("{shown} {}", reply.number),
        _ => {}
    }
    if fact.claim {
        shown.push_str(" claim");
    }
    shown
}

/// Reads TOML behind the required keys and compares the problems.
#[track_caller]
pub(super) fn check(text: &str, problems: &[&str]) -> Read {
    let read = toml(text);
    assert_eq!(read.found(), problems, "{text}");
    read
}
