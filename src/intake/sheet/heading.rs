//! What the heading of a column names: a field, with the unit of its figures, or one of the few other things.
//!
//! Headings are read as people write them: `用地面积（亩）`, `*项目名称：`, `用地.用地面积`, `能源填报完整`.

use crate::base::text::{Lang, folded};
use crate::intake::known::{Builtin, find_field};
use crate::model::field::{Field, FieldId, FieldType, Group, Scope, Target, Vocabulary};
use crate::model::quantity;

/// What the rows of a sheet are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Each row is a project, or a topic of one.
    Projects,
    /// Each row states the fields of one group for a project.
    Group(u16),
    /// Each row is a record of a list of a project.
    Records(FieldId),
    /// Each row is a goal that a project serves.
    Supports,
}

/// A fixed key of a table that is no project and no record.
pub(super) type Word = &'static str;

/// The fixed keys of a link to a goal, by spelling.
const LINK: [(Word, &[&str]); 4] = [
    ("goal", &["goal", "目标", "支撑目标", "目标编号"]),
    ("indicator", &["indicator", "指标", "指标编号"]),
    ("contribution", &["contribution", "贡献"]),
    ("evidence", &["evidence", "佐证", "依据"]),
];

/// The fixed keys of a reply, by spelling.
pub(super) const REPLY: [(Word, &[&str]); 3] = [
    (
        "department",
        &["department", "部门", "答复部门", "replying department"],
    ),
    (
        "reply",
        &["reply", "文号", "答复文号", "number of the reply"],
    ),
    ("date", &["date", "日期", "答复日期", "day of the reply"]),
];

/// Spellings of the column that says to which project a row belongs.
const KEYS: [&str; 8] = [
    "所属项目",
    "项目",
    "项目名称",
    "项目编号",
    "项目代码",
    "project",
    "project id",
    "project name",
];

/// Columns that people add and no rule reads.
const IGNORED: [&str; 9] = [
    "序号", "备注", "说明", "no", "no.", "remark", "remarks", "note", "notes",
];

/// Words in brackets behind a heading that are no unit.
const ANNOTATIONS: [&str; 9] = [
    "必填",
    "选填",
    "可选",
    "如有",
    "若有",
    "有则填",
    "required",
    "optional",
    "if any",
];

/// What a heading names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A field of the project, or of the record.
    Field(FieldId),
    /// Whether a group is filled in completely.
    Complete(u16),
    /// Whether the record is filled in completely.
    RecordComplete,
    /// A key that every submission has.
    Builtin(Builtin),
    /// The project to which the row belongs.
    Project,
    /// A fixed key.
    Word(Word),
    /// Nothing that is read.
    Ignored,
    /// Not known.
    Unknown,
}

/// The unit of the bare figures of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Unit {
    /// The field's own.
    #[default]
    Own,
    /// The one that the heading states.
    Stated(String),
    /// The heading says something that is no unit of the field.
    Unclear(String),
}

/// A heading without marks and on one line, in half-width.
fn squeezed(text: &str) -> String {
    let text = folded(text);
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | ':' | '★'));
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// A heading in the form in which it is compared: squeezed, and without blanks if it holds ideographs.
pub(super) fn plain(text: &str) -> String {
    let text = squeezed(text);
    if text.chars().any(|c| c as u32 >= 0x2E80) {
        return text.chars().filter(|c| !c.is_whitespace()).collect();
    }
    text
}

/// What a heading names, and the unit it states.
pub(super) fn meaning(
    vocabulary: &Vocabulary,
    about: About,
    replies: bool,
    banner: Option<u16>,
    heading: &str,
) -> (Meaning, Unit) {
    let find = |text: &str| {
        // Some labels hold blanks of their own.
        match named(vocabulary, about, replies, banner, &squeezed(text)) {
            Meaning::Unknown => named(vocabulary, about, replies, banner, &plain(text)),
            found => found,
        }
    };
    let text = squeezed(heading);
    let whole = find(&text);
    if whole != Meaning::Unknown {
        return (whole, Unit::Own);
    }
    let brackets = text.strip_suffix([')', ']', '】']).and_then(|rest| {
        let at = rest.rfind(['(', '[', '【'])?;
        let (head, inner) = rest.split_at_checked(at)?;
        let mut inner = inner.chars();
        inner.next();
        Some((head, inner.as_str()))
    });
    if let Some((head, inner)) = brackets {
        let found = find(head);
        let unit = match &found {
            Meaning::Field(id) => vocabulary.field(*id).map(|f| unit_of(f, inner)),
            Meaning::Word("contribution") => Some(Unit::Stated(inner.to_owned())),
            _ => None,
        };
        if found != Meaning::Unknown {
            return (found, unit.unwrap_or_default());
        }
    }
    // `用地面积/亩` and `用地面积,亩`.
    for separator in [',', '/', ':', '_', ' '] {
        if let Some((head, tail)) = text.split_once(separator)
            && let Meaning::Field(id) = find(head)
            && let Some(field) = vocabulary.field(id)
            && let Unit::Stated(unit) = unit_of(field, tail)
        {
            return (Meaning::Field(id), Unit::Stated(unit));
        }
    }
    (Meaning::Unknown, Unit::Own)
}

