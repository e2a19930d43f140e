//! Which sheets and columns a template has: the fields that rules read, by topic, and who states them.
//!
//! It does not know how a workbook is written.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::text::Lang;
use crate::intake::sheet::{complete_heading, heading_of};
use crate::model::field::{
    Field, FieldId, FieldType, Group, Provider, Scope, Slot, Vocabulary, WhenClosed,
};
use crate::model::stage::Stage;
use crate::rules::pack::Packs;

/// What is written into the cells of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// Words.
    Words,
    /// A figure in this unit.
    Figure(String),
    /// A day.
    Day,
    /// One of these answers.
    Choice(Vec<String>),
    /// Yes or no.
    YesNo,
    /// Whether there are any records, which another sheet lists.
    AnyNone,
    /// A code.
    Code,
    /// Ids of goals or projects.
    Goals,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) heading: String,
    pub(super) fill: Fill,
    /// Help for who fills it in.
    pub(super) note: String,
    /// The path or key.
    pub(super) path: String,
    /// True for what every row needs.
    pub(super) needed: bool,
}

/// Columns under one heading.
#[derive(Clone, Debug)]
pub(super) struct Topic {
    pub(super) title: String,
    pub(super) columns: Vec<Column>,
}

/// A sheet.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) topics: Vec<Topic>,
    /// Columns that stay in view.
    pub(super) frozen: u16,
}

impl Sheet {
    /// All columns, in order.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Column> {
        self.topics.iter().flat_map(|topic| &topic.columns)
    }
}

/// A sheet's name as sheets may be called: short, and without some signs.
fn sheet_name(label: &str) -> String {
    let allowed = |c: char| if "[]:*?/\\'".contains(c) { ' ' } else { c };
    label.chars().map(allowed).take(31).collect()
}

struct Plan<'a> {
    vocabulary: &'a Vocabulary,
    /// Fields that rules read, and the lists whose members they read.
    read: BTreeSet<FieldId>,
    /// By how many rules each field is read.
    weights: BTreeMap<FieldId, usize>,
    lang: Lang,
}

impl<'a> Plan<'a> {
    fn new(packs: &'a Packs, lang: Lang) -> Self {
        let vocabulary = &packs.library.vocabulary;
        let mut weights = BTreeMap::new();
        for field in packs.rules.iter().flat_map(|rule| &rule.reads) {
            *weights.entry(*field).or_insert(0) += 1;
        }
        let mut read: BTreeSet<FieldId> = weights.keys().copied().collect();
        let lists: Vec<FieldId> = read
            .iter()
            .filter_map(|id| match vocabulary.field(*id)?.slot {
                Slot::Member(list, _) => Some(list),
                Slot::Project(_) => None,
            })
            .collect();
        read.extend(lists);
        // A record is told apart by its name, and a code is read in its edition.
        let named = vocabulary
            .fields()
            .iter()
            .filter(|f| f.kind == FieldType::Records)
            .filter_map(|f| f.named_by);
        read.extend(named);
        let editions = vocabulary
            .fields()
            .iter()
            .filter(|f| f.path.ends_with(".edition"));
        read.extend(editions.map(|f| f.id));
        Self {
            vocabulary,
            read,
            weights,
            lang,
        }
    }

    /// The groups, those first of which most rules read something.
    fn by_weight(&self, packs: &Packs) -> Vec<u16> {
        let count = u16::try_from(self.vocabulary.groups().len()).unwrap_or(u16::MAX);
        let weight = |group: u16| {
            let reads = |id: &FieldId| self.vocabulary.scope_of(*id) == Scope::Group(group);
            packs
                .rules
                .iter()
                .filter(|r| r.reads.iter().any(reads))
                .count()
        };
        let mut groups: Vec<(usize, u16)> =
            (0..count).map(|group| (weight(group), group)).collect();
        groups.sort_by_key(|(weight, group)| (Reverse(*weight), *group));
        groups.into_iter().map(|(_, group)| group).collect()
    }

    fn pick(&self, zh: &str, en: &str) -> String {
        self.lang.pick(zh, en).to_owned()
    }

    /// A column for something that is no field.
    fn other(&self, heading: (&str, &str), path: &str, fill: Fill, note: (&str, &str)) -> Column {
        Column {
            heading: self.pick(heading.0, heading.1),
            fill,
            note: self.pick(note.0, note.1),
            path: path.to_owned(),
            needed: false,
        }
    }

