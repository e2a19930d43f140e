//! Pack files into packs: the order of packs, and within a pack the order of files.
//!
//! One load reports every mistake of every file.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::cache::Cache;
use crate::base::problem::{Problem, sorted};
use crate::base::shares;
use crate::base::source::{Source, Sources};
use crate::base::text::Text;
use crate::base::toml;
use crate::base::tree::{Datum, Node};
use crate::language::checker::{Expected, compile};
use crate::model::field::{FieldId, Vocabulary};
use crate::rules::compiled::{Compiled, Finder};
use crate::rules::open::{OpenFile, Opened, in_order, large_tables, open, part_of};
use crate::rules::pack::{Head, PackLevel, PackOrigin, Packs, Replacement};
use crate::rules::pack_text::PackText;
use crate::rules::reader::unknown_word;
use crate::rules::rule_file::RuleFile;
use crate::rules::{fields, instruments, layers, parameters, plan, reach, rule_file, tables};
use crate::text;

/// The files of a pack, before they are read.
#[derive(Clone, Debug)]
pub struct PackFiles {
    /// The name of its folder.
    pub name: String,
    /// What stands before a file's path in messages.
    pub prefix: String,
    /// Where it was taken from.
    pub origin: PackOrigin,
    /// Paths within the pack, and texts, in the order of the paths.
    pub files: Vec<(String, PackText)>,
}

/// Loads packs, each after those it extends.
pub fn load(packs: Vec<PackFiles>, sources: &mut Sources) -> (Packs, Vec<Problem>) {
    load_with(packs, sources, &Cache::none())
}

/// Loads packs; the compiled forms of large tables are taken from a cache and kept there.
pub fn load_with(
    packs: Vec<PackFiles>,
    sources: &mut Sources,
    cache: &Cache,
) -> (Packs, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut first = opened(packs, sources, &mut problems);
    let at = first.iter().position(Opened::has_large_table);
    let later = first.split_off(at.unwrap_or(first.len()));
    let mut loaded = Packs::default();
    let mut compiled = Compiled::new(cache);
    let mut found = Vec::new();
    if later.is_empty() {
        read_packs(first, sources, &mut loaded, &mut compiled, &mut found);
    } else {
        // Taking the hash of a large table, and its form from the cache, lasts about as long as reading
        // the packs that come before it.
        let finder = Finder::new(cache);
        let ground: Vec<_> = first.iter().flat_map(Opened::ground).collect();
        let (tables, ()) = shares::both(
            || large_tables(finder, ground, &later, sources),
            || read_packs(first, sources, &mut loaded, &mut compiled, &mut found),
        );
        let mut ready = Vec::with_capacity(later.len());
        for (mut pack, tables) in later.into_iter().zip(tables) {
            pack.settle(tables, sources, &mut compiled, &mut problems);
            ready.push(pack);
        }
        read_packs(ready, sources, &mut loaded, &mut compiled, &mut found);
    }
    problems.append(&mut found);
    for table in &loaded.library.tables {
        // Made here, so that it is part of loading and not of the first project.
        table.rows.index();
    }
    instruments::check_links(&loaded.library.instruments, &mut problems);
    plan::check_rules(&loaded, &mut problems);
    check_formula_cycles(&loaded, &mut problems);
    note_formula_changes(&mut loaded.library);
    (loaded, sorted(problems))
}

/// Loads no more of packs than their layers and the fields that those fill: measuring judges nothing, and
/// the rules are most of a pack.
pub fn load_layers(mut packs: Vec<PackFiles>, sources: &mut Sources) -> (Packs, Vec<Problem>) {
    let wanted = |path: &str| {
        let part = part_of(path);
        matches!(part, Some("pack" | "codes" | "fields" | "layers"))
    };
    for pack in &mut packs {
        pack.files.retain(|(path, _)| wanted(path));
    }
    let mut problems = Vec::new();
    let mut packs = opened(packs, sources, &mut problems);
    parse(&mut packs, sources);
    let mut loaded = Packs::default();
    for mut pack in packs {
        let number = loaded.heads.len();
        let (parts, _) = sorted_out(&mut pack, sources, &mut problems);
        let files = Files {
            pack: &pack,
            sources,
        };
        // What formulas come to is asked by rules only.
        let vocabulary = &mut loaded.library.vocabulary;
        let _ = read_vocabulary(&parts, &files, vocabulary, &mut problems);
        read_layers(&parts, &files, number, &mut loaded, &mut problems);
        loaded.heads.push(pack.head);
    }
    (loaded, sorted(problems))
}

/// Opens packs, and puts each after those it extends.
fn opened(
    packs: Vec<PackFiles>,
    sources: &mut Sources,
    problems: &mut Vec<Problem>,
) -> Vec<Opened> {
    let opened = packs.into_iter();
    let opened = opened.map(|pack| open(pack, sources, problems)).collect();
    in_order(opened, problems)
}

/// Reads packs in their order.
fn read_packs(
    mut packs: Vec<Opened>,
    sources: &Sources,
    loaded: &mut Packs,
    compiled: &mut Compiled<'_>,
    problems: &mut Vec<Problem>,
) {
    parse(&mut packs, sources);
    for pack in packs {
        read_pack(pack, sources, loaded, compiled, problems);
    }
}

