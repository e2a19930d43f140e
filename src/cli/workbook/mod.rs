//! Workbook templates: what the vocabulary asks for, as sheets to be filled in.
//!
//! Which columns there are follows from the packs in use; how headings are spelled is what intake reads.

mod columns;
mod guide;
mod write;

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Lang;
use crate::rules::pack::Packs;
use crate::text;

/// The file that is read as replies of the office and departments.
pub(super) const REPLIES: &str = "office.xlsx";

/// The workbook in which applicants state their projects.
pub(super) fn submission(packs: &Packs, lang: Lang) -> Result<Vec<u8>, Problem> {
    let sheets = columns::submission(packs, lang);
    let words = guide::submission(lang);
    write::workbook(packs, &sheets, &words, lang).map_err(|error| unwritten(&error))
}

/// The workbook in which the office notes what it and the departments state.
pub(super) fn replies(packs: &Packs, lang: Lang) -> Result<Vec<u8>, Problem> {
    let sheets = columns::replies(packs, lang);
    let words = guide::replies(lang);
    write::workbook(packs, &sheets, &words, lang).map_err(|error| unwritten(&error))
}

fn unwritten(error: &rust_xlsxwriter::XlsxError) -> Problem {
    Problem::error(
        "hegui::new::workbook",
        Place::Nowhere,
        text!(
            "工作簿无法生成：{error}",
            "the workbook cannot be made: {error}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::book::{self, Cell};
    use crate::base::source::Sources;
    use crate::intake::{self, Expected, Format};
    use crate::rules::embedded;

    fn packs() -> Packs {
        crate::rules::load(embedded::packs(), &mut Sources::default()).0
    }

    /// A template with one project in it, read.
    fn filled(lang: Lang) -> (Vec<crate::model::project::Project>, Vec<Problem>, Sources) {
        let packs = packs();
        let goals: Vec<String> = packs.goals.iter().map(|g| g.id.clone()).collect();
        let expected = Expected {
            vocabulary: &packs.library.vocabulary,
            goals: &goals,
            indicators: &packs.indicators,
            trust_claims: false,
        };
        let mut book = book::read_xlsx("t.xlsx", &submission(&packs, lang).unwrap()).unwrap();
        let sheets = columns::submission(&packs, lang);
        for sheet in &mut book.sheets {
            let Some(planned) = sheets.iter().find(|s| s.name == sheet.name) else {
                continue;
            };
            let row = sheet.cells.last().unwrap().row + 1;
            for (column, planned) in planned.columns().enumerate() {
                let mut held = sheet.cells.last().unwrap().clone();
                held.row = row;
                held.column = u32::try_from(column).unwrap();
                held.cell = match &planned.fill {
                    columns::Fill::Words => Cell::Text("x".into()),
                    columns::Fill::Figure(_) => Cell::Number("1".into()),
                    columns::Fill::Day => Cell::Date("2024-06-01".into()),
                    columns::Fill::Choice(answers) => Cell::Text(answers.last().unwrap().clone()),
                    columns::Fill::YesNo => Cell::Text(lang.pick("是", "yes").into()),
                    columns::Fill::AnyNone => Cell::Text(lang.pick("有", "yes").into()),
                    columns::Fill::Code => Cell::Text("3216".into()),
                    columns::Fill::Goals => Cell::Text("G4.1-1".into()),
                };
                sheet.cells.push(held);
            }
        }
        let mut sources = Sources::default();
        let id = sources.add_book("t.xlsx", book);
        let (projects, problems) =
            intake::read_projects(sources.get(id).unwrap(), Format::Xlsx, "t", &expected);
        (projects, problems, sources)
    }

    #[test]
    fn every_heading_of_the_template_is_read_as_the_field_it_stands_for() {
        for lang in [Lang::Zh, Lang::En] {
            let (projects, problems, sources) = filled(lang);
            // What is written here need not make sense as a value.
            let of_values = [
                "project_code",
                "other_edition",
                "out_of_domain",
                "unknown_indicator",
            ];
            let told: Vec<String> = problems
                .iter()
                .filter(|p| !of_values.contains(&p.code.rsplit(':').next().unwrap()))
                .map(|p| {
                    let place = sources.describe(p.place()).unwrap_or_default();
                    format!("{place} {} {}", p.code, p.message.zh)
                })
                .collect();
            assert_eq!(told, [""; 0], "{lang:?}");
            assert_eq!(projects.len(), 1);
            let packs = packs();
            let vocabulary = &packs.library.vocabulary;
            for sheet in columns::submission(&packs, lang) {
                for column in sheet.columns() {
                    let Some(field) = vocabulary.by_path(&column.path) else {
                        continue;
                    };
                    let record = matches!(field.slot, crate::model::field::Slot::Member(..));
                    let fact = crate::model::project::FactRef {
                        field: field.id,
                        record: record.then_some(0),
                    };
                    let fact = projects[0].find(vocabulary, fact).unwrap();
                    assert!(
                        fact.state != crate::model::project::State::Missing,
                        "{lang:?} {} {}",
                        column.path,
                        column.heading
                    );
                }
            }
        }
    }

    #[test]
    fn a_template_is_the_same_bytes_every_time() {
        let packs = packs();
        assert_eq!(
            submission(&packs, Lang::Zh).unwrap(),
            submission(&packs, Lang::Zh).unwrap()
        );
        assert_eq!(
            replies(&packs, Lang::En).unwrap(),
            replies(&packs, Lang::En).unwrap()
        );
    }
}
