//! A workbook file: the zip and its parts, found by their relationships.
//!
//! It knows where the parts of a workbook are; what is in a sheet is read elsewhere.

use std::collections::HashMap;
use std::io::Cursor;

use zip::ZipArchive;
use zip::read::ZipFile;

use super::format::{self, Shown};
use super::sheet;
use super::xml::{Broken, Budget, Next, Part};
use super::{Book, Sheet};
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::text;

/// Bytes that may be unpacked from a workbook.
const UNPACKED: u64 = 256 << 20;
/// Parts of a package at most; a workbook has a few dozen.
const PARTS: usize = 20_000;
/// Sheets that are read at most.
const SHEETS: usize = 1000;

type Zip<'a> = ZipArchive<Cursor<&'a [u8]>>;
type File<'p, 'a> = Part<'p, ZipFile<'p, Cursor<&'a [u8]>>>;

/// What all sheets of a workbook share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) strings: Vec<String>,
    /// By the number of a cell's style.
    pub(super) formats: Vec<Shown>,
    pub(super) from_1904: bool,
}

struct Package<'a> {
    zip: Zip<'a>,
    /// The number of each part by its path, in small letters.
    parts: HashMap<String, usize>,
    budget: Budget,
}

/// Reads a workbook. A file that is none is a problem; a sheet that is damaged is a problem of the workbook.
pub fn read(name: &str, bytes: &[u8]) -> Result<Book, Problem> {
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(unreadable(
            name,
            text!(
                "是加密的工作簿或旧格式（.xls），不能读取",
                "is encrypted or of an older format (.xls)"
            ),
        )
        .help(text!(
            "请取消打开密码，另存为“Excel 工作簿（.xlsx）”",
            "remove the password and save it as an Excel workbook (.xlsx)"
        )));
    }
    let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
        unreadable(
            name,
            text!(
                "不是完整的 .xlsx 工作簿（{error}）",
                "is not a whole .xlsx workbook ({error})"
            ),
        )
        .help(text!(
            "请重新传送文件，或用表格软件打开后另存为 .xlsx",
            "send the file again, or open it and save it as .xlsx"
        ))
    })?;
    let count = zip.len();
    if count > PARTS {
        return Err(too_large(name));
    }
    let parts = (0..count)
        .filter_map(|number| {
            let path = zip.name_for_index(number)?.ok()?;
            Some((key(&path), number))
        })
        .collect();
    let mut package = Package {
        zip,
        parts,
        budget: Budget::new(UNPACKED),
    };
    package
        .book()
        .map_err(|broken| problem_of(name, "", &broken))
}

/// A path as parts are compared: without a leading slash, in small letters.
fn key(path: &str) -> String {
    let path = path.replace('\\', "/").to_ascii_lowercase();
    path.trim_start_matches('/').to_owned()
}

fn unreadable(name: &str, why: Text) -> Problem {
    let (zh, en) = (why.zh, why.en);
    Problem::error(
        "hegui::workbook::unreadable",
        Place::Nowhere,
        text!("`{name}` {zh}", "`{name}` {en}"),
    )
}

fn too_large(name: &str) -> Problem {
    let limit = UNPACKED >> 20;
    Problem::error(
        "hegui::workbook::too_large",
        Place::Nowhere,
        text!(
            "`{name}` 展开后超过大小上限（{limit} MiB 或 {} 个单元格），未读取",
            "`{name}` unpacks to more than {limit} MiB or {} cells and was not read",
            sheet::CELLS
        ),
    )
    .help(text!(
        "请只保留申报数据，删去多余的工作表和格式",
        "keep only the submissions; remove other sheets and formats"
    ))
}

/// The problem of a part that is broken.
fn problem_of(name: &str, sheet: &str, broken: &Broken) -> Problem {
    match broken {
        Broken::TooLarge => too_large(name),
        Broken::Damaged(why) => {
            let (zh, en) = if sheet.is_empty() {
                (String::new(), String::new())
            } else {
                (format!("的工作表“{sheet}”"), format!(" (sheet `{sheet}`)"))
            };
            let problem = Problem::error(
                "hegui::workbook::damaged",
                Place::Nowhere,
                text!("`{name}`{zh}已损坏", "`{name}`{en} is damaged"),
            );
            problem.help(text!(
                "请用表格软件打开修复后另存（解析器原文：{why}）",
                "open it in a spreadsheet program, let it be repaired and save it (the parser said: {why})"
            ))
        }
    }
}

/// A relationship of a part: its kind and what it leads to.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

impl<'a> Package<'a> {
    /// A part, if the package has it.
    fn part(&mut self, path: &str) -> Result<Option<File<'_, 'a>>, Broken> {
        let Some(number) = self.parts.get(&key(path)).copied() else {
            return Ok(None);
        };
        let file = self
            .zip
            .by_index(number)
            .map_err(|error| Broken::Damaged(error.to_string()))?;
        Ok(Some(Part::new(file, &self.budget)))
    }

    fn relations(&mut self, of: &str) -> Result<Vec<Relation>, Broken> {
        let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
        let slash = if folder.is_empty() { "" } else { "/" };
        let path = format!("{folder}{slash}_rels/{file}.rels");
        let mut relations = Vec::new();
        let Some(mut part) = self.part(&path)? else {
            return Ok(relations);
        };
        loop {
            match part.next()? {
                Next::Start(element) if element.name() == "Relationship" => {
                    let get = |name| element.attribute(name).unwrap_or_default();
                    let target = get("Target");
                    let target = match target.strip_prefix('/') {
                        Some(absolute) => absolute.to_owned(),
                        None => joined(folder, &target),
                    };
                    relations.push(Relation {
                        id: get("Id"),
                        kind: get("Type").rsplit('/').next().unwrap_or("").to_owned(),
                        target,
                    });
                }
                Next::Over => return Ok(relations),
                _ => {}
            }
        }
    }