    fn field(&self, field: &Field) -> Column {
        let fill = match field.kind {
            FieldType::Bool => Fill::YesNo,
            FieldType::Text | FieldType::Texts => Fill::Words,
            FieldType::Enum(id) => Fill::Choice(
                self.vocabulary
                    .enumeration(id)
                    .into_iter()
                    .flat_map(|e| &e.answers)
                    .map(|answer| answer.label.get(self.lang).to_owned())
                    .collect(),
            ),
            FieldType::Date => Fill::Day,
            FieldType::Code(_) | FieldType::Codes(_) => Fill::Code,
            FieldType::Number => Fill::Figure(field.measure.name(self.lang)),
            FieldType::Records => Fill::AnyNone,
        };
        let mut note = field.note.get(self.lang).to_owned();
        if matches!(field.kind, FieldType::Texts | FieldType::Codes(_)) {
            let hint = self.lang.pick(
                "多项之间用顿号隔开；没有的填“无”。",
                "Separate several with commas; write none if there are none. ",
            );
            note.insert_str(0, hint);
        }
        Column {
            heading: heading_of(self.vocabulary, field, self.lang),
            fill,
            note,
            path: field.path.clone(),
            needed: false,
        }
    }

    /// True for a field that is asked of the applicant, or of the office and departments.
    fn is_asked(&self, field: &Field, official: bool) -> bool {
        !field.derived
            && field.provider.is_official() == official
            && field.provider != Provider::Computed
            && self.read.contains(&field.id)
    }

