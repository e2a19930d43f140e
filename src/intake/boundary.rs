//! The boundary of a project: the file beside the submission, or coordinates in it.
//!
//! It does not read the file and does not know what coordinates are.

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::{Text, folded};
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::known::shown;
use crate::intake::reader::Reader;
use crate::model::project::{Fact, Origin, Project, Value};
use crate::model::site::{Boundary, BoundaryPart, Drawn};
use crate::text;

/// Reads the key `boundary`: a file, a table, coordinates, or a list of files and tables.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node, project: &mut Project) {
    let mut parts = Vec::new();
    let mut problems = Vec::new();
    match &node.datum {
        Datum::List(items) if !items.is_empty() && !items.iter().all(is_list) => {
            for item in items {
                parts.extend(part(item, &mut problems));
            }
        }
        _ => parts.extend(part(node, &mut problems)),
    }
    reader.problems.append(&mut problems);
    // A boundary that cannot be read is one all the same: nothing is measured, and nothing is taken for zero.
    project.boundary = Some(Box::new(Boundary {
        parts,
        place: Some(node.place),
    }));
}

fn is_list(node: &Node) -> bool {
    matches!(node.datum, Datum::List(_))
}

/// A file, a table with `file` or `coordinates` and perhaps `crs`, or coordinates.
fn part(node: &Node, problems: &mut Vec<Problem>) -> Option<BoundaryPart> {
    let of = |drawn, crs| BoundaryPart {
        drawn,
        crs,
        place: node.place,
    };
    match &node.datum {
        Datum::Text(file) => path(file, node, problems).map(|file| of(Drawn::File(file), None)),
        Datum::List(items) if !items.is_empty() => Some(of(Drawn::Inline(node.clone()), None)),
        Datum::Table(entries) => {
            let (drawn, crs) = table(entries, problems)?;
            if drawn.is_none() {
                problems.push(wrong(node));
            }
            drawn.map(|drawn| of(drawn, crs))
        }
        _ => {
            problems.push(wrong(node));
            None
        }
    }
}

type Table = (Option<Drawn>, Option<(String, Place)>);

/// The keys of a table; none if one of them is wrong, which has then been said.
fn table(entries: &[Entry], problems: &mut Vec<Problem>) -> Option<Table> {
    let (mut drawn, mut crs, mut broken) = (None, None, false);
    for entry in entries {
        let node = &entry.node;
        let key = folded(&entry.key);
        match (&*key, &node.datum) {
            ("file" | "文件", Datum::Text(file)) => {
                let file = path(file, node, problems);
                broken |= file.is_none() || drawn.is_some();
                drawn = file.map(Drawn::File).or(drawn);
            }
            ("coordinates" | "坐标", Datum::List(items)) if !items.is_empty() => {
                broken |= drawn.is_some();
                drawn = Some(Drawn::Inline(node.clone()));
            }
            ("crs" | "坐标系", Datum::Text(words)) => {
                crs = Some((words.clone(), node.place));
            }
            ("crs" | "坐标系", Datum::Number(number)) => {
                crs = Some((format!("EPSG:{number}"), node.place));
            }
            _ => {
                let name = shown(&entry.key);
                problems.push(
                    Problem::error(
                        "hegui::intake::boundary",
                        entry.place,
                        text!(
                            "用地边界的 `{name}` 不能这样写",
                            "`{name}` of a boundary is not written like this"
                        ),
                    )
                    .help(advice()),
                );
                broken = true;
            }
        }
    }
    (!broken).then_some((drawn, crs))
}

/// A path that stays under the submission's folder.
fn path(file: &str, node: &Node, problems: &mut Vec<Problem>) -> Option<String> {
    let written = file.trim();
    let outside = written.is_empty()
        || written.starts_with(['/', '\\'])
        || written.contains(':')
        || written.split(['/', '\\']).any(|part| part == "..")
        || written.chars().any(char::is_control);
    if outside {
        let name = shown(written);
        problems.push(
            Problem::error(
                "hegui::intake::boundary_path",
                node.place,
                text!(
                    "边界文件 `{name}` 不在申报文件所在的文件夹内",
                    "the boundary file `{name}` is not within the submission's folder"
                ),
            )
            .help(Text::new(
                "请把边界文件放在申报文件旁，只写文件名，例如 boundary = \"boundary.geojson\"",
                "put it beside the submission and write its name, such as boundary = \"boundary.geojson\"",
            )),
        );
        return None;
    }
    Some(written.replace('\\', "/"))
}

