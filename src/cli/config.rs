//! `hegui.toml`: the settings of an office, found upwards from the first path.
//!
//! It reads keys and keeps their places; what packs and fields are named is looked up later.

use std::path::{Component, Path, PathBuf};

use crate::base::cache::Cache;
use crate::base::date::Date;
use crate::base::files;
use crate::base::problem::Problem;
use crate::base::source::{Place, SourceId, Sources};
use crate::base::suggest::nearest;
use crate::base::text::{Lang, Text};
use crate::base::toml;
use crate::base::tree::{Datum, Entry, Node};
use crate::judge::decision::Decision;
use crate::model::layer::LayerData;
use crate::rules::{PackFiles, embedded};
use crate::text;

/// The file's name.
pub(super) const NAME: &str = "hegui.toml";
/// More than any office will write.
const LIMIT: u64 = 1 << 20;

const KEYS: [&str; 10] = [
    "packs",
    "exclude",
    "review_date",
    "waivers",
    "trust_claims",
    "not_provided",
    "layers",
    "lang",
    "fail_on",
    "cache",
];

/// A word with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// As written.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// What an office set.
#[derive(Clone, Debug, Default)]
pub(super) struct Config {
    /// The folder of the file; empty if there is none.
    pub folder: Option<PathBuf>,
    /// Packs: folders, or ids of embedded packs.
    pub packs: Vec<Word>,
    /// Path patterns that walks leave out.
    pub exclude: Vec<String>,
    /// The review date.
    pub review_date: Option<Date>,
    /// Files of waivers.
    pub waivers: Vec<Word>,
    /// True if claims count as facts.
    pub trust_claims: bool,
    /// Fields the office does not have.
    pub no_fields: Vec<Word>,
    /// Tables the office does not have.
    pub no_tables: Vec<Word>,
    /// The language.
    pub lang: Option<Lang>,
    /// The gate.
    pub fail_on: Option<Decision>,
    /// Where compiled tables and layers are kept.
    pub cache: Keeping,
    /// The office's own layers.
    pub layers: Vec<LayerWord>,
    /// The packs that count as built in, where an earlier run is done again; else those of this program.
    pub built_in: Option<Vec<PackFiles>>,
    /// What is wrong with the file.
    pub problems: Vec<Problem>,
}

/// A layer's file that the office gives.
#[derive(Clone, Debug)]
pub(super) struct LayerWord {
    /// The layer's id.
    pub id: String,
    /// The file, and what is said of it.
    pub data: LayerData,
    /// Where.
    pub place: Place,
}

/// Where compiled tables are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Keeping {
    /// Where the system keeps such things for a user.
    #[default]
    Usual,
    /// Nowhere.
    Off,
    /// In a folder, read from that of `hegui.toml`.
    At(String),
}

impl Config {
    /// The packs that are built in.
    pub(super) fn built_in(&self) -> Vec<PackFiles> {
        self.built_in.clone().unwrap_or_else(embedded::packs)
    }

    /// The cache that the office chose.
    pub(super) fn cache(&self) -> Cache {
        match &self.cache {
            Keeping::Usual => Cache::usual(),
            Keeping::Off => Cache::none(),
            Keeping::At(folder) => {
                Cache::at(self.folder.as_deref().unwrap_or(Path::new("")).join(folder))
            }
        }
    }

    /// The settings for a path: of the nearest file at or above it.
    pub(super) fn find(path: &Path, sources: &mut Sources) -> Self {
        let mut config = Self::default();
        for folder in folders(path) {
            let file = folder.join(NAME);
            match files::read_if_present(&file, LIMIT) {
                Ok(None) => {}
                Ok(Some(text)) => {
                    let source =
                        sources.add(files::shown(file.strip_prefix(".").unwrap_or(&file)), text);
                    config.read(source, sources);
                    config.folder = Some(folder);
                    break;
                }
                Err(problem) => {
                    config.problems.push(problem);
                    break;
                }
            }
        }
        config
    }

    fn read(&mut self, source: SourceId, sources: &Sources) {
        let Some(source) = sources.get(source) else {
            return;
        };
        let (root, problems) = toml::parse(source);
        self.problems = problems;
        for entry in root.entries() {
            self.key(entry);
        }
    }

    fn wrong(&mut self, place: Place, message: Text) {
        self.problems
            .push(Problem::error("hegui::config::value", place, message));
    }

    fn unknown(&mut self, place: Place, key: &str, known: &[&str]) {
        let help = match nearest(key, known.iter().copied()) {
            Some(near) => text!("是不是想写 `{near}`？", "did you mean `{near}`?"),
            None => Text::new(
                format!("可用：{}", known.join("、")),
                format!("known: {}", known.join(", ")),
            ),
        };
        let problem = Problem::error(
            "hegui::config::unknown_key",
            place,
            text!(
                "hegui.toml 里没有 `{key}` 这个键",
                "`{key}` is not a key of hegui.toml"
            ),
        );
        self.problems.push(problem.help(help));
    }