/// The unit that words behind the heading of a field state.
pub(super) fn unit_of(field: &Field, words: &str) -> Unit {
    if field.kind != FieldType::Number {
        return Unit::Own;
    }
    let words = plain(words);
    let words = words.strip_prefix("单位").unwrap_or(&words);
    let words = words.strip_prefix("unit").unwrap_or(words);
    let words = words.trim_start_matches([':', ' ']);
    let fits = |unit: &str| {
        !unit.starts_with(|c: char| c.is_ascii_digit())
            && quantity::parse(&format!("1{unit}"), &field.measure).is_ok()
    };
    if fits(words) {
        return Unit::Stated(words.to_owned());
    }
    let rest: Vec<&str> = words
        .split([',', ';', '、'])
        .map(str::trim)
        .filter(|word| !word.is_empty() && !ANNOTATIONS.contains(word))
        .collect();
    match rest.as_slice() {
        [] => Unit::Own,
        [unit] if fits(unit) => Unit::Stated((*unit).to_owned()),
        _ => Unit::Unclear(words.to_owned()),
    }
}

fn named(
    vocabulary: &Vocabulary,
    about: About,
    replies: bool,
    banner: Option<u16>,
    text: &str,
) -> Meaning {
    let lower = text.to_lowercase();
    let word = |words: &[(Word, &[&str])]| {
        words
            .iter()
            .find(|(_, names)| names.contains(&lower.as_str()))
            .map(|(word, _)| Meaning::Word(word))
    };
    let key = || KEYS.contains(&lower.as_str()).then_some(Meaning::Project);
    let ignored = || {
        if IGNORED.contains(&lower.as_str()) {
            Meaning::Ignored
        } else {
            Meaning::Unknown
        }
    };
    let complete = matches!(Builtin::named(text), Some(Builtin::Complete));
    let found = match about {
        About::Records(list) => {
            let member = match vocabulary.resolve(Scope::Record(list), text) {
                Some(Target::Field(id)) => Some(Meaning::Field(id)),
                _ => None,
            };
            let member = member.or_else(|| complete.then_some(Meaning::RecordComplete));
            if replies {
                word(&REPLY).or(member).or_else(key)
            } else {
                member.or_else(key)
            }
        }
        About::Supports => word(&LINK).or_else(key),
        About::Projects | About::Group(_) if replies => word(&REPLY)
            .or_else(key)
            .or_else(|| of_project(vocabulary, about, banner, text)),
        About::Projects | About::Group(_) => of_project(vocabulary, about, banner, text),
    };
    found.unwrap_or_else(ignored)
}

/// What a heading of a table of projects names.
fn of_project(
    vocabulary: &Vocabulary,
    about: About,
    banner: Option<u16>,
    text: &str,
) -> Option<Meaning> {
    let own = match about {
        About::Group(group) => Some(group),
        _ => None,
    };
    let groups = || banner.into_iter().chain(own);
    match Builtin::named(text) {
        Some(Builtin::Complete) => return groups().next().map(Meaning::Complete),
        Some(builtin) => return Some(Meaning::Builtin(builtin)),
        None if matches!(text, "项目编号" | "编号" | "project id") => {
            return Some(Meaning::Builtin(Builtin::Id));
        }
        None if text == "depends on" => return Some(Meaning::Builtin(Builtin::DependsOn)),
        None if matches!(text, "所属项目" | "项目" | "project") => {
            return Some(Meaning::Project);
        }
        None => {}
    }
    let head = text
        .strip_suffix("填报完整")
        .or_else(|| text.strip_suffix(" complete"))
        .or_else(|| text.strip_suffix(".complete"));
    if let Some(head) = head
        && let Some(Target::Group(group)) = vocabulary.resolve(
            Scope::Root,
            head.trim_end_matches(['.', '·', ':', '-', ' ']),
        )
    {
        return Some(Meaning::Complete(group));
    }
    let in_group = groups().find_map(|group| find_field(vocabulary, Scope::Group(group), text));
    let dotted = text.replacen('·', ".", 1);
    let found = in_group.or_else(|| find_field(vocabulary, Scope::Root, &dotted))?;
    // A member of a list is no field of a project.
    vocabulary
        .field(found)
        .filter(|f| matches!(f.slot, crate::model::field::Slot::Project(_)))
        .map(|f| Meaning::Field(f.id))
}