fn wrong(node: &Node) -> Problem {
    Problem::error(
        "hegui::intake::boundary",
        node.place,
        Text::new(
            "用地边界应填边界文件或坐标",
            "`boundary` is a map file or coordinates",
        ),
    )
    .help(advice())
}

fn advice() -> Text {
    Text::new(
        "例如 boundary = \"boundary.geojson\"，或 boundary = { file = \"界址点.txt\", crs = \"EPSG:4538\" }，或 boundary = { coordinates = [[541000, 4867000], …], crs = \"EPSG:4538\" }",
        "such as boundary = \"boundary.geojson\", boundary = { file = \"points.txt\", crs = \"EPSG:4538\" } or boundary = { coordinates = [[541000, 4867000], …], crs = \"EPSG:4538\" }",
    )
}

/// States whether the submission gives a boundary: that it gives none is known from the submission itself.
pub(super) fn note(slot: Option<u16>, given: Option<Place>, project: &mut Project) {
    let fact = slot.and_then(|slot| project.facts.get_mut(usize::from(slot)));
    if let Some(fact) = fact {
        let place = given.unwrap_or(project.place);
        *fact = Fact::known(Value::Bool(given.is_some()), Origin::Declared(place));
    }
}

#[cfg(test)]
mod tests {
    use crate::intake::fixture::check;
    use crate::model::site::Drawn;

    fn parts(text: &str) -> Vec<String> {
        let read = check(text, &[]);
        let boundary = read.projects[0].boundary.clone().unwrap();
        let part = |part: &crate::model::site::BoundaryPart| {
            let drawn = match &part.drawn {
                Drawn::File(file) => file.clone(),
                Drawn::Inline(_) => "coordinates".to_owned(),
            };
            let crs = part.crs.as_ref().map_or("", |(crs, _)| crs);
            format!("{drawn} {crs}")
        };
        boundary.parts.iter().map(part).collect()
    }

    #[test]
    fn a_boundary_is_a_file_a_table_coordinates_or_several() {
        assert_eq!(parts("boundary = \"a.geojson\""), ["a.geojson "]);
        assert_eq!(
            parts("\"用地边界\" = { \"文件\" = \"界址点.txt\", crs = 4538 }"),
            ["界址点.txt EPSG:4538"]
        );
        assert_eq!(
            parts("boundary = [[1, 2], [3, 4], [5, 6]]"),
            ["coordinates "]
        );
        assert_eq!(
            parts("boundary = { coordinates = [[1, 2], [3, 4], [5, 6]], crs = \"EPSG:4538\" }"),
            ["coordinates EPSG:4538"]
        );
        assert_eq!(
            parts("boundary = [\"a.shp\", { file = \"b/c.kml\" }]"),
            ["a.shp ", "b/c.kml "]
        );
    }

    #[test]
    fn a_boundary_outside_the_folder_is_a_problem_and_so_is_anything_else() {
        for (text, found) in [
            (
                "boundary = \"../a.geojson\"",
                "boundary_path｜\"../a.geojson\"",
            ),
            (
                "boundary = \"/etc/a.geojson\"",
                "boundary_path｜\"/etc/a.geojson\"",
            ),
            (
                "boundary = \"c:\\\\a.shp\"",
                "boundary_path｜\"c:\\\\a.shp\"",
            ),
            ("boundary = 5", "boundary｜5"),
            ("boundary = []", "boundary｜[]"),
            (
                "boundary = { crs = \"EPSG:4538\" }",
                "boundary｜{ crs = \"EPSG:4538\" }",
            ),
            ("boundary = { path = \"a\" }", "boundary｜path"),
        ] {
            let read = check(text, &[found]);
            assert!(read.projects[0].boundary.as_ref().unwrap().parts.is_empty());
        }
    }
}
