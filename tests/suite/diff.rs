//! Two runs compared: each kind of cause is told from the others, on the samples that ship.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::program::{copy_sample, folder, run_in, write};
use crate::reports::as_v1;
use crate::world::root;

/// A folder with a sample twice: `old` and `new`, the latter with some texts replaced.
fn twice(name: &str, sample: &str, replaced: &[(&str, &str)]) -> PathBuf {
    let folder = folder(name);
    for version in ["old", "new"] {
        copy_sample(sample, &folder.join(version));
    }
    edit(&folder.join("new/project.toml"), replaced);
    folder
}

fn edit(path: &Path, replaced: &[(&str, &str)]) {
    let mut text = fs::read_to_string(path).unwrap();
    for (from, to) in replaced {
        assert!(text.contains(from), "{from} is not in {}", path.display());
        text = text.replacen(from, to, 1);
    }
    fs::write(path, text).unwrap();
}

/// The comparison of two sides.
fn diff(folder: &Path, line: &str) -> Value {
    let ran = run_in(folder, format!("diff {line} --format json").split(' '), b"");
    let found: Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}\n{}", ran.err));
    let changed = found["changed"].as_bool().unwrap();
    assert_eq!(ran.code, i32::from(changed), "{}", ran.err);
    found
}

/// Keeps a record.
fn record(folder: &Path, line: &str) {
    let ran = run_in(folder, format!("check {line}").split(' '), b"");
    assert!(ran.code != 2, "{line}: {}", ran.err);
}

/// The finding of a rule in a comparison of one project.
fn finding<'a>(found: &'a Value, rule: &str) -> &'a Value {
    let all = found["projects"][0]["findings"].as_array().unwrap();
    let is = |finding: &&Value| finding["rule"] == rule;
    all.iter()
        .find(is)
        .unwrap_or_else(|| panic!("no {rule} in {found:#}"))
}

/// `result: kind name strength; …` of the reasons of a finding.
fn told(finding: &Value) -> String {
    let word = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let reasons = finding["reasons"].as_array().unwrap().iter();
    let reasons: Vec<String> = reasons
        .map(|reason| {
            let parts = [&reason["kind"], &reason["name"], &reason["strength"]];
            parts.map(word).join(" ")
        })
        .collect();
    format!("{}: {}", word(&finding["result"]), reasons.join("; "))
}

/// The English texts of a list.
fn english(texts: &Value) -> Vec<String> {
    let texts = texts.as_array().unwrap().iter();
    texts
        .map(|text| text["en"].as_str().unwrap().to_owned())
        .collect()
}

/// A pack of an office with one limit on the land.
fn limit(folder: &Path, pack: &str, mu: u32, extra: &[(&str, &str)]) {
    let files = [
        (
            "pack.toml",
            "id = \"own\"\nversion = \"1\"\ntitle = { zh = \"甲\", en = \"a\" }\nauthority = { zh = \"甲\", en = \"a\" }\nlevel = \"office\"\nextends = [\"national\", \"gaoxin-2021-2025\"]\n".to_owned(),
        ),
        (
            "parameters.toml",
            format!("[[parameter]]\nid = \"own_most\"\nlabel = {{ zh = \"用地上限\", en = \"the most land\" }}\nunit = \"亩\"\nstep = \"0.01\"\n[[parameter.version]]\nfrom = 2020-01-01\nvalue = \"{mu}\"\nsource = \"own\"\nconfidence = \"local\"\n"),
        ),
        (
            "land/most.toml",
            "title = { zh = \"用地不超过上限\", en = \"Land within the most\" }\nkind = \"limit\"\ndue = \"filing\"\nbasis = [{ instrument = \"land-administration-law\", article = \"1\" }]\nrequire = \"land.area <= param.own_most\"\nmessage = { zh = \"用地 {land.area}\", en = \"land of {land.area}\" }\nremedy = { zh = \"减少用地\", en = \"use less land\" }\nwhy = \"why\"\nwaivable_by = [\"city\"]\n".to_owned(),
        ),
    ];
    for (path, text) in files {
        write(folder, &format!("{pack}/{path}"), text);
    }
    for (path, text) in extra {
        write(folder, &format!("{pack}/{path}"), text);
    }
}

