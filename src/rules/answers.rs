//! Questions with fixed answers: the enumerations of field files, and answers added to them later.
//!
//! It does not know which fields ask them.

use std::collections::HashSet;

use crate::base::problem::Problem;
use crate::base::source::Source;
use crate::base::text::{Text, folded};
use crate::base::tree::{Entry, Node};
use crate::model::field::{Answer, Enumeration, Vocabulary};
use crate::rules::fields::redefined;
use crate::rules::reader::{Reader, unknown_word};
use crate::text;

/// `[enums.doc_kind] values = [...]`: a question with its answers.
pub(super) fn read_enum(
    source: &Source,
    entry: &Entry,
    vocabulary: &mut Vocabulary,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, &entry.node, problems);
    let ordered = reader.flag("ordered", problems);
    let answers = read_answers(source, reader.tables("values", problems), problems);
    reader.finish(problems);
    if vocabulary.enum_by_id(&entry.key).is_some() {
        problems.push(redefined(entry.place, &entry.key));
        return;
    }
    vocabulary.add_enum(Enumeration {
        id: entry.key.clone(),
        ordered,
        answers,
    });
}

/// `[enums.doc_kind] add = [...]`: more answers to a question that an earlier file or pack asks.
pub(super) fn add_answers(
    source: &Source,
    entry: &Entry,
    vocabulary: &mut Vocabulary,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, &entry.node, problems);
    let answers = read_answers(source, reader.tables("add", problems), problems);
    reader.finish(problems);
    let known: Vec<String> = vocabulary.enums().iter().map(|e| e.id.clone()).collect();
    let Some(enumeration) = vocabulary.enum_mut(&entry.key) else {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        problems.push(unknown_word(entry.place, &entry.key, &known));
        return;
    };
    if enumeration.ordered {
        Reader::wrong(
            problems,
            entry.place,
            text!(
                "`{}` 的取值有高低次序，不能追加",
                "the answers of `{}` have an order, so none can be added",
                entry.key
            ),
        );
        return;
    }
    let mut taken: HashSet<String> = enumeration.answers.iter().flat_map(spellings).collect();
    for answer in answers {
        let own = spellings(&answer);
        if own.iter().any(|word| taken.contains(word)) {
            problems.push(redefined(entry.place, &answer.id));
        } else {
            taken.extend(own);
            enumeration.answers.push(answer);
        }
    }
}

/// Whatever an answer is found by, in the form in which it is compared; two answers may not share one.
fn spellings(answer: &Answer) -> Vec<String> {
    let words = [&answer.id, &answer.label.zh, &answer.label.en].into_iter();
    let words = words.chain(&answer.aliases).map(|word| folded(word));
    words.map(|word| word.to_ascii_lowercase()).collect()
}

fn read_answers(source: &Source, nodes: &[Node], problems: &mut Vec<Problem>) -> Vec<Answer> {
    let mut answers = Vec::new();
    for node in nodes {
        let mut reader = Reader::new(source, node, problems);
        let id = reader
            .need_text("id", problems)
            .unwrap_or_default()
            .to_owned();
        let zh = reader
            .need_text("zh", problems)
            .unwrap_or_default()
            .to_owned();
        let en = reader
            .need_text("en", problems)
            .unwrap_or_default()
            .to_owned();
        let aliases = reader.texts("alias", problems);
        reader.finish(problems);
        answers.push(Answer {
            id,
            label: Text { zh, en },
            aliases,
        });
    }
    answers
}