/// The group of a heading that stands above others.
pub(super) fn group_of(vocabulary: &Vocabulary, text: &str) -> Option<u16> {
    match vocabulary.resolve(Scope::Root, &plain(text))? {
        Target::Group(group) => Some(group),
        Target::Field(_) => None,
    }
}

/// What a sheet is about by its name: `锅炉`, `材料清单`, `3.用地情况`.
pub(super) fn by_name(vocabulary: &Vocabulary, name: &str) -> Option<About> {
    let name = plain(name);
    let bare = name.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '、' | '(' | ')' | ' ')
    });
    let mut names = vec![name.as_str(), bare];
    for end in ["清单", "明细表", "明细", "一览表", "情况表", "情况", "表"] {
        names.extend(bare.strip_suffix(end));
    }
    names.into_iter().find_map(|name| {
        if Builtin::named(name) == Some(Builtin::Supports) {
            return Some(About::Supports);
        }
        match vocabulary.resolve(Scope::Root, name)? {
            Target::Group(group) => Some(About::Group(group)),
            Target::Field(id) => {
                let field = vocabulary.field(id)?;
                (field.kind == FieldType::Records).then_some(About::Records(id))
            }
        }
    })
}

/// The heading of a field in our own templates: its label, with its group where the label alone names something else,
/// and the unit of its figures.
pub fn heading_of(vocabulary: &Vocabulary, field: &Field, lang: Lang) -> String {
    let label = field.label.get(lang);
    let scope = vocabulary.scope_of(field.id);
    let about = match scope {
        Scope::Record(list) => About::Records(list),
        Scope::Root | Scope::Group(_) => About::Projects,
    };
    let own = |text: &str| {
        meaning(vocabulary, about, false, None, text) == (Meaning::Field(field.id), Unit::Own)
    };
    let group = match scope {
        Scope::Group(group) => vocabulary.group(group).map(|g| g.label.get(lang)),
        Scope::Root | Scope::Record(_) => None,
    };
    let mut heading = label.to_owned();
    if !own(&heading) {
        heading = group.map_or_else(|| field.path.clone(), |group| format!("{group}.{label}"));
    }
    if !own(&heading) {
        heading.clone_from(&field.path);
    }
    let unit = field.measure.name(lang);
    if field.kind == FieldType::Number && !unit.is_empty() {
        let with = match lang {
            Lang::Zh => format!("{heading}（{unit}）"),
            Lang::En => format!("{heading} ({unit})"),
        };
        let (found, stated) = meaning(vocabulary, about, false, None, &with);
        if found == Meaning::Field(field.id) && matches!(stated, Unit::Stated(_)) {
            return with;
        }
    }
    heading
}

/// The heading of the column that closes a group.
pub fn complete_heading(group: &Group, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}填报完整", group.label.zh),
        Lang::En => format!("{} complete", group.label.en),
    }
}

#[cfg(test)]
mod tests {
    use crate::intake::fixture::fact;
    use crate::intake::sheet::fixture::{book, check, row};

    #[test]
    fn headings_are_known_by_label_path_alias_and_in_both_languages() {
        for heading in [
            "用地面积",
            "land.area",
            "用地.用地面积",
            "用地·用地面积",
            "land area",
            "*用地面积：",
            "用 地\n面 积",
            "用地面积（必填）",
            "用地面积（亩）",
            "用地面积(亩，必填)",
            "用地面积[单位：亩]",
            "用地面积/亩",
        ] {
            check(heading, "12.6", "land.area", "12.6 亩", &[]);
        }
    }

    #[test]
    fn a_heading_with_something_that_is_no_unit_leaves_bare_figures_unknown() {
        for heading in ["用地面积（吨）", "总投资（万美元）"] {
            let path = if heading.starts_with('用') {
                "land.area"
            } else {
                "total_investment"
            };
            check(
                heading,
                "12",
                path,
                "unreadable",
                &[&format!("heading_unit｜{heading}")],
            );
        }
        check("用地面积（吨）", "12 亩", "land.area", "12 亩", &[]);
    }

