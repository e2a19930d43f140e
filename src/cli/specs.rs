//! The table of commands: their options, words and examples; and the help made from it.
//!
//! The parser is made from the same table, so that neither can drift.

use super::audit_specs::{AUDIT, DIFF, MASK, MASK_KEY, RECORD, exits};
use crate::base::text::Lang;
use crate::judge::decision::Decision;
use crate::report::layout::{pad, width, wrap};

/// An option: its name, the word for its value (empty for a flag), what it does.
pub(super) struct Opt {
    pub long: &'static str,
    pub value: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub many: bool,
}

pub(super) const fn opt(
    long: &'static str,
    value: &'static str,
    zh: &'static str,
    en: &'static str,
) -> Opt {
    Opt {
        long,
        value,
        zh,
        en,
        many: false,
    }
}

/// The word for a list of fields.
pub(super) const FIELDS: &str = "FIELDS";

pub(super) const RULES: Opt = Opt {
    many: true,
    ..opt(
        "rules",
        "DIR",
        "规则包文件夹，可多次给出；缺省用 hegui.toml 的 packs，再缺省用内置规则包",
        "a pack's folder; may be repeated; else packs of hegui.toml, else the built-in packs",
    )
};
const FORMAT: Opt = opt(
    "format",
    "FORMAT",
    "输出格式：text（缺省）或 json",
    "output format: text (default) or json",
);
const STATUS_OF: Opt = opt(
    "as-of",
    "DATE",
    "status：截至这一天，缺省用 hegui.toml 的 review_date",
    "status: as of this day; else review_date of hegui.toml",
);
const SINCE: Opt = opt(
    "since",
    "FILE",
    "status：上一次 --format json 的输出，列出变化",
    "status: the output of an earlier run with --format json, to list what changed",
);
pub(super) const PLAN_FORMAT: Opt = opt(
    "format",
    "FORMAT",
    "输出格式：text（缺省）、markdown 或 json",
    "output format: text (default), markdown or json",
);
const PAGE_FORMAT: Opt = opt(
    "format",
    "FORMAT",
    "输出格式：text（缺省）或 markdown",
    "output format: text (default) or markdown",
);
const ALL: Opt = opt(
    "all",
    "",
    "全部规则、参数、名录、法规文件和目标，即规则手册",
    "all rules, parameters, tables, instruments and goals: the manual of the packs",
);
pub(super) const LANG: Opt = opt(
    "lang",
    "LANG",
    "语言：zh（缺省）或 en",
    "language: zh (default) or en",
);
pub(super) const NO_COLOR: Opt = opt(
    "no-color",
    "",
    "不用颜色（环境变量 NO_COLOR 同样有效）",
    "no colour (the variable NO_COLOR works too)",
);
pub(super) const AS_OF: Opt = opt(
    "as-of",
    "DATE",
    "全部按这一天的规定核查，不看项目自身的日期",
    "judge everything by the law of this day, whatever dates the projects have",
);
const FIGURES_OF: Opt = opt(
    "as-of",
    "DATE",
    "条件中的数值取这一天的规定，缺省取最近一次修订后的",
    "show the figures of this day in conditions; else those after the latest change",
);
pub(super) const ON: Opt = opt(
    "on",
    "DATE",
    "核查日期：决定人工认定是否有效，缺省用 hegui.toml 的 review_date",
    "the review date: decides which waivers hold; else review_date of hegui.toml",
);
const FAIL_ON: Opt = opt(
    "fail-on",
    "DECISION",
    "结论达到此级时退出码不为 0（缺省 refer）",
    "the decision from which the exit code is not 0 (default: refer)",
);
pub(super) const MAX_SIZE: Opt = opt(
    "max-size",
    "SIZE",
    "单个文件大小上限，如 64MiB（缺省 TOML 32MiB、JSON 256MiB）",
    "the largest file that is read, such as 64MiB (default: TOML 32MiB, JSON 256MiB)",
);
const VERBOSE: Opt = opt(
    "verbose",
    "",
    "同时列出符合和不涉及的规则",
    "also list the rules that are met or do not apply",
);

