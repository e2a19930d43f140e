//! The table of commands: their options, words and examples.
//!
//! Parser, help, completions and the manual page are made from it, so that none can drift.

use super::audit_specs::{AUDIT, DIFF, MASK, MASK_KEY, RECORD};

/// An option: its name, the word for its value (empty for a flag), what it does.
pub(super) struct Opt {
    pub long: &'static str,
    pub value: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub many: bool,
}

impl Opt {
    /// The letter that stands for it.
    pub(super) fn short(&self) -> Option<char> {
        match self.long {
            "verbose" => Some('v'),
            "output" => Some('o'),
            "quiet" => Some('q'),
            _ => None,
        }
    }
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
const REPORT_FORMAT: Opt = opt(
    "format",
    "FORMAT",
    "标准输出的格式：text（缺省）、json、html、xlsx、docx（核查意见）、md、notice（补正通知书）、notice-md、sarif、code-scanning、junit、github 或 gitlab",
    "the format on standard output: text (default), json, html, xlsx, docx (the opinion), md, notice (what is to be supplied), notice-md, sarif, code-scanning, junit, github or gitlab",
);
const REPORTS: Opt = Opt {
    many: true,
    ..opt(
        "output",
        "FORMAT=FILE",
        "另以某种格式写入文件，可多次给出；已有的文件会被替换；docx、md、notice 写入以 / 结尾的文件夹时每个项目一份",
        "also write the report to a file in a format; may be repeated; an existing file is replaced; docx, md and notice write one file for each project into a folder that ends in /",
    )
};
const BASELINE: Opt = opt(
    "baseline",
    "FILE",
    "上一次的 JSON 报告：退出码只看新增和加重的，已有的照常列出",
    "an earlier JSON report: the exit code looks only at what is new or graver; all is still listed",
);
const CHANGED_SINCE: Opt = opt(
    "since",
    "REV",
    "只列出 git 中自该版本以来有变化的申报；设置或规则包变化时全部列出",
    "list only submissions that changed in git since REV; all if settings or packs changed",
);
pub(super) const LANG: Opt = opt(
    "lang",
    "LANG",
    "语言：zh（缺省）或 en",
    "language: zh (default) or en",
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

const QUIET: Opt = opt("quiet", "", "不显示进度", "show no progress");
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
            REPORT_FORMAT,
            REPORTS,
            FAIL_ON,
            BASELINE,
            CHANGED_SINCE,
            VERBOSE,
            RULES,
            LAYER,
            AS_OF,
            ON,
            MAX_SIZE,
            NO_CACHE,
            QUIET,
            RECORD,
            MASK,
            MASK_KEY,
            LANG,
            NO_COLOR,
        ],
        examples: &[
            (
                "hegui check sample-projects",
                "核查文件夹下的所有申报",
                "judge all submissions in a folder",
            ),
            (
                "hegui check projects -o html=核查.html -o xlsx=核查.xlsx -o docx=意见/ -o notice=补正/",
                "另存网页、工作簿，每个项目一份核查意见和补正通知书",
                "also a page, a workbook, and an opinion and a notice for each project",
            ),
            (
                "hegui check project.toml --on 2026-06-30",
                "给出核查日期，人工认定据此判断",
                "give the review date, which decides waivers",
            ),
            (
                "hegui check . --output json=report.json",
                "屏幕显示之外，另存一份 JSON，供程序使用",
                "show the report, and write it as JSON for programs",
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
            QUIET,
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
            QUIET,
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
            "生成申报样表（文本或电子表格）或规则样例",
            "write a template of a submission, as text or workbook, or of a rule",
        ),
        usage: "hegui new project|workbook|rule [PATH]",
        words: &[
            (
                "KIND",
                "project（申报，文本）、workbook（申报，电子表格）或 rule（规则）",
                "project, workbook or rule",
            ),
            (
                "PATH",
                "文件夹（project）、.xlsx 文件（workbook）或规则文件；已有的文件不会覆盖",
                "a folder (project), an .xlsx file (workbook) or a rule file; existing files are left alone",
            ),
        ],
        options: &[RULES, LANG, NO_COLOR],
        examples: &[
            (
                "hegui new project my-project",
                "生成 my-project/project.toml 和 office.toml",
                "writes my-project/project.toml and office.toml",
            ),
            (
                "hegui new workbook 申报.xlsx",
                "生成 申报.xlsx，并在旁边生成 office.xlsx（部门答复）",
                "writes the workbook, and office.xlsx for replies beside it",
            ),
            (
                "hegui new rule office-rules/land/contract-area.toml",
                "生成规则文件；规则包没有头时一并生成",
                "writes a rule, and the head of its pack if there is none",
            ),
        ],
    },
    Spec {
        name: "schema",
        about: (
            "输出 JSON Schema，供编辑器提示和校验：JSON 报告、申报、部门回复、人工认定、规则文件",
            "print a JSON Schema, for editors and checks: of the JSON report, of submissions, replies and waivers, of rule files",
        ),
        usage: "hegui schema report|submission|office|waivers|rule",
        words: &[(
            "TOPIC",
            "report（JSON 报告 v2）、submission（申报）、office（部门回复 office.toml）、waivers（人工认定 waivers.toml）或 rule（规则文件）",
            "report (the JSON report v2), submission, office (replies, office.toml), waivers (waivers.toml) or rule",
        )],
        options: &[RULES, LANG, NO_COLOR],
        examples: &[
            (
                "hegui schema submission > submission.schema.json",
                "申报首行写 #:schema 加文件路径，编辑器即有提示",
                "with #:schema and the path in a submission's first line, editors complete its fields",
            ),
            (
                "hegui schema rule --rules office-rules",
                "规则包文件夹的规则文件",
                "rule files of a folder of packs",
            ),
        ],
    },
    Spec {
        name: "completions",
        about: (
            "输出命令补全脚本",
            "print a script that completes commands in a shell",
        ),
        usage: "hegui completions bash|zsh|fish|powershell",
        words: &[(
            "SHELL",
            "bash、zsh、fish 或 powershell",
            "bash, zsh, fish or powershell",
        )],
        options: &[LANG, NO_COLOR],
        examples: &[(
            "hegui completions bash > ~/.local/share/bash-completion/completions/hegui",
            "bash，重新打开终端后生效",
            "bash, from the next terminal on",
        )],
    },
    Spec {
        name: "man",
        about: ("输出手册页（roff）", "print the manual page (roff)"),
        usage: "hegui man",
        words: &[],
        options: &[LANG, NO_COLOR],
        examples: &[(
            "hegui man > hegui.1",
            "man -l hegui.1 即可查看",
            "read it with man -l hegui.1",
        )],
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