    #[test]
    fn an_unknown_heading_is_told_once_and_its_group_is_not_closed() {
        let read = book(&[(
            "项目表",
            &[
                "项目名称|申报日期|办理环节|原煤炭|能源填报完整",
                "甲厂|@2024-06-01|备案|3|是",
                "乙厂|@2024-06-01|备案||是",
                "丙厂|@2024-06-01|备案|4|是",
            ],
        )]);
        assert_eq!(
            read.found(),
            ["unknown_field｜原煤炭", "not_closed｜是", "not_closed｜是"]
        );
        let help = read.problems[0].help.as_ref().unwrap();
        assert_eq!(help.zh, "是否为 `energy.raw_coal`（原煤）？");
        let shown = |index: usize| fact(&read.vocabulary, &read.projects[index], "energy.raw_coal");
        assert_eq!(
            [shown(0), shown(1), shown(2)],
            ["missing", "0 t/年 closed", "missing"]
        );
    }

    #[test]
    fn a_heading_of_two_names_is_one_problem_for_all_its_rows_and_says_which_is_meant() {
        let read = book(&[(
            "项目表",
            &[
                "项目名称|申报日期|阶段/办理环节|用地面积/总投资|厂区/原煤|能源填报完整|电力",
                "甲厂|@2024-06-01|备案|5|1|是|",
                "乙厂|@2024-06-01|备案||2||",
                "丙厂|@2024-06-01||||",
            ],
        )]);
        let told: Vec<_> = read
            .problems
            .iter()
            .map(|p| (p.message.zh.as_str(), p.help.as_ref().unwrap().zh.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (
                    "申报没有字段 `阶段/办理环节`，这一列填写的 2 行均未读取",
                    "是否为 `办理环节`？"
                ),
                (
                    "申报没有字段 `用地面积/总投资`，这一列填写的 1 行均未读取",
                    "请分开填写，每处只写其中一项：`land.area`（用地面积）、`total_investment`（总投资）"
                ),
                (
                    "申报没有字段 `厂区/原煤`，这一列填写的 2 行均未读取",
                    "是否为 `energy.raw_coal`（原煤）？"
                ),
                (
                    "有内容未能读取，此处未按填报完整处理",
                    "请先改正其他填报问题"
                ),
            ]
        );
        let cell = read.sources.describe(read.problems[0].place());
        assert_eq!(cell.as_deref(), Some("申报.xlsx:项目表!C1"));
        assert_eq!(read.fact("energy.raw_coal"), "missing");
        assert!(read.projects.iter().all(|p| p.stage.is_none()));
    }

    #[test]
    fn a_column_that_every_project_needs_is_missed_once_for_the_table() {
        let rows = ["项目名称|用地面积", "甲厂|5", "乙厂|6"];
        let read = book(&[("项目表", &rows)]);
        let said: Vec<_> = read.problems.iter().map(|p| &*p.message.zh).collect();
        assert_eq!(
            said,
            [
                "表中没有“办理环节”列，2 个项目无法核查",
                "表中没有“申报日期”列，2 个项目无法核查"
            ]
        );
        // A heading that holds nothing explains nothing.
        let empty = [
            "项目名称|申报日期|阶段/办理环节",
            "甲厂|@2024-06-01|",
            "乙厂|@2024-06-01|",
        ];
        assert_eq!(
            book(&[("项目表", &empty)]).found(),
            ["missing_column｜项目名称"]
        );
        // A column that is there and empty in a row is that project's own.
        let own = ["项目名称|申报日期|办理环节", "甲厂|@2024-06-01|"];
        assert_eq!(
            book(&[("项目表", &own)]).found(),
            ["missing_required｜甲厂"]
        );
    }

    #[test]
    fn a_heading_that_stands_twice_is_told_and_unreadable() {
        check(
            "用地面积|用地面积（亩）",
            "5|6",
            "land.area",
            "unreadable",
            &["given_twice｜用地面积｜用地面积（亩）"],
        );
        check("用地面积|用地面积（亩）", "5|", "land.area", "5 亩", &[]);
    }

    #[test]
    fn groups_are_closed_by_their_own_column() {
        for heading in ["能源填报完整", "energy.complete", "energy group complete"] {
            check(heading, "是", "energy.raw_coal", "0 t/年 closed", &[]);
            check(heading, "否", "energy.raw_coal", "missing", &[]);
        }
        let read = row("能源填报完整", "是");
        let field = read.vocabulary.by_path("energy.raw_coal").unwrap().id;
        let fact = crate::model::project::FactRef::project(field);
        let origin = read.projects[0].find(&read.vocabulary, fact).unwrap();
        let place = read.sources.describe(origin.origin.place());
        assert_eq!(place.as_deref(), Some("申报.xlsx:项目表!D2"));
    }
}