const NO_CACHE: Opt = opt(
    "no-cache",
    "",
    "不读也不写大型名录和图层的缓存",
    "neither read nor write the compiled forms of large tables and layers",
);
const LAYER: Opt = Opt {
    many: true,
    ..opt(
        "layer",
        "ID=FILE",
        "图层文件，可多次给出；缺省用 hegui.toml 的 layers，再缺省用规则包的演示图层",
        "a layer's file; may be repeated; else layers of hegui.toml, else the pack's demonstration layers",
    )
};
const TRACE_FORMAT: Opt = opt(
    "format",
    "FORMAT",
    "输出格式：text（缺省）、json、csv、dot、mermaid、graphml 或 svg",
    "output format: text (default), json, csv, dot, mermaid, graphml or svg",
);
const MAP_OUTPUT: Opt = opt(
    "output",
    "FILE",
    "写入文件：.svg、.html 或 .geojson；缺省在标准输出写 SVG",
    "the file to write: .svg, .html or .geojson; else an SVG on standard output",
);
const PROJECT: Opt = opt(
    "project",
    "ID",
    "有几个项目给出边界时，绘制其中这一个",
    "the project to draw, where several give a boundary",
);
const CRS: Opt = opt(
    "crs",
    "CRS",
    "地块的坐标系，如 EPSG:4538；缺省以文件注明的为准",
    "the coordinate system of the parcels, such as EPSG:4538; else what their file says",
);
const LAYER_CRS: Opt = opt(
    "layer-crs",
    "CRS",
    "--layer 所给图层的坐标系；缺省以文件注明的为准",
    "the coordinate system of the layers given by --layer; else what their files say",
);
const OVERLAY_FORMAT: Opt = opt(
    "format",
    "FORMAT",
    "输出格式：text（缺省）或 csv",
    "output format: text (default) or csv",
);
const OUTPUT: Opt = opt(
    "output",
    "FILE",
    "写入文件而不是标准输出；已有的文件会被替换",
    "write to a file instead of standard output; an existing file is replaced",
);
const ALL_PATHS: Opt = opt(
    "all",
    "",
    "path：列出多条路径，由短到长，最多 20 条",
    "path: list several paths, the shortest first, at most 20",
);

/// A command as the table knows it.
pub(super) struct Spec {
    pub name: &'static str,
    pub about: (&'static str, &'static str),
    pub usage: &'static str,
    pub words: &'static [(&'static str, &'static str, &'static str)],
    pub options: &'static [Opt],
    pub examples: &'static [(&'static str, &'static str, &'static str)],
}