/// Parses the files of packs.
fn parse(packs: &mut [Opened], sources: &Sources) {
    // The files do not depend on one another, so that the processors share them.
    let files = || packs.iter().flat_map(|pack| &pack.files);
    let all: Vec<&OpenFile> = files().filter(|file| file.path != "pack.toml").collect();
    let trees = shares::each(&all, |file| file.parse(sources));
    let files = packs.iter_mut().flat_map(|pack| &mut pack.files);
    for (file, tree) in files.filter(|file| file.path != "pack.toml").zip(trees) {
        file.tree = tree;
    }
}

/// The files of a pack by their paths.
struct Files<'p, 's> {
    pack: &'p Opened,
    sources: &'s Sources,
}

impl<'s> Files<'_, 's> {
    fn find(&self, path: &str) -> Option<&'s Source> {
        let file = self.pack.files.iter().find(|file| file.path == path)?;
        self.sources.get(file.source)
    }
}

/// The files of a pack by the part they belong to.
type Parts<'s> = BTreeMap<&'static str, Vec<(&'s Source, Node)>>;

/// The files of one part.
fn part<'p, 's>(parts: &'p Parts<'s>, name: &str) -> &'p [(&'s Source, Node)] {
    parts.get(name).map(Vec::as_slice).unwrap_or_default()
}

/// Sorts the trees of a pack into its parts and its rules; its head was read when it was opened.
fn sorted_out<'s>(
    pack: &mut Opened,
    sources: &'s Sources,
    problems: &mut Vec<Problem>,
) -> (Parts<'s>, Vec<RuleFile<'s>>) {
    let mut parts = Parts::new();
    let mut rules = Vec::new();
    let trees: Vec<_> = pack.files.iter_mut().map(|f| f.tree.take()).collect();
    for (file, tree) in pack.files.iter().zip(trees) {
        let (Some((root, mut syntax)), Some(source)) = (tree, sources.get(file.source)) else {
            continue;
        };
        match part_of(&file.path) {
            Some(part) => {
                problems.append(&mut syntax);
                parts.entry(part).or_default().push((source, root));
            }
            None => rules.push(RuleFile {
                id: file
                    .path
                    .strip_suffix(".toml")
                    .unwrap_or(&file.path)
                    .to_owned(),
                source,
                root,
                syntax,
            }),
        }
    }
    (parts, rules)
}

/// Reads the code lists and fields of a pack; the formulas of the fields are compiled later.
fn read_vocabulary<'p>(
    parts: &'p Parts<'_>,
    files: &Files<'_, '_>,
    vocabulary: &mut Vocabulary,
    problems: &mut Vec<Problem>,
) -> Vec<fields::Formula<'p>> {
    for (source, root) in part(parts, "codes") {
        let find = |path: &str| files.find(path);
        fields::read_codes(source, root, vocabulary, find, problems);
    }
    fields::read(part(parts, "fields"), vocabulary, problems)
}

fn read_layers(
    parts: &Parts<'_>,
    files: &Files<'_, '_>,
    pack: usize,
    loaded: &mut Packs,
    problems: &mut Vec<Problem>,
) {
    let vocabulary = &loaded.library.vocabulary;
    for (source, root) in part(parts, "layers") {
        let find = |path: &str| files.find(path);
        let layers = &mut loaded.layers;
        layers::read(source, root, pack, vocabulary, &find, layers, problems);
    }
}

fn read_pack(
    mut pack: Opened,
    sources: &Sources,
    loaded: &mut Packs,
    compiled: &mut Compiled<'_>,
    problems: &mut Vec<Problem>,
) {
    let number = loaded.heads.len();
    let (parts, rules) = sorted_out(&mut pack, sources, problems);
    let files = Files {
        pack: &pack,
        sources,
    };
    plan::read(part(&parts, "plan"), number, loaded, problems);
    let library = &mut loaded.library;
    let formulas = read_vocabulary(&parts, &files, &mut library.vocabulary, problems);
    for (source, root) in part(&parts, "parameters") {
        parameters::read(source, root, &mut library.parameters, problems);
    }
    for (source, root) in part(&parts, "instruments") {
        instruments::read(source, root, &mut library.instruments, problems);
    }
    for (source, root) in part(&parts, "tables") {
        tables::read(
            source,
            root,
            &library.vocabulary,
            &mut library.tables,
            |path| files.find(path),
            compiled,
            problems,
        );
    }
    read_layers(&parts, &files, number, loaded, problems);
    let library = &mut loaded.library;
    library
        .formulas
        .resize(library.vocabulary.fields().len(), None);
    for formula in formulas {
        compile_formula(&formula, library, problems);
    }
    let read = read_rules(&rules, &pack.head, loaded);
    for (file, (read, mut found)) in rules.into_iter().zip(read) {
        problems.extend(file.syntax);
        problems.append(&mut found);
        let Some(read) = read else { continue };
        let (place, known) = match &read {
            rule_file::Loaded::Rule(rule, _) => (rule.place, loaded.has_rule(&rule.id)),
            rule_file::Loaded::Portfolio(rule) => (rule.place, loaded.has_rule(&rule.id)),
        };
        if known {
            problems.push(fields::redefined(place, &file.id));
            continue;
        }
        match read {
            rule_file::Loaded::Rule(rule, replaces) => {
                if let Some((old, reason)) = replaces {
                    replace(&old, reason, &rule, loaded, problems);
                }
                loaded.rules.push(*rule);
            }
            rule_file::Loaded::Portfolio(rule) => loaded.portfolio.push(*rule),
        }
    }
    loaded.heads.push(pack.head);
}