    fn asked(&self, scope: Scope, official: bool) -> Vec<&'a Field> {
        let all = self.vocabulary.fields().iter();
        let own = |f: &&Field| self.vocabulary.scope_of(f.id) == scope;
        let mut fields: Vec<&Field> = all
            .filter(own)
            .filter(|f| self.is_asked(f, official))
            .collect();
        if scope != Scope::Root {
            self.sort(&mut fields);
        }
        fields
    }

    /// Puts the fields first that most rules read.
    fn sort(&self, fields: &mut [&Field]) {
        fields.sort_by_key(|f| Reverse(self.weights.get(&f.id).copied().unwrap_or(0)));
    }

    fn lists(&self, official: bool) -> Vec<&'a Field> {
        let mut lists = self.asked(Scope::Root, official);
        lists.retain(|f| f.kind == FieldType::Records);
        lists
    }

    fn complete(&self, group: &Group) -> Column {
        Column {
            heading: complete_heading(group, self.lang),
            fill: Fill::YesNo,
            note: self.pick(
                "填“是”表示本组已经填全：未填的按零、否、空处理。没有把握的不要填。",
                "Yes says that this group is filled in completely: what is left empty counts as zero, no or none. Leave it empty if in doubt.",
            ),
            path: format!("{}.complete", group.path),
            needed: false,
        }
    }

    fn record_complete(&self) -> Column {
        self.other(
            ("填报完整", "complete"),
            "complete",
            Fill::YesNo,
            (
                "填“是”表示本行已经填全：未填的按零、否、空处理。",
                "Yes says that this row is filled in completely: what is left empty counts as zero, no or none.",
            ),
        )
    }

    fn owner(&self) -> Column {
        let note = (
            "填写项目表中的项目编号、名称或代码。",
            "The project's id, name or code in the sheet of projects.",
        );
        Column {
            needed: true,
            ..self.other(("所属项目", "project"), "project", Fill::Words, note)
        }
    }

    /// A sheet for the records of a list.
    fn records(&self, list: &Field, head: Vec<Column>) -> Sheet {
        let mut own: Vec<&Field> = self
            .vocabulary
            .members(list.id)
            .iter()
            .filter_map(|id| self.vocabulary.field(*id))
            .filter(|f| self.is_asked(f, list.provider.is_official()))
            .collect();
        self.sort(&mut own);
        // What names a record stands first.
        own.sort_by_key(|f| Some(f.id) != list.named_by);
        let mut columns = head;
        let frozen = u16::try_from(columns.len()).unwrap_or(1);
        columns.extend(own.iter().map(|field| self.field(field)));
        if list.closable {
            columns.push(self.record_complete());
        }
        let label = list.label.get(self.lang);
        Sheet {
            name: sheet_name(label),
            title: match self.lang {
                Lang::Zh => format!("{label}：每项一行；有一项漏填，整张清单就不完整"),
                Lang::En => {
                    format!("{label}: a row for each; a list with one left out is not complete")
                }
            },
            topics: vec![Topic {
                title: String::new(),
                columns,
            }],
            frozen,
        }
    }

    fn basics(&self) -> Topic {
        let needed = |column: Column| Column {
            needed: true,
            ..column
        };
        let root = self.asked(Scope::Root, false);
        let name = self.vocabulary.by_path("name");
        let stages = Stage::ALL
            .iter()
            .map(|stage| stage.label().get(self.lang).to_owned())
            .collect();
        let mut columns = vec![self.other(
            ("项目编号", "project id"),
            "id",
            Fill::Words,
            (
                "本表内自编的短编号，供其他工作表和人工认定引用，例如 A01。",
                "A short id of your own, by which other sheets and waivers name the project, such as A01.",
            ),
        )];
        columns.extend(name.map(|field| needed(self.field(field))));
        columns.push(needed(self.other(
            ("申报日期", "submitted"),
            "submitted",
            Fill::Day,
            ("申报（收件）的日期。", "The day on which it was submitted."),
        )));
        columns.push(needed(self.other(
            ("办理环节", "stage"),
            "stage",
            Fill::Choice(stages),
            (
                "目前正在办理的环节。",
                "The procedure at which the project stands.",
            ),
        )));
        let others = root
            .iter()
            .filter(|f| f.kind != FieldType::Records && f.path != "name");
        columns.extend(others.map(|field| self.field(field)));
        columns.push(self.other(
            ("支撑目标", "supports"),
            "supports",
            Fill::Goals,
            (
                "规划目标编号，多个用顿号隔开，例如 G4.1-1；要写明贡献的，填“支撑目标”工作表。",
                "Ids of goals such as G4.1-1, separated by commas; contributions go into the sheet `supports`.",
            ),
        ));
        columns.push(self.other(
            ("依赖项目", "depends on"),
            "depends_on",
            Fill::Goals,
            (
                "本项目依赖的其他项目的编号。",
                "Ids of projects on which this one depends.",
            ),
        ));
        Topic {
            title: self.pick("基本情况", "basics"),
            columns,
        }
    }

    fn any(&self, lists: &[&Field]) -> Topic {
        let column = |field: &&Field| {
            let sheet = sheet_name(field.label.get(self.lang));
            Column {
                note: match self.lang {
                    Lang::Zh => format!(
                        "没有的填“无”；有的填“有”，在工作表“{sheet}”逐项填写。留空表示不知道。"
                    ),
                    Lang::En => format!(
                        "No if there are none; yes, and list them in the sheet `{sheet}`. Empty means not known."
                    ),
                },
                ..self.field(field)
            }
        };
        Topic {
            title: self.pick("清单（有、无）", "lists (yes, no)"),
            columns: lists.iter().map(column).collect(),
        }
    }
}

/// The sheets of a submission.
pub(super) fn submission(packs: &Packs, lang: Lang) -> Vec<Sheet> {
    let plan = Plan::new(packs, lang);
    let lists = plan.lists(false);
    let mut topics = vec![plan.basics(), plan.any(&lists)];
    for index in plan.by_weight(packs) {
        let Some(group) = plan.vocabulary.group(index) else {
            continue;
        };
        let scope = Scope::Group(index);
        let mut columns: Vec<Column> = plan
            .asked(scope, false)
            .into_iter()
            .map(|field| plan.field(field))
            .collect();
        // Closing may say something of fields that only the office confirms.
        let closes = plan.vocabulary.fields().iter().any(|f| {
            plan.vocabulary.scope_of(f.id) == scope
                && f.when_closed
                    .as_ref()
                    .is_some_and(|w| *w != WhenClosed::Silent)
        });
        if group.closable && (closes || !columns.is_empty()) {
            columns.push(plan.complete(group));
        }
        if !columns.is_empty() {
            topics.push(Topic {
                title: group.label.get(lang).to_owned(),
                columns,
            });
        }
    }
    let mut sheets = vec![Sheet {
        name: plan.pick("项目表", "projects"),
        title: plan.pick("项目表：每个项目一行", "projects: a row for each project"),
        topics,
        frozen: 2,
    }];
    sheets.extend(
        lists
            .iter()
            .map(|list| plan.records(list, vec![plan.owner()])),
    );
    sheets.push(supports(&plan));
    sheets
}