pub(super) const SPECS: &[Spec] = &[
    Spec {
        name: "check",
        about: (
            "核查项目申报，给出结论（建议）和理由",
            "judge submissions and give a decision with its reasons",
        ),
        usage: "hegui check [PATH…]",
        words: &[(
            "PATH",
            "申报文件、文件夹，或 - 表示标准输入（缺省为当前文件夹）",
            "submissions, folders, or - for standard input (default: this folder)",
        )],
        options: &[
            RULES, FORMAT, LAYER, AS_OF, ON, FAIL_ON, MAX_SIZE, VERBOSE, NO_CACHE, RECORD, MASK,
            MASK_KEY, LANG, NO_COLOR,
        ],
        examples: &[
            (
                "hegui check sample-projects",
                "核查文件夹下的所有申报",
                "judge all submissions in a folder",
            ),
            (
                "hegui check project.toml --on 2026-06-30",
                "给出核查日期，人工认定据此判断",
                "give the review date, which decides waivers",
            ),
            (
                "hegui check . --format json > report.json",
                "输出 JSON，供程序使用",
                "write JSON for programs",
            ),
            (
                "cat batch.ndjson | hegui check -",
                "从标准输入读取",
                "read standard input",
            ),
        ],
    },
    Spec {
        name: "trace",
        about: (
            "溯源：项目支撑哪些规划目标、目标由哪些项目支撑，以及路径、缺口、影响",
            "trace projects to the goals of the plan that they serve, and back: paths, gaps, impact",
        ),
        usage: "hegui trace QUESTION [ID…] [PATH…]",
        words: &[
            (
                "QUESTION",
                "project ID、goal ID、path FROM TO、gaps、impact ID 或 matrix",
                "project ID, goal ID, path FROM TO, gaps, impact ID or matrix",
            ),
            (
                "ID",
                "项目、目标、规则、章节、条款、指标或法规文件的编号；重名时写作 rule:… 等",
                "the id of a project, goal, rule, section, clause, indicator or instrument; rule:… and so on where it is several",
            ),
            (
                "PATH",
                "与 check 相同（缺省为当前文件夹）",
                "as for check (default: this folder)",
            ),
        ],
        options: &[
            TRACE_FORMAT,
            OUTPUT,
            ALL_PATHS,
            LAYER,
            NO_CACHE,
            RULES,
            AS_OF,
            ON,
            MAX_SIZE,
            LANG,
            NO_COLOR,
        ],
        examples: &[
            (
                "hegui trace gaps sample-projects",
                "哪些目标没有支撑、只靠一个项目、受阻",
                "which goals have no support, a single one, or one that is held back",
            ),
            (
                "hegui trace project my-project .",
                "这个项目支撑什么、依赖什么",
                "what this project serves and depends on",
            ),
            (
                "hegui trace goal G4.1-1 . --format svg -o goal.svg",
                "一个目标的图",
                "a picture of a goal",
            ),
            (
                "hegui trace impact my-project .",
                "如果不予支持，哪些目标受影响",
                "which goals change if it is refused",
            ),
        ],
    },
    AUDIT,
    DIFF,
    Spec {
        name: "map",
        about: (
            "绘制用地边界套合图",
            "draw a site with the layers around it and the overlaps",
        ),
        usage: "hegui map PROJECT -o FILE",
        words: &[(
            "PROJECT",
            "给出用地边界的申报（缺省为当前文件夹）",
            "a submission with a boundary (default: this folder)",
        )],
        options: &[
            MAP_OUTPUT, PROJECT, LAYER, RULES, MAX_SIZE, NO_CACHE, LANG, NO_COLOR,
        ],
        examples: &[
            (
                "hegui map my-project -o map.svg",
                "图：地块、图层、重叠、比例尺、图例",
                "a drawing: parcels, layers, overlaps, scale, legend",
            ),
            (
                "hegui map my-project -o map.geojson",
                "地图数据，可在 GIS 软件中打开",
                "map data for GIS programs",
            ),
        ],
    },
    Spec {
        name: "overlay",
        about: (
            "量算地块与图层的重叠面积，不作核查",
            "measure parcels against layers, without judging",
        ),
        usage: "hegui overlay PARCELS",
        words: &[(
            "PARCELS",
            "地块文件：GeoJSON、Shapefile、KML、FlatGeobuf、WKT、拐点坐标 TXT 等",
            "a map file of parcels: GeoJSON, Shapefile, KML, FlatGeobuf, WKT, the boundary text …",
        )],
        options: &[
            LAYER,
            CRS,
            LAYER_CRS,
            OVERLAY_FORMAT,
            OUTPUT,
            RULES,
            NO_CACHE,
            LANG,
            NO_COLOR,
        ],
        examples: &[
            (
                "hegui overlay parcels.shp --layer redline=data/redline.shp",
                "逐个地块列出重叠的图斑和面积",
                "the features each parcel overlaps, with areas",
            ),
            (
                "hegui overlay parcels.geojson --format csv -o overlaps.csv",
                "对全部图层，输出 CSV",
                "against all layers, as CSV",
            ),
        ],
    },
    Spec {
        name: "explain",
        about: (
            "说明一条规则、一个字段、参数、名录、法规文件或目标",
            "explain a rule, field, parameter, table, instrument or goal",
        ),
        usage: "hegui explain NAME… | --all",
        words: &[(
            "NAME",
            "编号、路径或中文名称",
            "an id, a path or a Chinese label",
        )],
        options: &[ALL, FIGURES_OF, RULES, PAGE_FORMAT, LANG, NO_COLOR],
        examples: &[
            (
                "hegui explain energy/review",
                "一条规则：适用、要求、依据、参数、用例",
                "a rule: what it asks, its basis, figures and cases",
            ),
            ("hegui explain 用地面积", "一个字段", "a field"),
            (
                "hegui explain param.energy_review_tce",
                "一个参数的各个版本",
                "a parameter with its versions",
            ),
            (
                "hegui explain --all --format markdown > manual.md",
                "规则手册",
                "the manual of the packs",
            ),
        ],
    },
    Spec {
        name: "list",
        about: (
            "列出规则、字段、参数、名录、法规文件或目标",
            "list rules, fields, parameters, tables, instruments or goals",
        ),
        usage: "hegui list TOPIC",
        words: &[(
            "TOPIC",
            "rules、fields、parameters、tables、instruments 或 goals",
            "rules, fields, parameters, tables, instruments or goals",
        )],
        options: &[RULES, FORMAT, LANG, NO_COLOR],
        examples: &[
            ("hegui list rules", "所有规则", "all rules"),
            (
                "hegui list fields --format json",
                "字段表，供程序使用",
                "the vocabulary, for programs",
            ),
        ],
    },
    Spec {
        name: "plan",
        about: (
            "规划的规则覆盖（coverage）和实施情况（status）",
            "how a plan is covered by rules (coverage) and carried out (status)",
        ),
        usage: "hegui plan coverage | status [PATH…]",
        words: &[
            (
                "TOPIC",
                "coverage（规则对规划的覆盖）或 status（规划实施情况）",
                "coverage (of the plan by rules) or status (how it is being carried out)",
            ),
            (
                "PATH",
                "status：申报文件或文件夹（缺省为当前文件夹）",
                "status: submissions or folders (default: this folder)",
            ),
        ],
        options: &[
            STATUS_OF,
            SINCE,
            RULES,
            PLAN_FORMAT,
            LAYER,
            ON,
            MAX_SIZE,
            NO_CACHE,
            LANG,
            NO_COLOR,
        ],
        examples: &[
            (
                "hegui plan coverage",
                "有空缺时退出码为 1",
                "the exit code is 1 if something is left open",
            ),
            (
                "hegui plan status sample-projects --as-of 2025-12-31",
                "年度、中期评估所需：目标、指标、总量",
                "what a yearly or mid-term evaluation needs: goals, indicators, totals",
            ),
            (
                "hegui plan status . --as-of 2025-12-31 --since 2024.json",
                "与上一次的 JSON 输出比较",
                "compared with the JSON of an earlier run",
            ),
        ],
    },
    Spec {
        name: "test",
        about: ("运行规则的用例", "run the cases of rules"),
        usage: "hegui test [DIR…]",
        words: &[(
            "DIR",
            "规则包文件夹（缺省为使用中的全部规则包）",
            "packs' folders (default: all packs in use)",
        )],
        options: &[LANG, NO_COLOR],
        examples: &[
            ("hegui test", "使用中的全部规则包", "all packs in use"),
            (
                "hegui test rules/national",
                "只测这个规则包",
                "only this pack",
            ),
        ],
    },
    Spec {
        name: "new",
        about: (
            "生成申报样表或规则样例",
            "write a template of a submission or a rule",
        ),
        usage: "hegui new project|rule [PATH]",
        words: &[
            ("KIND", "project（申报）或 rule（规则）", "project or rule"),
            (
                "PATH",
                "文件夹（申报）或规则文件；已有的文件不会覆盖",
                "a folder (project) or a rule file; existing files are left alone",
            ),
        ],
        options: &[LANG, NO_COLOR],
        examples: &[
            (
                "hegui new project my-project",
                "生成 my-project/project.toml 和 office.toml",
                "writes my-project/project.toml and office.toml",
            ),
            (
                "hegui new rule office-rules/land/contract-area.toml",
                "生成规则文件；规则包没有头时一并生成",
                "writes a rule, and the head of its pack if there is none",
            ),
        ],
    },
    Spec {
        name: "help",
        about: (
            "显示说明：表达式写法、函数，或某个命令的帮助",
            "show the manual of the language or its functions, or a command's help",
        ),
        usage: "hegui help [TOPIC]",
        words: &[(
            "TOPIC",
            "language（表达式）、functions（函数）或命令名",
            "language, functions, or a command",
        )],
        options: &[LANG, NO_COLOR],
        examples: &[
            (
                "hegui help language",
                "表达式的写法，与 CEL 的不同",
                "how expressions are written, and how they differ from CEL",
            ),
            ("hegui help functions", "所有函数", "all functions"),
        ],
    },
];