#[test]
fn equal_submissions_and_records_show_no_change() {
    let folder = twice("diff-none", "park-road", &[]);
    // A folder's name is the id of what has none; the name tells that it is one project.
    assert_eq!(diff(&folder, "old new")["changed"], false);
    record(&folder, "old --on 2026-06-30 --record r");
    record(&folder, "old --on 2026-06-30 --record q --lang en");
    assert_eq!(diff(&folder, "r q")["changed"], false);
    let page = run_in(&folder, ["diff", "r", "q", "--lang", "en"], b"").out;
    assert!(
        page.contains("decisions, findings and proposals are unchanged"),
        "{page}"
    );
    // Spaces and comments, and how a number is written, are no change.
    let new = folder.join("new/project.toml");
    edit(
        &new,
        &[
            ("\"31.5 亩\"", "\"2.1 公顷\"   # 同一数值"),
            ("\"31.5 亩\"", "\"31.50 亩\""),
        ],
    );
    assert_eq!(diff(&folder, "old new")["changed"], false);
}

#[test]
fn a_field_of_the_proposal_is_the_cause_and_answers_the_finding() {
    let folder = twice(
        "diff-field",
        "boiler-retrofit",
        &[("151 mg/m³", "55 mg/m³")],
    );
    let found = diff(&folder, "old new");
    assert_eq!(found["projects"][0]["changes"].as_array().unwrap().len(), 1);
    let change = &found["projects"][0]["changes"][0];
    assert_eq!(
        (&change["path"], &change["old"]["en"]),
        (&"boilers[1].nox".into(), &"151 mg/m³".into())
    );
    let nox = finding(&found, "boiler/nox-national");
    assert_eq!(told(nox), "cleared: field boilers suffices");
    assert_eq!(nox["response"].as_array().unwrap().len(), 1);
    // What was asked and is still open stands in the table, though it did not move.
    let still = finding(&found, "eia/authority");
    assert_eq!(
        (told(still), &still["moved"]),
        ("remains: ".to_owned(), &false.into())
    );
    assert_eq!(still["response"].as_array().unwrap().len(), 0);
    let page = run_in(&folder, ["diff", "old", "new", "--width", "160"], b"").out;
    for words in [
        "补正对照表",
        "151 mg/m³ → 55 mg/m³",
        "已消除",
        "未消除",
        "变化的原因",
    ] {
        assert!(page.contains(words), "{words}\n{page}");
    }
}

#[test]
fn two_fields_that_move_a_finding_together_are_both_named() {
    // Only both boilers together meet the limit.
    let folder = folder("diff-two");
    limit(
        &folder,
        "rules",
        40,
        &[(
            "land/sum.toml",
            "title = { zh = \"合计\", en = \"sum\" }\nkind = \"limit\"\ndue = \"filing\"\nbasis = [{ instrument = \"land-administration-law\", article = \"1\" }]\nrequire = \"land.area <= param.own_most || total_investment <= fixed_investment\"\nmessage = { zh = \"合计\", en = \"sum\" }\nremedy = { zh = \"改\", en = \"mend\" }\nwhy = \"why\"\nwaivable_by = []\n",
        )],
    );
    for version in ["old", "new"] {
        copy_sample("park-road", &folder.join(version));
    }
    edit(
        &folder.join("new/project.toml"),
        &[
            ("area      = \"31.5 亩\"", "area      = \"45 亩\""),
            (
                "total_investment  = \"2680 万元\"",
                "total_investment  = \"2900 万元\"",
            ),
        ],
    );
    let found = diff(&folder, "old new --rules rules");
    assert_eq!(
        told(finding(&found, "land/sum")),
        "new: field land.area needed; field total_investment needed"
    );
    assert_eq!(
        told(finding(&found, "land/most")),
        "new: field land.area suffices"
    );
}