type ReadRule = (Option<rule_file::Loaded>, Vec<Problem>);

/// What the rules of a pack come to. They do not depend on one another, so that the processors share them.
fn read_rules(rules: &[RuleFile<'_>], head: &Head, loaded: &Packs) -> Vec<ReadRule> {
    let heads = loaded.heads.iter().chain([head]);
    let periods: Vec<_> = heads.map(|head| head.period).collect();
    let context = rule_file::Context {
        library: &loaded.library,
        sections: &loaded.sections,
        clauses: &loaded.clauses,
        pack: loaded.heads.len(),
        level: head.level,
        periods: &periods,
    };
    shares::each(rules, |file| {
        let mut problems = Vec::new();
        let rule = rule_file::read(file, &context, &mut problems);
        (rule, problems)
    })
}

fn replace(
    old: &str,
    reason: Text,
    rule: &crate::rules::rule::Rule,
    loaded: &mut Packs,
    problems: &mut Vec<Problem>,
) {
    let Some(index) = loaded.rules.iter().position(|r| r.id == old) else {
        let known: Vec<&str> = loaded.rules.iter().map(|r| r.id.as_str()).collect();
        problems.push(unknown_word(rule.place, old, &known));
        return;
    };
    let law = loaded
        .rules
        .get(index)
        .and_then(|r| loaded.heads.get(r.pack))
        .is_some_and(|head| head.level == PackLevel::Law);
    if law {
        problems.push(Problem::error(
            "hegui::pack::replaces",
            rule.place,
            text!(
                "法律层级的规则 `{old}` 不能被替换",
                "the law rule `{old}` cannot be replaced"
            ),
        ));
        return;
    }
    loaded.rules.remove(index);
    loaded.replaced.push(Replacement {
        old: old.to_owned(),
        new: rule.id.clone(),
        reason,
    });
}

fn compile_formula(
    formula: &fields::Formula<'_>,
    library: &mut crate::language::types::Library,
    problems: &mut Vec<Problem>,
) {
    let measure = library
        .vocabulary
        .field(formula.field)
        .map(|f| f.measure.clone());
    let Some(measure) = measure else { return };
    let (program, mut found) = compile(
        formula.snippet,
        library,
        Expected::Number(measure.unit.dimension, measure.per),
    );
    problems.append(&mut found);
    if let Some(slot) = library.formulas.get_mut(usize::from(formula.field.0)) {
        *slot = program;
    }
}

/// Reports derived fields that depend on themselves.
fn check_formula_cycles(packs: &Packs, problems: &mut Vec<Problem>) {
    let library = &packs.library;
    for field in library.vocabulary.fields().iter().filter(|f| f.derived) {
        let mut open: Vec<FieldId> = library
            .formula(field.id)
            .map(|p| p.fields.clone())
            .unwrap_or_default();
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            if next == field.id {
                let path = &field.path;
                problems.push(Problem::error(
                    "hegui::pack::formula_cycle",
                    field.place,
                    text!(
                        "`{path}` 的公式最终引用了它自己",
                        "the formula of `{path}` refers to itself in the end"
                    ),
                ));
                break;
            }
            if seen.insert(next) {
                open.extend(
                    library
                        .formula(next)
                        .into_iter()
                        .flat_map(|p| p.fields.iter().copied()),
                );
            }
        }
    }
}

fn note_formula_changes(library: &mut crate::language::types::Library) {
    let changes = |field: FieldId| {
        let reads = reach::with_formulas(vec![field], library);
        let programs: Vec<_> = reads.iter().filter_map(|f| library.formula(*f)).collect();
        reach::program_changes(&programs, library)
    };
    library.formula_changes = library
        .vocabulary
        .fields()
        .iter()
        .map(|f| if f.derived { changes(f.id) } else { Vec::new() })
        .collect();
}

/// The cases of a rule file, with the place of each; read only when they are run.
pub fn cases(source: &Source) -> (Vec<Node>, Vec<Problem>) {
    if rule_file::cases_at(&source.text).is_none() {
        return (Vec::new(), Vec::new());
    }
    let (mut root, problems) = toml::parse(source);
    let cases = match &mut root.datum {
        Datum::Table(entries) => entries
            .iter_mut()
            .find(|e| e.key == "case")
            .map(|e| &mut e.node),
        _ => None,
    };
    let cases = match cases {
        Some(Node {
            datum: Datum::List(items),
            ..
        }) => std::mem::take(items),
        _ => Vec::new(),
    };
    (cases, problems)
}