const PAGE: usize = 96;

/// Rows of a name and what it means.
type Rows = Vec<(String, String)>;

/// A heading with aligned rows below it, wrapped by hand: clap breaks Chinese only at spaces.
fn section(out: &mut String, heading: &str, rows: &Rows) {
    out.push('\n');
    out.push_str(heading);
    out.push('\n');
    let column = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0) + 2;
    let room = PAGE - column - 2;
    for (name, words) in rows {
        for (number, line) in wrap(words, room, room).into_iter().enumerate() {
            let name = if number == 0 { name.as_str() } else { "" };
            let line = format!("  {}{line}", pad(name, column));
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}

fn row(name: impl Into<String>, words: &str) -> (String, String) {
    (name.into(), words.to_owned())
}

fn examples<'a>(
    all: impl Iterator<Item = &'a (&'static str, &'static str, &'static str)>,
    lang: Lang,
) -> Rows {
    all.map(|(line, zh, en)| row(*line, lang.pick(zh, en)))
        .collect()
}

/// The help of the whole program.
pub(super) fn overview(lang: Lang) -> String {
    let mut out = lang
        .pick(
            "hegui（合规）：按规划和法律的规则核查项目申报，说明理由。仅供内部审查参考，不作为审批文件。\n",
            "hegui (合规): judges project submissions by rules of a plan and the law, and shows its reasons.\nFor internal review only; not an approval document.\n",
        )
        .to_owned();
    section(
        &mut out,
        lang.pick("用法", "Usage"),
        &vec![row("hegui <COMMAND> [OPTIONS]", "")],
    );
    let commands = SPECS
        .iter()
        .map(|s| row(s.name, lang.pick(s.about.0, s.about.1)))
        .collect();
    section(&mut out, lang.pick("命令", "Commands"), &commands);
    let options = vec![
        row(
            format!("--{} {}", LANG.long, LANG.value),
            lang.pick(LANG.zh, LANG.en),
        ),
        row(
            "-h, --help",
            lang.pick(
                "显示帮助；用在命令之后显示该命令的帮助",
                "show this help; after a command, that command's",
            ),
        ),
        row("-V, --version", lang.pick("显示版本", "show the version")),
    ];
    section(&mut out, lang.pick("选项", "Options"), &options);
    let firsts = examples(SPECS.iter().filter_map(|s| s.examples.first()), lang);
    section(&mut out, lang.pick("示例", "Examples"), &firsts);
    let exits = [
        (
            "0",
            "没有达到 --fail-on 的结论",
            "no decision at or above --fail-on",
        ),
        (
            "1",
            "有项目建议不予支持或需修改完善",
            "a project is to be rejected or changed",
        ),
        (
            "2",
            "有内容无法读取、填报有误、命令有误或没有找到项目",
            "something could not be read, the command line is wrong, or no project was found",
        ),
        (
            "3",
            "有项目需补正、待部门核查或未核查",
            "facts are to be supplied or verified, or a project was not assessed",
        ),
        (
            "4",
            "有事项须认定或说明",
            "something is to be decided or explained",
        ),
    ];
    section(
        &mut out,
        lang.pick("退出码（check）", "Exit codes (check)"),
        &examples(exits.iter(), lang),
    );
    out
}