    fn book(&mut self) -> Result<Book, Broken> {
        let root = self.relations("")?;
        let main = root
            .iter()
            .find(|r| r.kind == "officeDocument")
            .map_or_else(|| "xl/workbook.xml".to_owned(), |r| r.target.clone());
        let relations = self.relations(&main)?;
        let mut shared = Shared::default();
        let mut listed = Vec::new();
        self.workbook(&main, &mut shared, &mut listed)?;
        for relation in &relations {
            match relation.kind.as_str() {
                "sharedStrings" => self.strings(&relation.target, &mut shared)?,
                "styles" => self.styles(&relation.target, &mut shared)?,
                _ => {}
            }
        }
        let mut book = Book::default();
        for (name, hidden, id) in listed {
            let relation = relations.iter().find(|r| r.id == id);
            let Some(relation) = relation.filter(|r| r.kind == "worksheet") else {
                // Charts and macros hold no cells.
                continue;
            };
            let mut sheet = Sheet {
                name,
                hidden,
                ..Sheet::default()
            };
            let read = match self.part(&relation.target)? {
                Some(mut part) => sheet::read(&mut part, &shared, &mut sheet),
                None => Err(Broken::Damaged(format!("no part {}", relation.target))),
            };
            match read {
                Ok(()) => {}
                Err(Broken::TooLarge) => return Err(Broken::TooLarge),
                Err(broken) => book.problems.push(problem_of("", &sheet.name, &broken)),
            }
            book.sheets.push(sheet);
        }
        Ok(book)
    }

    /// The sheets by name, whether they are hidden, and relationship.
    fn workbook(
        &mut self,
        path: &str,
        shared: &mut Shared,
        listed: &mut Vec<(String, bool, String)>,
    ) -> Result<(), Broken> {
        let Some(mut part) = self.part(path)? else {
            return Err(Broken::Damaged(format!("no part {path}")));
        };
        loop {
            match part.next()? {
                Next::Start(element) if element.name() == "sheet" => {
                    let hidden = element
                        .attribute("state")
                        .is_some_and(|state| state != "visible");
                    let id = element.prefixed("id").unwrap_or_default();
                    if listed.len() < SHEETS {
                        listed.push((element.attribute("name").unwrap_or_default(), hidden, id));
                    }
                }
                Next::Start(element) if element.name() == "workbookPr" => {
                    if let Some(value) = element.attribute("date1904") {
                        shared.from_1904 = value == "1" || value == "true";
                    }
                }
                Next::Over => return Ok(()),
                _ => {}
            }
        }
    }

    fn strings(&mut self, path: &str, shared: &mut Shared) -> Result<(), Broken> {
        let Some(mut part) = self.part(path)? else {
            return Ok(());
        };
        loop {
            match part.next()? {
                Next::Start(element) if element.name() == "si" => {
                    let empty = element.empty;
                    let text = if empty {
                        String::new()
                    } else {
                        part.text_until("si")?
                    };
                    shared.strings.push(text);
                }
                Next::Over => return Ok(()),
                _ => {}
            }
        }
    }

    fn styles(&mut self, path: &str, shared: &mut Shared) -> Result<(), Broken> {
        let Some(mut part) = self.part(path)? else {
            return Ok(());
        };
        let mut codes: HashMap<u32, Shown> = HashMap::new();
        let mut in_cells = false;
        loop {
            match part.next()? {
                Next::Start(element) if element.name() == "numFmt" => {
                    let id = element.attribute("numFmtId").and_then(|id| id.parse().ok());
                    if let (Some(id), Some(code)) = (id, element.attribute("formatCode")) {
                        codes.insert(id, format::of_code(&code));
                    }
                }
                Next::Start(element) if element.name() == "cellXfs" => in_cells = !element.empty,
                Next::Start(element) if in_cells && element.name() == "xf" => {
                    let id = element
                        .attribute("numFmtId")
                        .and_then(|id| id.parse().ok())
                        .unwrap_or(0);
                    let shown = codes
                        .get(&id)
                        .cloned()
                        .unwrap_or_else(|| format::built_in(id));
                    shared.formats.push(shown);
                }
                Next::End(name) if name == "cellXfs" => in_cells = false,
                Next::Over => return Ok(()),
                _ => {}
            }
        }
    }
}

/// A relative target from a folder.
fn joined(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Reads everything; for tests of single parts.
#[cfg(test)]
pub(super) fn sheet_of(xml: &str, shared: &Shared) -> Result<Sheet, Broken> {
    let budget = Budget::new(1 << 20);
    let mut sheet = Sheet::default();
    let mut part = Part::new(xml.as_bytes(), &budget);
    sheet::read(&mut part, shared, &mut sheet)?;
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_workbook_is_said_to_be_none() {
        for bytes in [
            &b""[..],
            b"PK\x03\x04",
            b"name,x\n1,2",
            b"\xD0\xCF\x11\xE0rest",
        ] {
            assert_eq!(
                read("a.xlsx", bytes).unwrap_err().code,
                "hegui::workbook::unreadable"
            );
        }
    }

    #[test]
    fn targets_are_found_from_their_folder() {
        assert_eq!(
            joined("xl", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml"
        );
        assert_eq!(joined("xl/a", "../b.xml"), "xl/b.xml");
        assert_eq!(joined("", "../../xl/workbook.xml"), "xl/workbook.xml");
    }
}