#[test]
fn a_date_across_a_change_of_law_is_the_cause_with_the_law_that_came_with_it() {
    let folder = twice(
        "diff-date",
        "data-centre-2024",
        &[
            ("submitted = 2024-06-20", "submitted = 2025-11-20"),
            (
                "energy_accepted = 2024-06-11",
                "energy_accepted = 2025-09-01",
            ),
        ],
    );
    let found = diff(&folder, "old new");
    let review = finding(&found, "energy/review");
    assert_eq!(told(review), "cleared: date dates.energy_accepted suffices");
    let law = english(&review["law"]);
    assert!(
        law.iter()
            .any(|l| l.contains("2025年第31号") && l.contains("not yet in force → in force")),
        "{law:?}"
    );
    assert!(law.iter().any(|l| l.contains("5,000,000 kWh")), "{law:?}");
    // The day before, the same law: nothing moves.
    edit(
        &folder.join("new/project.toml"),
        &[(
            "energy_accepted = 2025-09-01",
            "energy_accepted = 2025-08-31",
        )],
    );
    let found = diff(&folder, "old new");
    let moved = found["projects"][0]["findings"].as_array().unwrap();
    assert!(
        moved
            .iter()
            .all(|f| f["rule"] != "energy/review" || f["moved"] == false),
        "{moved:#?}"
    );
    // The flag --as-of does the same to one proposal.
    record(&folder, "old --as-of 2025-08-31 --record r");
    record(&folder, "old --as-of 2025-09-01 --record q");
    let found = diff(&folder, "r q");
    assert_eq!(
        told(finding(&found, "energy/review")),
        "cleared: as_of – suffices"
    );
    assert_eq!(found["settings"][0]["id"], "as_of");
}

#[test]
fn a_waiver_that_expired_or_was_withdrawn_is_the_cause() {
    let folder = folder("diff-waiver");
    for version in ["old", "new"] {
        copy_sample("park-road", &folder.join(version).join("park-road"));
    }
    record(&folder, "old --on 2027-09-07 --record r");
    record(&folder, "old --on 2027-09-08 --record q");
    let found = diff(&folder, "r q");
    let region = finding(&found, "project/code-region");
    assert_eq!(told(region), "waiver_lapsed: review_date – suffices");
    assert!(
        english(&region["law"])[0].contains("2027-09-07"),
        "{region:#}"
    );
    assert_eq!(region["could_have_been_asked_before"], false);
    fs::remove_file(folder.join("new/park-road/waivers.toml")).unwrap();
    let found = diff(&folder, "old new --on 2026-06-30");
    assert_eq!(
        told(finding(&found, "project/code-region")),
        "waiver_lapsed: waivers – suffices"
    );
    let found = diff(&folder, "new old --on 2026-06-30");
    assert_eq!(
        told(finding(&found, "project/code-region")),
        "waived: waivers – suffices"
    );
}

