//! The part of the table of commands about records and comparisons.
//!
//! It is data only: the table itself stands in `specs`.

use super::specs::{
    AS_OF, FIELDS, LANG, MAX_SIZE, NO_COLOR, ON, Opt, PLAN_FORMAT, RULES, Spec, opt,
};

pub(super) const RECORD: Opt = opt(
    "record",
    "DIR",
    "留痕：把本次核查的全部输入、规则和结果存入文件夹，供日后复核",
    "keep everything that was read, the rules and the results in a folder, to verify the run later",
);
pub(super) const MASK: Opt = opt(
    "mask",
    FIELDS,
    "留痕时遮盖这些字段（路径或中文名称，用逗号分隔）；申报文件不存入",
    "mask these fields in the record (paths or Chinese labels, with commas); submissions are not kept",
);
pub(super) const MASK_KEY: Opt = opt(
    "mask-key",
    "FILE",
    "遮盖用的密钥文件，不存入记录；核验被遮盖的记录时需要",
    "the key of the mask, not kept in the record, and needed to verify it",
);
const NEWEST: Opt = opt(
    "newest",
    "HASH",
    "verify：另行保存的记录摘要，链中须有这条记录",
    "verify: a record's hash that was kept elsewhere; the chain must hold that record",
);
const INPUTS: Opt = opt(
    "inputs",
    "DIR",
    "verify：与这个文件夹下现在的文件比较；被遮盖的记录用它们复核",
    "verify: compare with the files as they are now below this folder; masked records are done again with them",
);

/// The exit codes of a command, where it has its own.
pub(super) fn exits(command: &str) -> &'static [(&'static str, &'static str, &'static str)] {
    match command {
        "audit" => &[
            ("0", "全部相符", "everything agrees"),
            ("1", "有不符之处", "something differs"),
            (
                "2",
                "无法读取，或命令有误",
                "something could not be read, or the command line is wrong",
            ),
            (
                "3",
                "没有不符，但有的未能核验：因遮盖未能重新核查，或者有不属于任何记录的文件",
                "nothing differs, but something could not be verified: a masked record was not run again, or a file belongs to no record",
            ),
        ],
        "diff" => &[
            (
                "0",
                "结论、核查结果和申报内容均无变化",
                "decisions, findings and proposals are unchanged",
            ),
            ("1", "有变化", "something changed"),
            (
                "2",
                "有一方无法读取，或命令有误",
                "a side could not be read, or the command line is wrong",
            ),
        ],
        _ => &[],
    }
}

pub(super) const AUDIT: Spec = Spec {
    name: "audit",
    about: (
        "核验或列出 check --record 留下的运行记录",
        "verify or list the records that `check --record` keeps",
    ),
    usage: "hegui audit verify | log PATH",
    words: &[
        (
            "QUESTION",
            "verify（核验：重新核查并比较，查明删改）或 log（列出）",
            "verify (run again, compare, find what was changed or removed) or log (list)",
        ),
        (
            "PATH",
            "留痕文件夹；verify 也可以是其中一条记录",
            "the folder of records; for verify also one of the records",
        ),
    ],
    options: &[NEWEST, INPUTS, MASK_KEY, PLAN_FORMAT, LANG, NO_COLOR],
    examples: &[
        (
            "hegui audit verify records-2026",
            "核验整个留痕文件夹",
            "verify a whole folder of records",
        ),
        (
            "hegui audit verify records-2026 --newest 5c1e…",
            "末尾的记录是否被删",
            "whether the last records were removed",
        ),
        (
            "hegui audit log records-2026",
            "列出记录",
            "list the records",
        ),
    ],
};

pub(super) const DIFF: Spec = Spec {
    name: "diff",
    about: (
        "比较两次核查：结论和核查结果有何变化，是申报、规则还是日期所致；补正对照表",
        "compare two runs: what changed, and whether the proposal, the rules or a date changed it",
    ),
    usage: "hegui diff OLD NEW",
    words: &[
        (
            "OLD",
            "旧的：申报文件或文件夹、留痕文件夹或记录、JSON 报告",
            "the old one: a submission's file or folder, a folder of records or a record, a JSON report",
        ),
        ("NEW", "新的，同上", "the new one, likewise"),
    ],
    options: &[RULES, AS_OF, ON, MAX_SIZE, PLAN_FORMAT, LANG, NO_COLOR],
    examples: &[
        (
            "hegui diff first/project.toml second/project.toml",
            "补正前后：补正对照表",
            "a resubmission: what was asked, and what became of it",
        ),
        (
            "hegui diff records-2025 records-2026 --format markdown",
            "各取最新一条记录",
            "the newest record of each",
        ),
        (
            "hegui diff old.json new.json",
            "只有报告时，说明哪些原因无从判断",
            "of mere reports it says which causes cannot be told",
        ),
    ],
};
