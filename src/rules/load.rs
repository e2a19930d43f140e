//! Pack files into packs: the order of packs, and within a pack the order of files.
//!
//! One load reports every mistake of every file.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::cache::Cache;
use crate::base::files::Unread;
use crate::base::hash::{Hasher, hex};
use crate::base::problem::{Problem, sorted};
use crate::base::shares;
use crate::base::source::{Place, Source, SourceId, Sources};
use crate::base::text::Text;
use crate::base::toml;
use crate::base::tree::{Datum, Node};
use crate::language::checker::{Expected, compile};
use crate::model::field::FieldId;
use crate::rules::compiled::Compiled;
use crate::rules::embedded::BuiltIn;
use crate::rules::pack::{Head, PackLevel, PackOrigin, Packs, Replacement};
use crate::rules::pack_text::PackText;
use crate::rules::reader::{Reader, unknown_word};
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

/// What a pack holds besides rules: each is one file at the top, a folder of files by topic, or both.
const PARTS: [&str; 8] = [
    "pack",
    "fields",
    "codes",
    "parameters",
    "instruments",
    "tables",
    "plan",
    "layers",
];

/// The part that a file of a pack belongs to; none for a rule.
fn part_of(path: &str) -> Option<&str> {
    let stem = match path.split_once('/') {
        Some((folder, _)) => folder,
        None => path.strip_suffix(".toml")?,
    };
    PARTS.contains(&stem).then_some(stem)
}

/// A pack whose head is read.
struct Opened {
    head: Head,
    files: Vec<OpenFile>,
    /// Large tables that were not read.
    unread: Vec<(SourceId, Unread)>,
}

/// A file of a pack.
struct OpenFile {
    /// Its path within the pack.
    path: String,
    source: SourceId,
    digest: [u8; 32],
    built_in: Option<&'static BuiltIn>,
    /// What its TOML came to, of a rule what stands before the cases; none for any other file.
    tree: Option<Tree>,
}

/// What a text came to: the tree, and what is wrong with its syntax.
type Tree = (Node, Vec<Problem>);

impl OpenFile {
    /// The tree of its text, which the build has made or which is parsed now.
    fn parse(&self, sources: &Sources) -> Option<Tree> {
        let toml = self.path.strip_suffix(".toml");
        let source = toml.and_then(|_| sources.get(self.source))?;
        let is_rule = part_of(&self.path).is_none();
        let built = match self.built_in {
            Some(file) if is_rule => file.before_cases(source),
            Some(file) => file.whole(source),
            None => None,
        };
        Some(match built {
            Some(root) => (root, Vec::new()),
            None if is_rule => rule_file::parse(source),
            None => toml::parse(source),
        })
    }
}

impl PackFiles {
    /// The hash of each file.
    fn digests(&self) -> Vec<[u8; 32]> {
        self.files.iter().map(|(_, text)| text.digest()).collect()
    }

    /// The hash of the pack: of the paths and hashes of its files.
    pub fn hash(&self) -> String {
        self.hash_of(&self.digests())
    }

