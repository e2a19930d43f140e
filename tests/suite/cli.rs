//! The command line: exit codes, what goes to which stream, what mistakes look like, and what does not matter.

#![expect(clippy::panic, clippy::string_slice, reason = "test code")]

use std::fs;
use std::io::Read as _;
use std::process::{Command, Stdio};

use regex::Regex;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::program::{PROGRAM, Ran, copy_sample, folder, run, run_in, write};
use crate::world::{root, samples};

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}\n{}", ran.out))
}

#[test]
fn english_output_has_english_units_brackets_and_plurals() {
    let manual = run_in(
        &root(),
        ["explain", "--all", "--format", "markdown", "--lang", "en"],
        b"",
    );
    let report = run_in(&root(), ["check", "sample-projects", "--lang", "en"], b"");
    let one = Regex::new(
        r"(?m)(^|[^0-9.,–/-])1 (parcels|items|projects|goals|rules|rows|findings|beds|months|years)\b",
    )
    .unwrap();
    for out in [&manual.out, &report.out] {
        let found = one.find(out).map(|found| found.as_str());
        assert_eq!(found, None);
    }
    // What the tool writes of its own: units, steps, the day that selects the law, parameters and tables.
    let own =
        Regex::new(r"(?m)^- \*\*(unit|step|as of|parameter|table|reads|key)\*\* .*$").unwrap();
    let han = Regex::new(r"[\p{Han}（）：，；]").unwrap();
    let lines: Vec<&str> = own
        .find_iter(&manual.out)
        .map(|found| found.as_str())
        .collect();
    assert!(lines.len() > 500, "{}", lines.len());
    let chinese: Vec<&&str> = lines.iter().filter(|line| han.is_match(line)).collect();
    assert!(chinese.is_empty(), "{chinese:#?}");
    // Numbered places in an instrument are numbers in both languages.
    assert!(manual.out.contains("art. 38") && !manual.out.contains(") 第三十八条"));
}

#[test]
fn a_day_before_the_plan_is_said_with_how_little_was_in_force() {
    let said = |day: &str, lang: &str| {
        let line = [
            "check",
            "sample-projects/park-road",
            "--as-of",
            day,
            "--lang",
            lang,
        ];
        let ran = run_in(&root(), line, b"");
        ran.out.split_whitespace().collect::<String>()
    };
    // The plan is that of 2021 to 2025.
    for (lang, words) in [("zh", "早于"), ("en", "isbeforetheperiodof")] {
        assert!(said("1990-01-01", lang).contains(words));
        assert!(said("2020-12-31", lang).contains(words));
        assert!(!said("2021-01-01", lang).contains(words));
    }
    let json = run_in(
        &root(),
        [
            "check",
            "sample-projects/park-road",
            "--as-of",
            "1990-01-01",
            "--format",
            "json",
        ],
        b"",
    );
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let notice = report["notices"][0]["en"].as_str().unwrap();
    let figures = notice
        .split_once("only ")
        .unwrap()
        .1
        .split(' ')
        .collect::<Vec<_>>();
    let (count, all): (usize, usize) = (figures[0].parse().unwrap(), figures[2].parse().unwrap());
    let findings = report["projects"][0]["findings"].as_array().unwrap();
    let is_in_force =
        |finding: &&serde_json::Value| !finding["remarks"].to_string().contains("not_in_force");
    assert!(count < all && all >= findings.len(), "{notice}");
    let in_force = findings.iter().filter(is_in_force).count();
    assert!(in_force <= count, "{in_force} {notice}");
}

#[test]
fn every_exit_code_of_check_stands_in_the_help_the_manual_and_the_readme() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for page in [
        run_in(&root(), ["help"], b"").out,
        run_in(&root(), ["help", "--lang", "en"], b"").out,
        run_in(&root(), ["man"], b"").out,
        readme,
    ] {
        for code in ["0", "1", "2", "3", "4", "130"] {
            let is_code = |word: &str| word.trim_matches(|c: char| !c.is_ascii_digit()) == code;
            assert!(page.split_whitespace().any(is_code), "{code}: {page}");
        }
    }
}

