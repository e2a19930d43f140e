//! A file of submissions: one project, a list, or one per line.
//!
//! It numbers and names the projects; it does not know what they hold.

use std::collections::BTreeMap;

use crate::base::problem::Problem;
use crate::base::source::{Place, Source};
use crate::base::text::{Text, folded};
use crate::base::tree::{Datum, Node};
use crate::base::{json, toml};
use crate::intake::damage::Damage;
use crate::intake::known::shown;
use crate::intake::project::{Relations, read_project};
use crate::intake::reader::Reader;
use crate::intake::sheet;
use crate::intake::spelling::LISTS;
use crate::intake::{Expected, Format};
use crate::model::project::Project;
use crate::text;

/// Parses a document that is not one of many.
pub(super) fn parse(source: &Source, format: Format) -> (Option<Node>, Vec<Problem>) {
    match format {
        Format::Toml => {
            let (node, problems) = toml::parse(source);
            (Some(node), problems)
        }
        Format::Json | Format::Ndjson => json::parse(source),
        // Their tree follows from the vocabulary, since headings name fields.
        Format::Xlsx | Format::Csv => (None, Vec::new()),
    }
}

/// Reads the projects of a source.
pub(super) fn read_projects(
    source: &Source,
    format: Format,
    default_id: &str,
    expected: &Expected<'_>,
) -> (Vec<Project>, Vec<Problem>) {
    let mut file = File {
        reader: Reader::new(expected, Some(source)),
        relations: Relations::new(expected.vocabulary),
        source,
        default_id,
        count: 0,
        ids: BTreeMap::new(),
        projects: Vec::new(),
    };
    let mut parsing = Vec::new();
    if format == Format::Ndjson {
        for (node, mut problems) in json::lines(source) {
            match node {
                Some(node) => {
                    file.reader.damage = Damage::of(source, &node, &problems);
                    file.item(&node);
                }
                // A line that is lost keeps its number.
                None => file.count += 1,
            }
            parsing.append(&mut problems);
        }
    } else if matches!(format, Format::Xlsx | Format::Csv) {
        let parsed = sheet::parse(source, expected.vocabulary);
        file.reader.damage = Damage::of_cells(parsed.lost);
        file.reader.in_cells = true;
        file.document(&parsed.node);
        parsing = parsed.problems;
    } else {
        let (node, problems) = parse(source, format);
        if let Some(node) = node {
            file.reader.damage = Damage::of(source, &node, &problems);
            file.document(&node);
        }
        parsing = problems;
    }
    (file.projects, file.reader.into_problems(parsing))
}

struct File<'a> {
    reader: Reader<'a>,
    relations: Relations,
    source: &'a Source,
    default_id: &'a str,
    count: usize,
    /// Where each id is used.
    ids: BTreeMap<String, Place>,
    projects: Vec<Project>,
}