/// The help of a command.
pub(super) fn help(spec: &Spec, lang: Lang) -> String {
    let mut out = format!("{}\n", lang.pick(spec.about.0, spec.about.1));
    section(
        &mut out,
        lang.pick("用法", "Usage"),
        &vec![row(format!("{} [OPTIONS]", spec.usage), "")],
    );
    section(
        &mut out,
        lang.pick("参数", "Arguments"),
        &examples(spec.words.iter(), lang),
    );
    let option = |option: &Opt| {
        let short = match option.long {
            "verbose" => "-v, ",
            "output" => "-o, ",
            _ => "",
        };
        let name = format!("{short}--{} {}", option.long, option.value);
        row(name.trim_end(), lang.pick(option.zh, option.en))
    };
    let last = row("-h, --help", lang.pick("显示帮助", "show this help"));
    let options = spec.options.iter().map(option).chain([last]).collect();
    section(&mut out, lang.pick("选项", "Options"), &options);
    if spec.name == "check" {
        let decisions = Decision::ALL
            .into_iter()
            .map(|d| row(d.id(), d.label().get(lang)))
            .collect();
        section(
            &mut out,
            lang.pick(
                "结论（由重到轻，--fail-on 可用）",
                "Decisions (gravest first, for --fail-on)",
            ),
            &decisions,
        );
    }
    let exits = exits(spec.name);
    if !exits.is_empty() {
        let rows = examples(exits.iter(), lang);
        section(&mut out, lang.pick("退出码", "Exit codes"), &rows);
    }
    section(
        &mut out,
        lang.pick("示例", "Examples"),
        &examples(spec.examples.iter(), lang),
    );
    out
}