#[test]
fn a_parameter_of_an_office_pack_is_the_cause() {
    let folder = folder("diff-parameter");
    copy_sample("park-road", &folder.join("p"));
    limit(&folder, "rules-1", 40, &[]);
    limit(&folder, "rules-2", 30, &[]);
    record(&folder, "p --rules rules-1 --record r");
    record(&folder, "p --rules rules-2 --record q");
    let found = diff(&folder, "r q");
    let most = finding(&found, "land/most");
    assert_eq!(told(most), "new: parameter own_most suffices");
    assert_eq!(
        english(&most["law"]),
        ["the most land: 40 mu (from 2020-01-01) → 30 mu (from 2020-01-01)"]
    );
    assert_eq!(found["packs"][0]["id"], "own");
    assert_eq!(found["projects"][0]["changes"].as_array().unwrap().len(), 0);
    // Both at once: each is told by itself.
    edit(
        &folder.join("p/project.toml"),
        &[("area      = \"31.5 亩\"", "area      = \"29 亩\"")],
    );
    record(&folder, "p --rules rules-2 --record s");
    let found = diff(&folder, "q s");
    assert_eq!(
        told(finding(&found, "land/most")),
        "cleared: field land.area suffices"
    );
    edit(
        &folder.join("p/project.toml"),
        &[("area      = \"29 亩\"", "area      = \"45 亩\"")],
    );
    record(&folder, "p --rules rules-2 --record t");
    let found = diff(&folder, "r t");
    // Either would have done it alone.
    assert_eq!(
        told(finding(&found, "land/most")),
        "new: field land.area suffices; parameter own_most suffices"
    );
}

#[test]
fn a_layer_of_another_edition_is_the_cause_in_submissions_records_and_reports() {
    let folder = folder("diff-layer");
    copy_sample("red-line-by-a-sliver", &folder);
    let square = |east: f64| {
        json!({ "type": "FeatureCollection", "features": [{
            "type": "Feature",
            "properties": { "HXBH": "红线1", "HXLX": "其他生态保护红线" },
            "geometry": { "type": "Polygon", "coordinates": [[
                [547_000.0 + east, 4_878_000.0], [548_000.0 + east, 4_878_000.0],
                [548_000.0 + east, 4_880_000.0], [547_000.0 + east, 4_880_000.0],
                [547_000.0 + east, 4_878_000.0],
            ]] },
        }] })
        .to_string()
    };
    let settings = |number: u32| {
        write(
            &folder,
            "hegui.toml",
            format!(
                "cache = false\nreview_date = 2026-06-30\n[layers]\nredline = {{ file = \"{number}.geojson\", crs = \"EPSG:4538\", edition = \"第{number}版\", date = 202{number}-12-31 }}\n"
            ),
        );
    };
    for (number, east) in [(3, 50.0), (4, 5_000.0)] {
        settings(number);
        write(&folder, &format!("{number}.geojson"), square(east));
        let outputs = format!("json={number}.json");
        let to = format!("record{number}");
        let words = ["check", "project.toml", "--record", &to, "-o", &outputs];
        let ran = run_in(&folder, words, b"");
        assert_ne!(ran.code, 2, "{}", ran.err);
    }
    for (line, strength) in [
        ("record3 record4", "suffices"),
        ("3.json 4.json", "evidence"),
    ] {
        let found = diff(&folder, line);
        let layers = found["layers"].as_array().unwrap();
        assert_eq!(layers.len(), 1, "{line}");
        assert_eq!(layers[0]["id"], "redline");
        for (side, edition, day) in [
            ("old", "第3版", "2023-12-31"),
            ("new", "第4版", "2024-12-31"),
        ] {
            let words = layers[0][side]["zh"].as_str().unwrap();
            assert!(
                words.starts_with(&format!("{edition}，{day}，摘要 ")),
                "{words}"
            );
        }
        let moved = finding(&found, "redline/development-ban");
        let reasons = moved["reasons"].as_array().unwrap();
        assert_eq!(reasons.len(), 1, "{line}: {reasons:?}");
        assert_eq!(reasons[0]["kind"], "layer", "{line}");
        assert_eq!(reasons[0]["name"], "redline", "{line}");
        assert_eq!(reasons[0]["strength"], strength, "{line}");
        let words = reasons[0]["text"]["zh"].as_str().unwrap();
        assert!(
            words.contains("第3版") && words.contains("第4版"),
            "{words}"
        );
    }
    // Where the boundary moved too, the two are not told apart.
    let boundary = fs::read_to_string(folder.join("界址点.txt")).unwrap();
    write(
        &folder,
        "界址点.txt",
        boundary.replace("29547000.000", "29546990.000"),
    );
    let words = ["check", "project.toml", "--record", "record5"];
    assert_ne!(run_in(&folder, words, b"").code, 2);
    let found = diff(&folder, "record3 record5");
    let moved = finding(&found, "redline/development-ban");
    let reason = &moved["reasons"][0];
    assert_eq!(
        (reason["kind"].as_str(), reason["strength"].as_str()),
        (Some("layer"), Some("contributes"))
    );
    assert!(
        reason["text"]["zh"]
            .as_str()
            .unwrap()
            .starts_with("图层（边界也不同）")
    );
}