#[test]
fn the_gravest_decision_gives_the_exit_code() {
    for (sample, options, code) in [
        ("vegetable-greenhouse", "", 0),
        ("aluminium-smelter", "", 1),
        ("boiler-retrofit", "", 1),
        ("cold-store-unknown-date", "", 3),
        ("farm-processing-plant", "", 3),
        ("gas-heating-station", "", 4),
        ("equipment-plant-2026", "", 0),
        ("equipment-plant-2026", "--fail-on explain", 4),
        ("gas-heating-station", "--fail-on verify", 0),
        ("cold-store-unknown-date", "--fail-on rectify", 0),
        ("aluminium-smelter", "--fail-on reject", 1),
        ("broken/three-mistakes.toml", "", 2),
        ("broken/three-mistakes.toml", "--fail-on reject", 2),
        ("broken/no-stage.toml", "", 2),
        ("broken/not-toml.toml", "", 2),
        (
            "gas-heating-station sample-projects/aluminium-smelter",
            "",
            1,
        ),
        ("nowhere", "", 2),
    ] {
        let ran = run(&format!("check sample-projects/{sample} {options}"));
        assert_eq!(ran.code, code, "{sample} {options}\n{}", ran.err);
    }
    assert_eq!(run("check sample-projects").code, 1);
}

#[test]
fn a_command_line_that_is_wrong_is_told_in_both_languages() {
    for (line, zh, en) in [
        ("chek", "没有命令 `chek`", "there is no command `chek`"),
        (
            "check --verbos",
            "没有选项 `--verbos`",
            "there is no option `--verbos`",
        ),
        ("check --on tomorrow", "`tomorrow`", "`tomorrow`"),
        ("check --fail-on rejekt", "`rejekt`", "`rejekt`"),
        ("check --format xml", "`xml`", "`xml`"),
        ("check --max-size much", "`much`", "`much`"),
    ] {
        let (in_zh, in_en) = (run(line), run(&format!("{line} --lang en")));
        assert_eq!((in_zh.code, in_en.code), (2, 2), "{line}");
        assert_eq!(
            (in_zh.out.as_str(), in_en.out.as_str()),
            ("", ""),
            "{line}: a mistake belongs on standard error"
        );
        assert!(in_zh.err.contains(zh), "{line}: {}", in_zh.err);
        assert!(in_en.err.contains(en), "{line}: {}", in_en.err);
    }
}

