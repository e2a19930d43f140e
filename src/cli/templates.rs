//! The templates of `hegui new`, in both languages.
//!
//! A test checks that they are read without a problem and come out as they say.

use crate::base::text::Lang;

/// A submission.
pub(super) fn project(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => include_str!("templates/project.zh.toml"),
        Lang::En => include_str!("templates/project.en.toml"),
    }
}

/// The office's replies beside it.
pub(super) fn office(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => include_str!("templates/office.zh.toml"),
        Lang::En => include_str!("templates/office.en.toml"),
    }
}

/// A rule.
pub(super) fn rule(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => include_str!("templates/rule.zh.toml"),
        Lang::En => include_str!("templates/rule.en.toml"),
    }
}

/// The head of a pack.
pub(super) fn pack(lang: Lang, id: &str) -> String {
    let head = match lang {
        Lang::Zh => include_str!("templates/pack.zh.toml"),
        Lang::En => include_str!("templates/pack.en.toml"),
    };
    head.replace("office-rules", id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;
    use crate::intake::{self, Expected, Format};
    use crate::judge::decision::Decision;
    use crate::judge::finding::Verdict;
    use crate::judge::{Engine, Settings, cases};
    use crate::rules::pack::PackOrigin;
    use crate::rules::{PackFiles, embedded};

    #[test]
    fn a_new_project_is_read_without_a_problem_and_is_clear() {
        for lang in [Lang::Zh, Lang::En] {
            let mut sources = Sources::default();
            let (packs, _) = crate::rules::load(embedded::packs(), &mut sources);
            let goals: Vec<String> = packs.goals.iter().map(|g| g.id.clone()).collect();
            let expected = Expected {
                vocabulary: &packs.library.vocabulary,
                goals: &goals,
                indicators: &packs.indicators,
                trust_claims: false,
            };
            let (id, office_id) = (
                sources.add("project.toml", project(lang)),
                sources.add("office.toml", office(lang)),
            );
            let (mut projects, mut problems) =
                intake::read_projects(sources.get(id).unwrap(), Format::Toml, "new", &expected);
            problems.extend(intake::read_office(
                sources.get(office_id).unwrap(),
                &expected,
                &mut projects,
            ));
            assert_eq!(problems, [], "{lang:?}");
            let settings = Settings::default();
            let judged = Engine::new(&packs, &settings).judge(&projects[0]);
            let open: Vec<&str> = judged
                .findings
                .iter()
                .filter(|f| matches!(f.verdict, Verdict::Fail | Verdict::Undetermined))
                .map(|f| packs.rules[usize::from(f.rule)].id.as_str())
                .collect();
            assert_eq!(
                (judged.decision, open),
                (Decision::Clear, vec![]),
                "{lang:?}"
            );
        }
    }

    #[test]
    fn the_cases_of_a_new_rule_come_out_as_it_says() {
        for lang in [Lang::Zh, Lang::En] {
            let mut sources = Sources::default();
            let mut files = embedded::packs();
            let texts = vec![
                (
                    "land/contract-area.toml".to_owned(),
                    rule(lang).to_owned().into(),
                ),
                ("pack.toml".to_owned(), pack(lang, "mine").into()),
            ];
            files.push(PackFiles {
                name: "mine".into(),
                prefix: "mine".into(),
                origin: PackOrigin::Folder("mine".into()),
                files: texts,
            });
            let (packs, problems) = crate::rules::load(files, &mut sources);
            assert_eq!(problems, [], "{lang:?}");
            let number = packs
                .rules
                .iter()
                .position(|r| r.id == "land/contract-area")
                .unwrap();
            let rule = &packs.rules[number];
            let (read, problems) =
                cases::read(&packs, rule, sources.get(rule.source).unwrap(), &[]);
            assert_eq!(problems, []);
            assert!(read.len() >= 4);
            for case in &read {
                let outcome = cases::run(
                    &packs,
                    &Settings::default(),
                    u16::try_from(number).unwrap(),
                    case,
                )
                .unwrap();
                assert!(
                    outcome.meets(case),
                    "{lang:?} {}: {:?}",
                    case.name,
                    cases::difference(case, &outcome)
                );
            }
        }
    }
}