#[test]
fn a_rule_a_row_and_an_instrument_are_told_from_each_other() {
    let folder = folder("diff-law");
    copy_sample("park-road", &folder.join("p"));
    let table = |answer: &str| format!("code,allowed\n4813,{answer}\n");
    let head = "[[table]]\nid = \"own-list\"\ntitle = { zh = \"清单\", en = \"list\" }\nhit = \"unique\"\nkeys = [{ column = \"code\", field = \"industry.code\", match = \"code\" }]\noutputs = [{ column = \"allowed\", type = \"bool\" }]\notherwise = \"gap\"\nsource = \"own\"\nconfidence = \"local\"\n";
    let law = |level: &str| {
        format!(
            "[[instrument]]\nid = \"own-order\"\ntitle = {{ zh = \"办法\", en = \"order\" }}\nnumber = \"1\"\nissuer = {{ zh = \"甲\", en = \"a\" }}\nlevel = \"{level}\"\nfrom = 2020-01-01\nconfidence = \"official\"\n"
        )
    };
    let rule = |instrument: &str, require: &str| {
        format!(
            "title = {{ zh = \"甲\", en = \"a\" }}\nkind = \"limit\"\ndue = \"filing\"\nbasis = [{{ instrument = \"{instrument}\", article = \"1\" }}]\nrequire = \"{require}\"\nmessage = {{ zh = \"甲\", en = \"a\" }}\nremedy = {{ zh = \"改\", en = \"mend\" }}\nwhy = \"why\"\nwaivable_by = []\n"
        )
    };
    let versions = [
        ("1", "true", "rule", "land.area <= param.own_most"),
        ("row", "false", "rule", "land.area <= param.own_most"),
        ("law", "false", "notice", "land.area <= param.own_most"),
        ("rule", "true", "rule", "land.area < param.own_most"),
    ];
    for (name, answer, level, require) in versions {
        let listed = rule("own-order", "lookup('own-list', 'allowed')");
        // The area is exactly the limit.
        let strict = rule("own-order", require);
        limit(
            &folder,
            name,
            40,
            &[
                ("tables.toml", head),
                ("tables/own-list.csv", &table(answer)),
                ("instruments.toml", &law(level)),
                ("land/listed.toml", &listed),
                ("land/strict.toml", &strict),
            ],
        );
    }
    edit(
        &folder.join("p/project.toml"),
        &[("area      = \"31.5 亩\"", "area      = \"40 亩\"")],
    );
    for (name, ..) in versions {
        record(&folder, &format!("p --rules {name} --record r-{name}"));
    }
    let found = diff(&folder, "r-1 r-row");
    assert_eq!(
        told(finding(&found, "land/listed")),
        "new: table own-list suffices"
    );
    // A notice binds nobody: the same fail drives less.
    let found = diff(&folder, "r-row r-law");
    assert_eq!(
        told(finding(&found, "land/listed")),
        "remains: instrument own-order suffices"
    );
    let found = diff(&folder, "r-1 r-law");
    assert_eq!(
        told(finding(&found, "land/listed")),
        "new: table own-list needed; instrument own-order contributes"
    );
    let found = diff(&folder, "r-1 r-rule");
    assert_eq!(
        told(finding(&found, "land/strict")),
        "new: rule land/strict suffices"
    );
    let count = found["projects"][0]["findings"].as_array().unwrap();
    assert_eq!(count.iter().filter(|f| f["moved"] == true).count(), 1);
}