#[test]
fn help_goes_to_standard_output_and_has_examples() {
    for line in [
        "--help",
        "check --help",
        "--help --lang en",
        "check --help --lang en",
    ] {
        let ran = run(line);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
        assert!(
            ran.out.contains("hegui check sample-projects"),
            "{line}: {}",
            ran.out
        );
        let chinese = ran
            .out
            .chars()
            .filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c))
            .count();
        assert_eq!(
            chinese > 50,
            !line.contains("--lang en"),
            "{line}: {chinese} Chinese characters"
        );
    }
    assert!(run("--version").out.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn reports_go_to_standard_output_and_problems_to_standard_error() {
    let sound = run("check sample-projects/aluminium-smelter");
    assert!(
        sound.err.is_empty() && sound.out.contains("建议不予支持"),
        "{}",
        sound.err
    );
    let broken = run("check sample-projects/broken/three-mistakes.toml");
    assert!(
        broken.err.contains("aera") && !broken.out.contains("hegui::intake"),
        "{}",
        broken.out
    );
    assert!(
        broken.out.contains("区内某园区包装材料厂"),
        "the project is still judged on the rest"
    );
    let report = run("check sample-projects/broken/three-mistakes.toml --format json");
    assert_eq!(json(&report)["exit_code"], 2);
    assert_eq!(json(&report)["problems"].as_array().unwrap().len(), 3);
    assert!(report.err.contains("aera"));
}

#[test]
fn each_of_three_mistakes_is_underlined_at_its_characters_in_both_languages() {
    let text = "submitted = 2024-06-01\nstage = \"filing\"\n\"项目名称\" = \"某厂\"\n[land]\naera = 3\n[\"能源\"]\n\"年用电量\" = \"五百度电\"\n[dates]\nfiling = 2023-02-30\n";
    let folder = folder("cli-three");
    write(&folder, "p.toml", text);
    for (lang, words) in [
        ("zh", ["没有字段 `aera`", "不是数字", "不存在"]),
        (
            "en",
            ["has no field `aera`", "is not a number", "does not exist"],
        ),
    ] {
        let ran = run_in(&folder, ["check", "p.toml", "--lang", lang], b"");
        assert_eq!(ran.code, 2);
        for word in words {
            assert!(
                ran.err.contains(word),
                "{lang}: `{word}` is not said:\n{}",
                ran.err
            );
        }
        for (line, part) in [
            ("aera = 3", "aera"),
            ("\"年用电量\" = \"五百度电\"", "\"五百度电\""),
            ("filing = 2023-02-30", "2023-02-30"),
        ] {
            let mut lines = ran.err.lines();
            let shown = lines
                .by_ref()
                .find(|l| l.contains(line))
                .unwrap_or_else(|| panic!("{line} is not shown:\n{}", ran.err));
            let marks = lines.next().unwrap();
            let at = shown.find(line).unwrap() + line.find(part).unwrap();
            let underlined: Vec<usize> = marks
                .char_indices()
                .filter(|(_, c)| matches!(c, '─' | '┬'))
                .map(|(index, _)| marks[..index].width())
                .collect();
            let (start, end) = (shown[..at].width(), shown[..at + part.len()].width());
            assert_eq!(
                (underlined[0], underlined[underlined.len() - 1] + 1),
                (start, end),
                "{lang}\n{shown}\n{marks}"
            );
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_mistake() {
    for line in [
        "check sample-projects",
        "check sample-projects --format json",
        "--help",
    ] {
        let mut child = Command::new(PROGRAM)
            .args(line.split(' '))
            .current_dir(root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 16];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let mut err = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut err)
            .unwrap();
        let code = child.wait().unwrap().code();
        assert!(code.is_some(), "{line}: ended by a signal");
        assert!(!err.contains("错误"), "{line}: {err}");
    }
}

#[test]
fn nothing_is_coloured_without_a_terminal() {
    for line in [
        "check sample-projects",
        "check sample-projects/broken/three-mistakes.toml",
        "--help",
    ] {
        let ran = run(line);
        assert!(
            !ran.out.contains('\u{1B}') && !ran.err.contains('\u{1B}'),
            "{line}"
        );
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for line in [
        "check sample-projects",
        "check sample-projects --format json",
        "check sample-projects --lang en --verbose",
    ] {
        let (a, b) = (run(line), run(line));
        assert!(
            a.out == b.out && a.err == b.err && a.code == b.code,
            "{line}"
        );
    }
}

#[test]
fn json_says_what_the_engine_says() {
    let report = json(&run("check sample-projects --format json"));
    assert_eq!(report["version"], "v2");
    assert!(
        report["disclaimer"]["zh"]
            .as_str()
            .unwrap()
            .contains("不作为审批文件")
    );
    let projects = report["projects"].as_array().unwrap();
    assert_eq!(projects.len(), samples().len());
    for (project, sample) in projects.iter().zip(samples()) {
        let judged = &sample.judged().0[0];
        assert_eq!(project["id"], sample.name.as_str());
        assert_eq!(
            project["decision"]["id"],
            judged.decision.id(),
            "{}",
            sample.name
        );
        let findings = project["findings"].as_array().unwrap();
        assert_eq!(findings.len(), judged.findings.len());
        for (finding, judged) in findings.iter().zip(&judged.findings) {
            assert_eq!(
                finding["verdict"]["id"],
                judged.verdict.id(),
                "{} {}",
                sample.name,
                finding["rule"]
            );
        }
    }
}

#[test]
fn standard_input_is_judged_like_a_file() {
    let text = fs::read(root().join("sample-projects/aluminium-smelter/project.toml")).unwrap();
    let office = root().join("sample-projects/aluminium-smelter/office.toml");
    assert!(office.is_file());
    let folder = folder("cli-stdin");
    let path = write(&folder, "project.toml", &text);
    let from_file = run_in(
        &folder,
        ["check", path.to_str().unwrap(), "--format", "json"],
        b"",
    );
    let from_stdin = run_in(&folder, ["check", "-", "--format", "json"], &text);
    assert_eq!(from_file.code, from_stdin.code);
    let verdicts = |ran: &Ran| {
        json(ran)["projects"][0]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["verdict"]["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&from_file), verdicts(&from_stdin));
    let two = b"{\"id\": \"a\", \"submitted\": \"2024-06-01\", \"stage\": \"filing\"}\n{\"id\": \"b\", \"submitted\": \"2024-06-01\", \"stage\": \"filing\"}\n";
    let ndjson = run_in(&folder, ["check", "-", "--format", "json"], two);
    assert_eq!(json(&ndjson)["projects"].as_array().unwrap().len(), 2);
    let nothing = run_in(&folder, ["check", "-"], b"");
    assert_ne!(nothing.code, 0, "no project is not a clear one");
}

#[test]
fn a_folder_without_submissions_is_told_so() {
    let folder = folder("cli-empty");
    write(&folder, "notes.txt", "x");
    let ran = run_in(&folder, ["check", ".", "--lang", "en"], b"");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("no submission was found"), "{}", ran.err);
}

#[test]
fn the_review_date_decides_which_waivers_hold() {
    let folder = folder("cli-waiver");
    copy_sample("park-road", &folder.join("park-road"));
    let decision = |options: &[&str]| {
        let args = [
            &[
                "check",
                "park-road",
                "--format",
                "json",
                "--fail-on",
                "explain",
            ],
            options,
        ]
        .concat();
        let ran = run_in(&folder, args, b"");
        (
            json(&ran)["projects"][0]["decision"]["id"]
                .as_str()
                .unwrap()
                .to_owned(),
            ran.code,
            ran.err,
        )
    };
    let (with, code, err) = decision(&["--on", "2026-06-30"]);
    assert_eq!((with.as_str(), code, err.as_str()), ("clear", 0, ""));
    for options in [&[][..], &["--on", "2020-01-01"], &["--on", "2030-01-01"]] {
        let (without, code, err) = decision(options);
        assert_eq!((without.as_str(), code), ("explain", 4), "{options:?}");
        assert!(
            err.contains("未采用"),
            "a waiver that does not hold is told: {err}"
        );
    }
    write(&folder, "hegui.toml", "review_date = 2026-06-30\n");
    assert_eq!(decision(&[]).0, "clear", "hegui.toml is found upwards");
    assert_eq!(
        decision(&["--on", "2030-01-01"]).0,
        "explain",
        "the flag outranks the file"
    );
}

#[test]
fn what_a_walk_leaves_out_is_said() {
    let ran = run("check sample-projects");
    assert!(
        ran.out.contains("sample-projects/broken") && ran.out.contains(".heguiignore"),
        "{}",
        &ran.out[ran.out.len().saturating_sub(600)..]
    );
    let folder = folder("cli-exclude");
    copy_sample("vegetable-greenhouse", &folder.join("kept"));
    copy_sample("aluminium-smelter", &folder.join("old/left"));
    write(&folder, "hegui.toml", "exclude = [\"old/\"]\n");
    let ran = run_in(&folder, ["check", ".", "--format", "json"], b"");
    let report = json(&ran);
    assert_eq!(report["projects"].as_array().unwrap().len(), 1);
    assert_eq!(report["skipped"].as_array().unwrap().len(), 1);
    // What git ignores is still checked.
    write(&folder, ".gitignore", "kept/\n");
    write(&folder, ".ignore", "kept/\n");
    assert_eq!(
        json(&run_in(&folder, ["check", ".", "--format", "json"], b""))["projects"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_rules_folder_is_not_picked_up_by_itself() {
    let folder = folder("cli-rules");
    copy_sample("vegetable-field", &folder.join("p"));
    write(
        &folder,
        "rules/own/pack.toml",
        "id = \"own\"\nversion = \"1\"\ntitle = { zh = \"甲\", en = \"a\" }\nauthority = { zh = \"甲\", en = \"a\" }\nlevel = \"office\"\n",
    );
    let ran = run_in(&folder, ["check", "p", "--lang", "en"], b"");
    assert!(
        ran.err.contains("rules"),
        "a differing folder beside the path is warned about: {}",
        ran.err
    );
    assert!(!ran.out.contains("own 1"), "{}", ran.out);
    assert_eq!(ran.code, 0, "a warning is not an error");
}

#[test]
fn claims_that_are_trusted_are_said_to_be_at_the_top() {
    let folder = folder("cli-trust");
    let text = "submitted = 2025-10-01\nstage = \"filing\"\n[land]\nuse_mode = \"construction\"\npermanent_farmland = 0\n";
    write(&folder, "p.toml", text);
    let verdict = || {
        let report = json(&run_in(
            &folder,
            ["check", "p.toml", "--format", "json"],
            b"",
        ));
        let findings = report["projects"][0]["findings"]
            .as_array()
            .unwrap()
            .clone();
        let finding = findings
            .iter()
            .find(|f| f["rule"] == "land/permanent-farmland-construction")
            .unwrap();
        (
            finding["verdict"]["id"].as_str().unwrap().to_owned(),
            finding["missing"][0]["cause"].as_str().map(str::to_owned),
        )
    };
    assert_eq!(
        verdict(),
        ("undetermined".to_owned(), Some("missing".to_owned()))
    );
    write(&folder, "hegui.toml", "trust_claims = true\n");
    assert_eq!(verdict().0, "not_applicable");
    let ran = run_in(&folder, ["check", "p.toml"], b"");
    let head = ran.out.split("【").next().unwrap();
    assert!(head.contains("自报") || head.contains("申请人"), "{head}");
}

#[test]
fn only_what_an_office_holds_can_be_said_not_to_be_provided() {
    let folder = folder("cli-not-provided");
    copy_sample("vegetable-field", &folder.join("p"));
    for (fields, code, part, words) in [
        (
            "land.area",
            2,
            "land.area",
            "is the applicant's to give and cannot be listed here",
        ),
        (
            "land.permanent_farmland\", \"land.area",
            2,
            "land.area",
            "is the applicant's to give and cannot be listed here",
        ),
        (
            "land.permanent_farmlnd",
            2,
            "land.permanent_farmlnd",
            "did you mean `land.permanent_farmland`?",
        ),
        ("land.permanent_farmland", 0, "", ""),
    ] {
        let text = format!("not_provided = {{ fields = [\"{fields}\"] }}\n");
        write(&folder, "hegui.toml", text);
        let ran = run_in(&folder, ["check", "p", "--lang", "en"], b"");
        assert_eq!(ran.code, code, "{fields}: {}", ran.err);
        assert_eq!(ran.err.is_empty(), code == 0, "{fields}: {}", ran.err);
        assert!(
            ran.err.contains(part) && ran.err.contains(words),
            "{fields}: {}",
            ran.err
        );
        assert!(!ran.out.is_empty(), "{fields}: the project is still judged");
    }
}

#[test]
fn settings_are_those_of_a_folder_above_the_path() {
    let folder = folder("cli-sibling");
    let text = "submitted = 2024-06-01\nstage = \"filing\"\n";
    write(&folder, "p.toml", text);
    write(&folder, "q/p.toml", text);
    write(&folder, "desk/hegui.toml", "lang = \"en\"\n");
    let desk = folder.join("desk");
    let english = |path: &str| {
        let ran = run_in(&desk, ["check", path], b"");
        ran.out.contains("not an approval document")
    };
    for path in [
        "../p.toml",
        "..",
        "../q",
        "../q/p.toml",
        "../desk/../p.toml",
    ] {
        assert!(!english(path), "{path} is not in the folder of hegui.toml");
    }
    write(&desk, "p.toml", text);
    for path in ["p.toml", ".", "../desk", "../desk/p.toml", "../q/../desk"] {
        assert!(english(path), "{path} is in the folder of hegui.toml");
    }
    write(&folder, "hegui.toml", "lang = \"en\"\n");
    assert!(english("../p.toml") && english("../q"));
}

#[test]
fn a_file_that_is_reached_twice_is_judged_once_with_its_office_reply() {
    let folder = folder("cli-twice");
    copy_sample("aluminium-smelter", &folder.join("p"));
    let office = fs::read_to_string(folder.join("p/office.toml")).unwrap();
    assert!(office.contains("[[fact]]"));
    let check = |paths: &[&str]| {
        let args = [&["check", "--format", "json"], paths].concat();
        let ran = run_in(&folder, args, b"");
        (json(&ran), ran.code, ran.err)
    };
    let (once, code, err) = check(&["p"]);
    assert_eq!(err, "");
    for paths in [
        &["p", "p/project.toml"][..],
        &["p/project.toml", "p"],
        &["p/project.toml", "p/project.toml"],
        &["./p", "p/../p/project.toml", "p"],
    ] {
        let (twice, code_twice, err) = check(paths);
        assert_eq!((code_twice, err.as_str()), (code, ""), "{paths:?}");
        assert_eq!(twice["projects"].as_array().unwrap().len(), 1, "{paths:?}");
        assert_eq!(
            twice["projects"][0]["decision"], once["projects"][0]["decision"],
            "{paths:?}"
        );
        let verdicts = |report: &Value| {
            let findings = report["projects"][0]["findings"].as_array().unwrap();
            findings
                .iter()
                .map(|f| (f["rule"].clone(), f["verdict"]["id"].clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(verdicts(&twice), verdicts(&once), "{paths:?}");
        assert_eq!(
            twice["skipped"].as_array().unwrap().len(),
            paths.len() - 1,
            "{paths:?}: that it was reached again is said"
        );
    }
    // Without the reply the verdicts are others, so it was read.
    fs::remove_file(folder.join("p/office.toml")).unwrap();
    let (without, ..) = check(&["p"]);
    assert_ne!(
        without["projects"][0]["findings"],
        once["projects"][0]["findings"]
    );
}

#[test]
fn every_report_opens_with_what_it_is_not() {
    for (lang, words) in [
        ("zh", "仅供内部审查参考，不作为审批文件"),
        ("en", "not an approval document"),
    ] {
        let ran = run(&format!(
            "check sample-projects/pharma-filing --lang {lang}"
        ));
        let head: String = ran.out.lines().take(4).collect();
        assert!(head.replace('\n', "").contains(words), "{lang}: {head}");
        assert!(
            !ran.out.contains("审查意见书") && !ran.out.contains("通过审批"),
            "{lang}"
        );
    }
}

#[test]
fn every_rule_is_explained_in_both_languages() {
    let rules = &crate::world::world().packs.rules;
    let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    for lang in ["zh", "en"] {
        // Loading the packs takes longer than a page, so all pages are asked for at once.
        let ran = run(&format!("explain {} --lang {lang}", ids.join(" ")));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let mut rest = ran.out.as_str();
        for rule in rules {
            let title = if lang == "zh" {
                &rule.title.zh
            } else {
                &rule.title.en
            };
            let page = rest.split_once(title.as_str());
            let page = page.unwrap_or_else(|| panic!("{} {lang}", rule.id)).1;
            rest = page
                .split_once(&rule.id)
                .unwrap_or_else(|| panic!("{}", rule.id))
                .1;
        }
    }
    let unknown = run("explain land/permanant-farmland-planting --lang en");
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    assert!(
        unknown.err.contains("land/permanent-farmland-planting"),
        "{}",
        unknown.err
    );
}

#[test]
fn every_kind_of_thing_can_be_listed() {
    let library = &crate::world::world().packs.library;
    for (kind, count) in [
        ("rules", crate::world::world().packs.rules.len()),
        ("fields", library.vocabulary.fields().len()),
        ("parameters", library.parameters.len()),
        ("tables", library.tables.len()),
        ("instruments", library.instruments.len()),
    ] {
        let ran = run(&format!("list {kind}"));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{kind}");
        assert!(
            ran.out.lines().count() >= count,
            "{kind}: {} lines",
            ran.out.lines().count()
        );
    }
    assert_eq!(run("list nothing").code, 2);
}

#[test]
fn a_case_that_fails_is_shown_with_the_difference() {
    let folder = folder("cli-test");
    let new = run_in(&folder, ["new", "rule", "office/land/x.toml"], b"");
    assert_eq!(new.code, 0, "{}", new.err);
    let path = folder.join("office/land/x.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(run_in(&folder, ["test", "office"], b"").code, 0);
    let again = run_in(&folder, ["new", "rule", "office/land/x.toml"], b"");
    assert_eq!(again.code, 2, "a file that exists is left alone");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let wrong = Regex::new(r#"verdict\s*=\s*"fail""#)
        .unwrap()
        .replace(&text, "verdict = \"pass\"");
    write(&folder, "office/land/x.toml", wrong.as_bytes());
    let ran = run_in(&folder, ["test", "office", "--lang", "en"], b"");
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("pass") && ran.out.contains("fail"),
        "{}",
        ran.out
    );
}

#[test]
fn a_new_project_is_ready_to_check() {
    let folder = folder("cli-new");
    assert_eq!(run_in(&folder, ["new", "project", "p"], b"").code, 0);
    let ran = run_in(&folder, ["check", "p"], b"");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
}

#[test]
fn the_manual_of_the_language_names_every_function() {
    for line in [
        "help language",
        "help functions",
        "help language --lang en",
        "help functions --lang en",
    ] {
        let ran = run(line);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
        if line.contains("functions") {
            for function in hegui::language::functions::FUNCTIONS {
                assert!(ran.out.contains(function.name), "{line}: {}", function.name);
            }
        }
    }
}