impl File<'_> {
    fn document(&mut self, node: &Node) {
        if let Datum::List(items) = &node.datum {
            return items.iter().for_each(|item| self.item(item));
        }
        let is_list = |node: &Node| matches!(&node.datum, Datum::List(items) if items.iter().all(|i| matches!(i.datum, Datum::Table(_))));
        let list = node
            .entries()
            .iter()
            .find(|e| LISTS.contains(&folded(&e.key).as_ref()) && is_list(&e.node));
        let Some(list) = list else {
            return self.item(node);
        };
        for stray in node.entries().iter().filter(|e| e.place != list.place) {
            let key = shown(&stray.key);
            let message = text!(
                "`{key}` 写在各项目之外，未读取",
                "`{key}` stands outside the projects and was not read"
            );
            let help = Text::new("请写入各项目之内", "move it into the project it belongs to");
            self.reader.problems.push(
                Problem::error("hegui::intake::outside_project", stray.place, message).help(help),
            );
        }
        list.node.items().iter().for_each(|item| self.item(item));
    }

    fn item(&mut self, node: &Node) {
        self.count += 1;
        if !matches!(node.datum, Datum::Table(_)) {
            let message = Text::new("此处应为一个项目", "a project is expected here");
            return self.reader.problems.push(Problem::error(
                "hegui::intake::not_a_project",
                node.place,
                message,
            ));
        }
        let default = self.default_name();
        let (mut project, named) = read_project(
            &mut self.reader,
            &self.relations,
            node,
            default,
            &self.source.name,
        );
        let place = named.unwrap_or(project.place);
        if let Some(first) = self.ids.get(&project.id) {
            let id = shown(&project.id);
            // Two cells of a table are told apart by their names, also where no excerpt is shown.
            let cells = [*first, place].map(|place| match (place, &self.source.book) {
                (Place::Cell(_, cell), Some(book)) => Some(book.name(cell)),
                _ => None,
            });
            let message = match cells {
                [Some(first), Some(again)] => text!(
                    "项目编号 `{id}` 重复：{first} 和 {again}",
                    "the project id `{id}` is used twice: in {first} and {again}"
                ),
                _ => text!(
                    "项目编号 `{id}` 重复",
                    "the project id `{id}` is used twice"
                ),
            };
            let problem = Problem::error("hegui::intake::duplicate_id", place, message)
                .also(*first, Text::new("已用于此处", "it is used here"))
                .help(Text::new(
                    "请为每个项目填写不同的 id",
                    "give each project an id of its own",
                ));
            self.reader.problems.push(problem);
            // Both are still judged, under names that tell them apart.
            let number = self.count;
            let unique = format!("{}#{number}", project.id);
            if project.name == project.id {
                project.name.clone_from(&unique);
            }
            project.id = unique;
        }
        self.ids.entry(project.id.clone()).or_insert(place);
        self.projects.push(project);
    }

    fn default_name(&self) -> String {
        match self.count {
            1 => self.default_id.to_owned(),
            number => format!("{}#{number}", self.default_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::intake::Format;
    use crate::intake::fixture::{check, json, read, toml};

    #[test]
    fn a_file_with_three_mistakes_reports_all_three() {
        check(
            "[land]\naera = 3\narea = \"5 吨\"\n[dates]\nfiling = \"昨天\"",
            &[
                "unknown_field｜aera",
                "quantity｜\"5 吨\"",
                "not_a_date｜\"昨天\"",
            ],
        );
    }

    #[test]
    fn toml_and_json_of_the_same_content_give_equal_facts() {
        let toml = toml(
            "name = \"甲\"\n[land]\narea = \"1 公顷\"\nfarmland = 0\n[energy]\ncomplete = true\n[[boilers]]\ncapacity = 6\nfuel = \"煤\"\n[[boilers]]\nnox = 30.0\ncomplete = true\n[industry]\ncode = \"C3216\"\nother_codes = [\"3252\"]\n[dates]\nfiling = 2024-01-02",
        );
        let json = json(
            "\"name\": \"甲\", \"用地面积\": \"1 公顷\", \"land.farmland\": 0, \"能源\": {\"填报完整\": true}, \"锅炉\": [{\"额定容量\": 6, \"燃料\": \"coal\"}, {\"nox\": 30, \"complete\": true}], \"行业\": {\"行业代码\": 3216, \"其他行业代码\": [\"C3252\"], \"processes\": null}, \"dates\": {\"立项日期\": \"2024/1/2\"}",
        );
        assert_eq!((toml.found(), json.found()), (vec![], vec![]));
        assert_eq!(toml.facts(), json.facts());
        assert_eq!(toml.projects[0].name, "甲");
    }

    #[test]
    fn projects_of_a_file_are_numbered_and_named() {
        let head = "submitted = 2024-06-01\nstage = \"备案\"\n";
        let text = format!(
            "[[project]]\n{head}name = \"甲\"\n[project.land]\narea = 1\n[[project]]\nid = \"b\"\n{head}[[project]]\n{head}"
        );
        let read_toml = read(&text, Format::Toml);
        assert_eq!(read_toml.found(), [""; 0]);
        let ids = |r: &crate::intake::fixture::Read| {
            r.projects
                .iter()
                .map(|p| (p.id.clone(), p.name.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            ids(&read_toml),
            [
                ("p".into(), "甲".into()),
                ("b".into(), "b".into()),
                ("p#3".into(), "p#3".into())
            ]
        );
        assert_eq!(read_toml.fact("land.area"), "1 亩");
        let chinese = read(
            &text
                .replace("[[project]]", "[[\"项目\"]]")
                .replace("[project.land]", "[\"项目\".land]"),
            Format::Toml,
        );
        assert_eq!(ids(&chinese), ids(&read_toml));
        let one = "{\"申报日期\": \"2024-06-01\", \"办理环节\": \"立项\"}";
        for (text, format) in [
            (format!("[{one},\n{one}]"), Format::Json),
            (format!("{{\"项目\": [{one}, {one}]}}"), Format::Json),
            (format!("{one}\n\n{one}\n"), Format::Ndjson),
        ] {
            let read = read(&text, format);
            assert_eq!(
                (read.found(), ids(&read)),
                (
                    vec![],
                    vec![("p".into(), "p".into()), ("p#2".into(), "p#2".into())]
                )
            );
        }
    }

    #[test]
    fn a_broken_line_of_ndjson_loses_only_itself() {
        let one = "{\"submitted\": \"2024-06-01\", \"stage\": \"filing\"}";
        let read = read(&format!("{one}\n{{\"a\": \n[1]\n{one}"), Format::Ndjson);
        assert_eq!(read.found(), ["syntax｜ ", "not_a_project｜[1]"]);
        assert_eq!(
            read.projects
                .iter()
                .map(|p| p.id.as_str())
                .collect::<Vec<_>>(),
            ["p", "p#4"]
        );
    }

    #[test]
    fn an_id_used_twice_is_a_problem_and_both_are_kept_apart() {
        let one = "{\"id\": \"x\", \"submitted\": \"2024-06-01\", \"stage\": \"filing\"}";
        let read = read(&format!("[{one}, {one}]"), Format::Json);
        assert_eq!(read.found(), ["duplicate_id｜\"id\"｜\"id\""]);
        assert_eq!(
            read.projects
                .iter()
                .map(|p| p.id.as_str())
                .collect::<Vec<_>>(),
            ["x", "x#2"]
        );
    }

    #[test]
    fn what_stands_outside_the_projects_is_a_problem() {
        let read = read(
            "name = \"甲\"\n[[project]]\nsubmitted = 2024-06-01\nstage = \"filing\"",
            Format::Toml,
        );
        assert_eq!(read.found(), ["outside_project｜name"]);
    }

    #[test]
    fn hostile_input_gives_problems_and_no_crash() {
        let deep = |open: &str, close: &str| {
            format!(
                "{{\"land\": {}1{}}}",
                open.repeat(50_000),
                close.repeat(50_000)
            )
        };
        for (text, format) in [
            (deep("[", "]"), Format::Json),
            (deep("{\"a\":", "}"), Format::Json),
            (format!("boilers = {}", "[".repeat(50_000)), Format::Toml),
            (
                format!("{{\"boilers\": [{}1]}}", "1,".repeat(100_000)),
                Format::Json,
            ),
            (
                format!("{{{}\"x\": 1}}", "\"x\": 1,".repeat(20_000)),
                Format::Json,
            ),
            ("x = 1\n".repeat(20_000), Format::Toml),
            ("[x]\n".repeat(5_000), Format::Toml),
            ("\u{0}".to_owned(), Format::Toml),
            ("\u{0}".to_owned(), Format::Json),
            ("{".to_owned(), Format::Ndjson),
            ("12".to_owned(), Format::Json),
            (format!("[land]\narea = {}", "9".repeat(400)), Format::Toml),
            (String::new(), Format::Toml),
        ] {
            assert!(!read(&text, format).problems.is_empty());
        }
        let many = format!("\"boilers\": [{}{{}}]", "{\"capacity\": 1},".repeat(20_000));
        assert_eq!(json(&many).fact("boilers"), "20001 项");
    }
}