#[test]
fn what_could_have_been_asked_before_is_pointed_out() {
    let folder = twice(
        "diff-late",
        "park-road",
        &[("area      = \"31.5 亩\"", "area      = \"32 亩\"")],
    );
    limit(&folder, "rules", 30, &[]);
    record(&folder, "old --record r");
    record(&folder, "new --rules rules --record q");
    let found = diff(&folder, "r q");
    let most = finding(&found, "land/most");
    assert_eq!(told(most), "new: rule_added land/most suffices");
    assert_eq!(
        most["could_have_been_asked_before"], true,
        "31.5 was over 30 already"
    );
    // The mismatch of papers came with the new area: it could not have been asked before.
    let papers = finding(&found, "consistency/land-area");
    assert_eq!(told(papers), "new: field land.area suffices");
    assert_eq!(papers["could_have_been_asked_before"], false);
    let page = run_in(&folder, ["diff", "r", "q", "--width", "200"], b"").out;
    assert!(page.contains("前次应告知未告知"), "{page}");
    // Under a limit that the old version met, it could not have been asked either.
    limit(&folder, "wider", 31, &[]);
    edit(&folder.join("wider/parameters.toml"), &[("31", "31.5")]);
    record(&folder, "new --rules wider --record s");
    let most = diff(&folder, "r s");
    assert_eq!(
        finding(&most, "land/most")["could_have_been_asked_before"],
        false
    );
}

#[test]
fn areas_capacities_and_industries_that_change_silently_are_pointed_out() {
    let folder = twice(
        "diff-silent",
        "boiler-retrofit",
        &[
            ("area      = \"6.4 亩\"", "area      = \"6.4001 亩\""),
            (
                "name      = \"区内某综合医院锅炉房改造\"",
                "name      = \"区内某综合医院锅炉房改造工程\"",
            ),
            (
                "capacity     = \"10 蒸吨/h\"",
                "capacity     = \"9.9 蒸吨/h\"",
            ),
        ],
    );
    let found = diff(&folder, "old new");
    let changes = found["projects"][0]["changes"].as_array().unwrap();
    let flags: Vec<(&str, bool, bool)> = changes
        .iter()
        .map(|c| {
            (
                c["path"].as_str().unwrap(),
                c["watched"].as_bool().unwrap(),
                c["silent"].as_bool().unwrap(),
            )
        })
        .collect();
    let moved = |path: &str| {
        let all = found["projects"][0]["findings"].as_array().unwrap().iter();
        all.filter(|f| f["moved"] == true).any(|f| {
            f["reasons"]
                .as_array()
                .unwrap()
                .iter()
                .any(|r| r["name"] == path)
        })
    };
    for (path, watched, silent) in &flags {
        let part = path.split('[').next().unwrap();
        assert_eq!(*silent, *watched && !moved(part), "{path}");
    }
    assert!(
        flags.contains(&("boilers[1].capacity", true, true)),
        "{flags:?}"
    );
    assert!(flags.iter().any(|f| f.0 == "land.area" && f.1), "{flags:?}");
    assert!(flags.iter().any(|f| f.0 == "name" && !f.1), "{flags:?}");
    let page = run_in(&folder, ["diff", "old", "new", "--width", "160"], b"").out;
    assert!(
        page.contains("⚠ 面积、产能或行业有变，没有改变任何结果"),
        "{page}"
    );
}