    fn key(&mut self, entry: &Entry) {
        let node = &entry.node;
        match entry.key.as_str() {
            "packs" => self.packs = self.words(node),
            "exclude" => self.exclude = self.words(node).into_iter().map(|w| w.text).collect(),
            "waivers" => self.waivers = self.words(node),
            "review_date" => match &node.datum {
                Datum::Date(text) | Datum::Text(text) if Date::parse(text).is_some() => {
                    self.review_date = Date::parse(text);
                }
                _ => self.wrong(
                    node.place,
                    text!(
                        "review_date 应当是日期，例如 2026-06-30",
                        "review_date should be a date such as 2026-06-30"
                    ),
                ),
            },
            "trust_claims" => match node.datum {
                Datum::Bool(value) => self.trust_claims = value,
                _ => self.wrong(
                    node.place,
                    text!(
                        "trust_claims 应当是 true 或 false",
                        "trust_claims should be true or false"
                    ),
                ),
            },
            "lang" => match node.text().and_then(Lang::named) {
                Some(lang) => self.lang = Some(lang),
                None => self.wrong(
                    node.place,
                    text!(
                        "lang 应当是 \"zh\" 或 \"en\"",
                        "lang should be \"zh\" or \"en\""
                    ),
                ),
            },
            "fail_on" => {
                self.fail_on = node.text().and_then(Decision::named);
                if self.fail_on.is_none() {
                    let ids = decisions();
                    let message = text!(
                        "fail_on 应当是下列之一：{ids}",
                        "fail_on should be one of {ids}"
                    );
                    self.wrong(node.place, message);
                }
            }
            "cache" => match &node.datum {
                Datum::Bool(false) => self.cache = Keeping::Off,
                Datum::Bool(true) => self.cache = Keeping::Usual,
                Datum::Text(folder) if !folder.trim().is_empty() => {
                    self.cache = Keeping::At(folder.clone());
                }
                _ => self.wrong(
                    node.place,
                    text!(
                        "cache 应当是文件夹，或 false（不用缓存）",
                        "cache should be a folder, or false for none"
                    ),
                ),
            },
            "layers" => self.layers(node),
            "not_provided" => {
                for entry in node.entries() {
                    match entry.key.as_str() {
                        "fields" => self.no_fields = self.words(&entry.node),
                        "tables" => self.no_tables = self.words(&entry.node),
                        other => self.unknown(entry.place, other, &["fields", "tables"]),
                    }
                }
                if !matches!(node.datum, Datum::Table(_)) {
                    self.wrong(
                        node.place,
                        text!(
                            "not_provided 应写成 {{ fields = [\"…\"], tables = [\"…\"] }}",
                            "write not_provided as {{ fields = [\"…\"], tables = [\"…\"] }}"
                        ),
                    );
                }
            }
            other => self.unknown(entry.place, other, &KEYS),
        }
    }

    /// The office's layers: files, or tables with a file and what is said of it.
    fn layers(&mut self, node: &Node) {
        if !matches!(node.datum, Datum::Table(_)) {
            self.wrong(
                node.place,
                text!(
                    "layers 应写成 [layers] 下的 图层 = \"文件\" 或 图层 = {{ file = \"…\", crs = \"…\", edition = \"…\", date = …, provider = \"…\" }}",
                    "write under [layers] layer = \"file\" or layer = {{ file = \"…\", crs = \"…\", edition = \"…\", date = …, provider = \"…\" }}"
                ),
            );
        }
        for entry in node.entries() {
            let mut data = LayerData {
                file: String::new(),
                pack: None,
                text: None,
                crs: None,
                provider: Text::default(),
                edition: Text::default(),
                date: None,
                synthetic: false,
                columns: Vec::new(),
                place: entry.node.place,
            };
            match &entry.node.datum {
                Datum::Text(file) => data.file.clone_from(file),
                Datum::Table(keys) => {
                    for key in keys {
                        self.layer_key(key, &mut data);
                    }
                }
                _ => {}
            }
            if data.file.trim().is_empty() {
                self.wrong(
                    entry.node.place,
                    text!("请写明图层文件", "say which file the layer is"),
                );
                continue;
            }
            self.layers.push(LayerWord {
                id: entry.key.clone(),
                data,
                place: entry.place,
            });
        }
    }