fn supports(plan: &Plan<'_>) -> Sheet {
    let column = |heading, path, note| plan.other(heading, path, Fill::Words, note);
    let columns = vec![
        plan.owner(),
        Column {
            needed: true,
            ..plan.other(
                ("目标", "goal"),
                "goal",
                Fill::Goals,
                (
                    "规划目标编号，见 hegui list goals。",
                    "The goal's id; see `hegui list goals`.",
                ),
            )
        },
        column(
            ("指标", "indicator"),
            "indicator",
            ("该目标的指标编号。", "The id of an indicator of the goal."),
        ),
        column(
            ("贡献", "contribution"),
            "contribution",
            (
                "对指标的贡献，带单位，例如 12 MW。",
                "How much it adds to the indicator, with a unit, such as 12 MW.",
            ),
        ),
        column(
            ("佐证", "evidence"),
            "evidence",
            ("依据的材料和章节。", "What shows it: paper and chapter."),
        ),
    ];
    Sheet {
        name: plan.pick("支撑目标", "supports"),
        title: plan.pick(
            "支撑目标：每个项目对每个目标一行；不写贡献的，在项目表填写编号即可",
            "supports: a row for each project and goal; without a contribution, the sheet of projects is enough",
        ),
        topics: vec![Topic {
            title: String::new(),
            columns,
        }],
        frozen: 1,
    }
}

/// The sheets of the replies: one for each provider, and one for each list.
pub(super) fn replies(packs: &Packs, lang: Lang) -> Vec<Sheet> {
    let plan = Plan::new(packs, lang);
    let needed = |column: Column| Column {
        needed: true,
        ..column
    };
    let head = || {
        vec![
            plan.owner(),
            needed(plan.other(
                ("答复部门", "department"),
                "department",
                Fill::Words,
                ("答复的部门全称。", "The department that replied."),
            )),
            needed(plan.other(
                ("文号", "reply"),
                "reply",
                Fill::Words,
                ("答复的文号。", "The number of the reply."),
            )),
            needed(plan.other(
                ("日期", "date"),
                "date",
                Fill::Day,
                ("答复的日期。", "The day of the reply."),
            )),
        ]
    };
    let official =
        |field: &&Field| matches!(field.slot, Slot::Project(_)) && plan.is_asked(field, true);
    let fields: Vec<&Field> = plan.vocabulary.fields().iter().filter(official).collect();
    let mut providers: Vec<String> = Vec::new();
    for field in &fields {
        let name = field.provider.name().get(lang).to_owned();
        if !providers.contains(&name) {
            providers.push(name);
        }
    }
    providers.sort();
    let mut sheets = Vec::new();
    for provider in providers {
        let own = fields.iter().copied();
        let mut own: Vec<&Field> = own
            .filter(|f| f.provider.name().get(lang) == provider)
            .collect();
        plan.sort(&mut own);
        let mut topics = vec![Topic {
            title: plan.pick("答复", "reply"),
            columns: head(),
        }];
        for field in own {
            let title = match plan.vocabulary.scope_of(field.id) {
                Scope::Group(group) => plan.vocabulary.group(group).map(|g| g.label.get(lang)),
                Scope::Root | Scope::Record(_) => None,
            };
            let title = title.unwrap_or("").to_owned();
            let column = plan.field(field);
            match topics.iter_mut().skip(1).find(|topic| topic.title == title) {
                Some(topic) => topic.columns.push(column),
                None => topics.push(Topic {
                    title,
                    columns: vec![column],
                }),
            }
        }
        sheets.push(Sheet {
            name: sheet_name(&provider),
            title: match lang {
                Lang::Zh => format!("{provider}：每件答复一行；没有答复的字段留空"),
                Lang::En => {
                    format!("{provider}: a row for each reply; fields without one stay empty")
                }
            },
            topics,
            frozen: 1,
        });
    }
    let lists = plan.lists(true);
    sheets.extend(lists.iter().map(|list| plan.records(list, head())));
    sheets
}