#[test]
fn of_mere_reports_only_what_they_show_is_said() {
    let folder = twice(
        "diff-reports",
        "boiler-retrofit",
        &[("151 mg/m³", "55 mg/m³")],
    );
    for version in ["old", "new"] {
        let ran = run_in(&folder, ["check", version, "--format", "json"], b"");
        write(&folder, &format!("{version}.json"), ran.out);
    }
    let found = diff(&folder, "old.json new.json");
    assert_eq!(
        found["projects"][0]["changes"],
        Value::Null,
        "fields that are no evidence may have changed unseen"
    );
    assert_eq!(found["untold"].as_array().unwrap().len(), 2);
    assert_eq!(
        told(finding(&found, "boiler/nox-national")),
        "cleared: field boilers[1].nox evidence"
    );
    // A report of the version before is read as one of this.
    let text = fs::read_to_string(folder.join("old.json")).unwrap();
    let before = as_v1(&serde_json::from_str(&text).unwrap());
    write(&folder, "before.json", before.to_string());
    assert_eq!(
        diff(&folder, "before.json new.json")["projects"],
        found["projects"]
    );
    // One side a report, the other a submission: likewise.
    let mixed = diff(&folder, "old.json new");
    assert_eq!(
        told(finding(&mixed, "boiler/nox-national")),
        "cleared: field boilers[1].nox evidence"
    );
    // What nothing shows is not guessed.
    let same = "规则包相同，证据中看不出原因";
    let text = fs::read_to_string(folder.join("old.json")).unwrap();
    let mut report: Value = serde_json::from_str(&text).unwrap();
    let findings = report["projects"][0]["findings"].as_array_mut().unwrap();
    let passing = findings
        .iter_mut()
        .find(|f| f["verdict"]["id"] == "pass")
        .unwrap();
    passing["verdict"]["id"] = "fail".into();
    passing["effective"] = "rectify".into();
    write(&folder, "odd.json", report.to_string());
    let page = run_in(
        &folder,
        ["diff", "old.json", "odd.json", "--width", "200"],
        b"",
    )
    .out;
    assert!(page.contains(same), "{page}");
}

#[test]
fn what_cannot_be_compared_is_told() {
    let folder = twice(
        "diff-wrong",
        "park-road",
        &[("submitted = 2025-09-16", "submitted = soon")],
    );
    let code = |line: &str| {
        let ran = run_in(&folder, format!("diff {line} --lang en").split(' '), b"");
        (ran.code, ran.err, ran.out)
    };
    let (exit, err, _) = code("old nowhere");
    assert!(exit == 2 && err.contains("there is no `nowhere`"), "{err}");
    let (exit, err, _) = code("old");
    assert!(exit == 2 && err.contains("what to compare"), "{err}");
    // A value that cannot be read is an error, and the rest is still compared.
    let (exit, err, out) = code("old new");
    assert!(
        exit == 2 && out.contains("Comparison of runs"),
        "{err}{out}"
    );
    write(
        &folder,
        "old.json",
        "{\"version\": \"v9\", \"tool\": {}, \"packs\": [], \"projects\": []}",
    );
    let (exit, err, _) = code("old.json old");
    assert!(
        exit == 2 && err.contains("`old.json` cannot be compared"),
        "{err}"
    );
    record(&folder, "old --record r");
    let records = fs::read_dir(folder.join("r/records")).unwrap();
    let record = records.map(|e| e.unwrap().path()).next().unwrap();
    fs::write(record, "{}").unwrap();
    let (exit, err, _) = code("r old");
    assert_eq!(exit, 2, "{err}");
    // A masked record says no more than its report.
    write(
        &folder,
        "key",
        "a long and random sentence, kept by the office",
    );
    let ran = run_in(
        &folder,
        [
            "check",
            "old",
            "--record",
            "m",
            "--mask",
            "name,total_investment",
            "--mask-key",
            "key",
        ],
        b"",
    );
    assert_ne!(ran.code, 2, "{}", ran.err);
    assert_eq!(diff(&folder, "m old")["old"]["judged_again"], false);
}