    fn layer_key(&mut self, entry: &Entry, data: &mut LayerData) {
        const KNOWN: [&str; 7] = [
            "file",
            "crs",
            "edition",
            "date",
            "provider",
            "synthetic",
            "columns",
        ];
        let node = &entry.node;
        match (entry.key.as_str(), &node.datum) {
            ("file", Datum::Text(file)) => data.file.clone_from(file),
            ("crs", Datum::Text(words)) => data.crs = Some((words.clone(), node.place)),
            ("crs", Datum::Number(code)) => data.crs = Some((format!("EPSG:{code}"), node.place)),
            ("edition", Datum::Text(text)) => data.edition = Text::same(text.clone()),
            ("provider", Datum::Text(text)) => data.provider = Text::same(text.clone()),
            ("date", Datum::Date(text) | Datum::Text(text)) if Date::parse(text).is_some() => {
                data.date = Date::parse(text);
            }
            ("synthetic", Datum::Bool(value)) => data.synthetic = *value,
            ("columns", Datum::Table(columns)) => {
                for column in columns {
                    match column.node.text() {
                        Some(name) => data.columns.push((column.key.clone(), name.to_owned())),
                        None => self.wrong(
                            column.node.place,
                            text!(
                                "这里应当是属性列名",
                                "the name of a column is expected here"
                            ),
                        ),
                    }
                }
            }
            (key, _) if KNOWN.contains(&key) => {
                let key = key.to_owned();
                self.wrong(
                    node.place,
                    text!("`{key}` 的写法不对", "`{key}` is not written like this"),
                );
            }
            (key, _) => {
                let key = key.to_owned();
                self.unknown(entry.place, &key, &KNOWN);
            }
        }
    }

    /// A list of texts, or one text.
    fn words(&mut self, node: &Node) -> Vec<Word> {
        let word = |node: &Node| {
            node.text().map(|text| Word {
                text: text.to_owned(),
                place: node.place,
            })
        };
        match &node.datum {
            Datum::Text(_) => word(node).into_iter().collect(),
            Datum::List(items) => {
                for item in items.iter().filter(|i| i.text().is_none()) {
                    self.wrong(
                        item.place,
                        text!("这里应当是文字", "a text is expected here"),
                    );
                }
                items.iter().filter_map(word).collect()
            }
            _ => {
                self.wrong(
                    node.place,
                    text!("这里应当是文字列表", "a list of texts is expected here"),
                );
                Vec::new()
            }
        }
    }
}

/// The ids of decisions, gravest first.
pub(super) fn decisions() -> String {
    Decision::ALL.map(Decision::id).join("、")
}

/// The folders in which to look: those above the path, as it is written while that says where it stands.
fn folders(path: &Path) -> Vec<PathBuf> {
    let climbs = |part: Component<'_>| matches!(part, Component::ParentDir);
    if path.is_relative() && path.components().any(climbs) {
        // `..` leaves the current folder: only the resolved path has the right ancestors.
        return match files::resolved(path) {
            Some(real) => real.ancestors().map(Path::to_path_buf).collect(),
            None => Vec::new(),
        };
    }
    let mut folders: Vec<PathBuf> = path.ancestors().map(Path::to_path_buf).collect();
    if path.is_relative()
        && let Some(here) = files::absolute(Path::new("."))
    {
        folders.extend(here.ancestors().skip(1).map(Path::to_path_buf));
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Config, Vec<String>) {
        let mut sources = Sources::default();
        let id = sources.add("hegui.toml", text);
        let mut config = Config::default();
        config.read(id, &sources);
        let problems = config
            .problems
            .iter()
            .map(|p| {
                format!(
                    "{} {}",
                    sources.text_at(p.place()).unwrap(),
                    p.help.as_ref().map_or("", |h| &h.en)
                )
            })
            .collect();
        (config, problems)
    }

    #[test]
    fn settings_are_read_and_mistakes_are_pointed_at() {
        let (config, problems) = read(
            "review_date = 2026-06-30\nlang = \"en\"\nfail_on = \"verify\"\nnot_provided = { fields = [\"a.b\"] }\nexclude = [\"old/\"]",
        );
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(
            (config.review_date, config.lang, config.fail_on),
            (
                Date::new(2026, 6, 30),
                Some(Lang::En),
                Some(Decision::Verify)
            )
        );
        assert_eq!((config.no_fields.len(), config.exclude.len()), (1, 1));
        let cache = |text| read(text).0.cache;
        assert_eq!(cache("cache = false"), Keeping::Off);
        assert_eq!(cache("cache = \"c\""), Keeping::At("c".to_owned()));
        let (_, problems) = read("cache = 3");
        assert_eq!(problems, ["3 "]);
        let (_, problems) = read("reveiw_date = 2026-06-30\nlang = \"fr\"\npacks = 3");
        assert_eq!(
            problems,
            ["reveiw_date did you mean `review_date`?", "\"fr\" ", "3 "]
        );
    }
}
