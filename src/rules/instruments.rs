//! `instruments.toml` into instruments.

use crate::base::problem::Problem;
use crate::base::source::Source;
use crate::base::tree::Node;
use crate::model::instrument::{Binding, Instrument, Level};
use crate::model::parameter::Confidence;
use crate::rules::fields::redefined;
use crate::rules::reader::{Reader, unknown_word};

const CONFIDENCES: [&str; 4] = ["official", "secondary", "unverified", "local"];

/// Adds an `instruments.toml`.
pub(super) fn read(
    source: &Source,
    root: &Node,
    instruments: &mut Vec<Instrument>,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, root, problems);
    for node in reader.tables("instrument", problems) {
        let mut reader = Reader::new(source, node, problems);
        let levels: Vec<&str> = Level::ids().collect();
        let instrument = Instrument {
            id: reader
                .need_text("id", problems)
                .unwrap_or_default()
                .to_owned(),
            title: reader.need_bilingual("title", problems),
            number: reader
                .text("number", problems)
                .unwrap_or_default()
                .to_owned(),
            issuer: reader.bilingual("issuer", problems),
            level: reader
                .choice("level", Level::named, &levels, problems)
                .unwrap_or(Level::Notice),
            period: reader.period(problems),
            successor: reader.text("successor", problems).map(str::to_owned),
            confidence: reader
                .choice("confidence", Confidence::named, &CONFIDENCES, problems)
                .unwrap_or(Confidence::Unverified),
            binding_by: reader.node("binding_by").map(|node| {
                let mut reader = Reader::new(source, node, problems);
                let binding = Binding {
                    instrument: reader
                        .need_text("instrument", problems)
                        .unwrap_or_default()
                        .to_owned(),
                    article: reader
                        .text("article", problems)
                        .unwrap_or_default()
                        .to_owned(),
                    confidence: reader
                        .choice("confidence", Confidence::named, &CONFIDENCES, problems)
                        .unwrap_or(Confidence::Unverified),
                };
                reader.finish(problems);
                binding
            }),
            place: reader.place_of("id"),
        };
        // A remark for the reader of the file.
        reader.node("note");
        reader.finish(problems);
        if instruments.iter().any(|i| i.id == instrument.id) {
            problems.push(redefined(instrument.place, &instrument.id));
        } else {
            instruments.push(instrument);
        }
    }
    reader.finish(problems);
}

/// Reports successors and bindings that name no instrument. Called when all packs are read.
pub(super) fn check_links(instruments: &[Instrument], problems: &mut Vec<Problem>) {
    let known: Vec<&str> = instruments.iter().map(|i| i.id.as_str()).collect();
    for instrument in instruments {
        let linked = instrument
            .successor
            .iter()
            .chain(instrument.binding_by.as_ref().map(|b| &b.instrument));
        for id in linked.filter(|id| !known.contains(&id.as_str())) {
            problems.push(unknown_word(instrument.place, id, &known));
        }
    }
}