#[test]
fn a_masked_value_is_no_change_and_no_cause_and_is_named_once() {
    let folder = twice(
        "diff-masked",
        "boiler-retrofit",
        // The city's limit is 60 mg/m³, as is the second boiler's figure: masked, it is masked in the limit too.
        &[("151 mg/m³", "55 mg/m³")],
    );
    let key = "a long and random sentence, kept by the office";
    write(&folder, "key", key);
    record(
        &folder,
        "old --on 2026-01-31 --record ro --mask name,boilers.nox --mask-key key",
    );
    record(
        &folder,
        "new --on 2026-01-31 --record rn --mask total_investment,name --mask-key key",
    );
    let (line, not) = (" is masked in the ", "; it cannot be compared");
    for (sides, on) in [
        ("ro rn", "old run"),
        ("rn ro", "new run"),
        ("ro new", "old run"),
    ] {
        let found = diff(&folder, sides);
        let told = english(&found["untold"]).join("\n");
        assert_eq!(told.matches("`boilers.nox`").count(), 1, "{told}");
        assert!(
            told.contains(&format!("`boilers.nox`{line}{on}{not}")),
            "{told}"
        );
        let names = match sides {
            "ro new" => format!("(`name`){line}old run{not}"),
            _ => format!("(`name`){line}old run and in the new{not}"),
        };
        assert!(told.contains(&names), "{told}");
        // It moved, and nobody can tell why.
        let moved = finding(&found, "boiler/nox-city");
        assert_eq!(moved["moved"], true);
        for list in ["response", "law"] {
            assert!(english(&moved[list]).is_empty(), "{:#}", moved[list]);
        }
        assert_eq!(moved["reasons"].as_array().unwrap().len(), 1, "{moved:#}");
        assert_eq!(moved["reasons"][0]["kind"], "unknown");
        let why = &moved["reasons"][0]["text"]["en"];
        assert!(why.as_str().unwrap().contains("masked values"), "{why}");
        // Each language has its own words.
        let chinese = run_in(&folder, format!("diff {sides} --width 200").split(' '), b"").out;
        assert!(!chinese.contains("masked"), "{chinese}");
        assert_eq!(
            chinese.matches("已遮盖，无法比较").count(),
            found["untold"].as_array().unwrap().len() - 2
        );
        assert!(
            sides == "ro new" || chinese.contains("【") && chinese.contains("［已遮盖：name］"),
            "{chinese}"
        );
        let zh = found["projects"][0]["findings"].to_string();
        assert!(
            !zh.contains("[masked: boilers.nox] →") && !zh.contains("→ [masked"),
            "{zh}"
        );
    }
}

#[test]
fn projects_without_a_name_to_tell_them_apart_are_not_taken_for_one() {
    let folder = folder("diff-masked-names");
    for (sample, version) in [
        ("park-road", "old"),
        ("boiler-retrofit", "old"),
        ("bank-branch", "new"),
        ("laundry", "new"),
    ] {
        copy_sample(sample, &folder.join(version).join(sample));
    }
    write(
        &folder,
        "key",
        "a long and random sentence, kept by the office",
    );
    for version in ["old", "new"] {
        record(
            &folder,
            &format!("{version} --record r{version} --mask name --mask-key key"),
        );
    }
    let found = diff(&folder, "rold rnew");
    assert_eq!(found["projects"].as_array().unwrap().len(), 0);
    assert_eq!(found["gone"].as_array().unwrap().len(), 2);
    assert_eq!(found["added"].as_array().unwrap().len(), 2);
}

#[test]
fn all_samples_against_themselves_show_no_change() {
    let found = run_in(
        &root(),
        [
            "diff",
            "sample-projects",
            "sample-projects",
            "--format",
            "json",
        ],
        b"",
    );
    let found: Value = serde_json::from_str(&found.out).unwrap();
    assert_eq!(
        (&found["changed"], &found["gone"]),
        (&false.into(), &Value::Array(Vec::new()))
    );
    assert!(found["projects"].as_array().unwrap().len() > 50);
}