    fn hash_of(&self, digests: &[[u8; 32]]) -> String {
        let mut hash = Hasher::default();
        for ((path, _), digest) in self.files.iter().zip(digests) {
            hash.update(format!("{path}\n"));
            hash.update(digest);
        }
        hex(&hash.finish())
    }
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
    let mut compiled = Compiled::new(cache);
    let mut problems = Vec::new();
    let mut opened: Vec<Opened> = packs
        .into_iter()
        .map(|pack| open(pack, sources, &mut problems))
        .collect();
    opened = in_order(opened, &mut problems);
    for pack in &mut opened {
        let unread = std::mem::take(&mut pack.unread);
        for file in &pack.files {
            if matches!(part_of(&file.path), Some("codes" | "fields" | "tables")) {
                compiled.depends_on(&file.path, &file.digest, file.source);
            }
        }
        compiled.prepare(unread, sources, &mut problems);
    }
    parse(&mut opened, sources);
    let mut loaded = Packs::default();
    for pack in opened {
        read_pack(pack, sources, &mut loaded, &mut compiled, &mut problems);
    }
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

/// Parses the files of all packs: none depends on another, so that the processors share them.
fn parse(packs: &mut [Opened], sources: &Sources) {
    let files = || packs.iter().flat_map(|pack| &pack.files);
    let all: Vec<&OpenFile> = files().filter(|file| file.path != "pack.toml").collect();
    let trees = shares::each(&all, |file| file.parse(sources));
    let files = packs.iter_mut().flat_map(|pack| &mut pack.files);
    for (file, tree) in files.filter(|file| file.path != "pack.toml").zip(trees) {
        file.tree = tree;
    }
}

fn open(pack: PackFiles, sources: &mut Sources, problems: &mut Vec<Problem>) -> Opened {
    let digests = pack.digests();
    let hash = pack.hash_of(&digests);
    let mut files: Vec<OpenFile> = Vec::new();
    let mut unread = Vec::new();
    for ((path, text), digest) in pack.files.into_iter().zip(digests) {
        let name = format!("{}/{path}", pack.prefix);
        let mut built_in = None;
        let source = match text {
            PackText::Text(text) => sources.add_text(name, text),
            PackText::BuiltIn(file) => {
                built_in = Some(file);
                sources.add_text(name, file.text.into())
            }
            PackText::Unread(file) => {
                let id = sources.add(name, "");
                unread.push((id, file));
                id
            }
        };
        files.push(OpenFile {
            path,
            source,
            digest,
            built_in,
            tree: None,
        });
    }
    let mut head = Head {
        id: pack.name.clone(),
        version: String::new(),
        title: Text::default(),
        authority: Text::default(),
        level: PackLevel::Office,
        extends: Vec::new(),
        period: None,
        period_notice: Text::default(),
        hash,
        origin: pack.origin,
        place: Place::Nowhere,
    };
    let file = files.iter().find(|file| file.path == "pack.toml");
    let tree = file.and_then(|file| Some((sources.get(file.source)?, file.parse(sources)?)));
    match tree {
        Some((source, (root, mut syntax))) => {
            problems.append(&mut syntax);
            read_head(source, &root, &mut head, problems);
        }
        None => {
            let name = &pack.name;
            problems.push(Problem::error(
                "hegui::pack::file",
                Place::Nowhere,
                text!(
                    "`{name}` 里没有 pack.toml，不是规则包",
                    "`{name}` has no pack.toml and is not a pack"
                ),
            ));
        }
    }
    Opened {
        head,
        files,
        unread,
    }
}

fn read_head(source: &Source, root: &Node, head: &mut Head, problems: &mut Vec<Problem>) {
    let mut reader = Reader::new(source, root, problems);
    head.place = source.place(0..source.text.lines().next().map_or(0, str::len));
    if let Some(id) = reader.need_text("id", problems) {
        head.place = reader.place_of("id");
        id.clone_into(&mut head.id);
    }
    reader
        .need_text("version", problems)
        .unwrap_or_default()
        .clone_into(&mut head.version);
    head.title = reader.need_bilingual("title", problems);
    head.authority = reader.need_bilingual("authority", problems);
    head.level = reader
        .choice(
            "level",
            PackLevel::named,
            &["law", "plan", "office"],
            problems,
        )
        .unwrap_or(PackLevel::Office);
    head.extends = reader.texts("extends", problems);
    head.period = reader.node("period").map(|node| {
        let mut reader = Reader::new(source, node, problems);
        let period = reader.period(problems);
        reader.finish(problems);
        period
    });
    head.period_notice = reader.bilingual("period_notice", problems);
    // A remark for the reader of the file.
    reader.node("note");
    reader.finish(problems);
}

/// Packs after those they extend; a missing or cyclic one is a problem and is left out.
fn in_order(mut open: Vec<Opened>, problems: &mut Vec<Problem>) -> Vec<Opened> {
    let mut done: Vec<Opened> = Vec::new();
    let known: Vec<String> = open.iter().map(|p| p.head.id.clone()).collect();
    let mut seen = BTreeSet::new();
    open.retain(|pack| {
        let first = seen.insert(pack.head.id.clone());
        if !first {
            let id = &pack.head.id;
            problems.push(Problem::error(
                "hegui::pack::redefined",
                pack.head.place,
                text!("规则包 `{id}` 出现了两次", "the pack `{id}` is given twice"),
            ));
        }
        first
    });
    for pack in &open {
        for id in pack.head.extends.iter().filter(|id| !known.contains(id)) {
            problems.push(
                Problem::error(
                    "hegui::pack::extends",
                    pack.head.place,
                    text!(
                        "找不到所扩展的规则包 `{id}`",
                        "the pack `{id}` that this one extends is not given"
                    ),
                )
                .help(text!(
                    "请用 --rules 一并给出该规则包的文件夹",
                    "give its folder with --rules too"
                )),
            );
        }
    }
    loop {
        let ready = |pack: &Opened| {
            pack.head
                .extends
                .iter()
                .all(|id| done.iter().any(|d| d.head.id == *id) || !known.contains(id))
        };
        match open.iter().position(ready) {
            Some(index) => done.push(open.remove(index)),
            None => break,
        }
    }
    for pack in &open {
        let names: Vec<&str> = open.iter().map(|p| p.head.id.as_str()).collect();
        let names = names.join(" → ");
        problems.push(Problem::error(
            "hegui::pack::cycle",
            pack.head.place,
            text!(
                "规则包互相扩展，成了循环：{names}",
                "packs extend one another in a circle: {names}"
            ),
        ));
    }
    done
}

fn read_pack(
    mut pack: Opened,
    sources: &Sources,
    loaded: &mut Packs,
    compiled: &mut Compiled<'_>,
    problems: &mut Vec<Problem>,
) {
    let number = loaded.heads.len();
    // The head was read when the pack was opened.
    let mut parts: BTreeMap<&str, Vec<(&Source, Node)>> = BTreeMap::new();
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
    let source = |path: &str| {
        pack.files
            .iter()
            .find(|file| file.path == path)
            .and_then(|file| sources.get(file.source))
    };
    let part = |name: &str| parts.get(name).map(Vec::as_slice).unwrap_or_default();
    plan::read(part("plan"), number, loaded, problems);
    let library = &mut loaded.library;
    for (codes_source, root) in part("codes") {
        fields::read_codes(
            codes_source,
            root,
            &mut library.vocabulary,
            source,
            problems,
        );
    }
    let formulas = fields::read(part("fields"), &mut library.vocabulary, problems);
    for (source, root) in part("parameters") {
        parameters::read(source, root, &mut library.parameters, problems);
    }
    for (source, root) in part("instruments") {
        instruments::read(source, root, &mut library.instruments, problems);
    }
    for (tables_source, root) in part("tables") {
        tables::read(
            tables_source,
            root,
            &library.vocabulary,
            &mut library.tables,
            source,
            compiled,
            problems,
        );
    }
    let source_of = |path: &str| source(path);
    for (source, root) in part("layers") {
        layers::read(
            source,
            root,
            number,
            &library.vocabulary,
            &source_of,
            &mut loaded.layers,
            problems,
        );
    }
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
