//! Records of runs: equal runs leave equal bytes, and whatever is changed, removed or reordered is named.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use hegui::base::hash::{hex, sha256};
use serde_json::Value;

use crate::program::{PROGRAM, Ran, copy_sample, folder, run_in, write};
use crate::world::root;

/// A pack that stands alone: a field, a parameter with two versions, a table, an instrument, a rule.
const PACK: [(&str, &str); 6] = [
    (
        "pack.toml",
        r#"
id = "own"
version = "1"
title = { zh = "甲", en = "a" }
authority = { zh = "甲", en = "a" }
level = "office"
"#,
    ),
    (
        "fields.toml",
        r#"
[[field]]
path = "name"
type = "text"
label = { zh = "名称", en = "name" }
provider = "applicant"
[[field]]
path = "unit"
type = "text"
label = { zh = "单元", en = "unit" }
provider = "applicant"
[[group]]
path = "secret"
label = { zh = "内情", en = "secret" }
[[field]]
path = "secret.sum"
type = "number"
unit = "万元"
label = { zh = "金额", en = "sum" }
provider = "applicant"
"#,
    ),
    (
        "instruments.toml",
        r#"
[[instrument]]
id = "list"
title = { zh = "清单", en = "list" }
number = "1"
issuer = { zh = "甲", en = "a" }
level = "law"
from = 2000-01-01
confidence = "official"
"#,
    ),
    (
        "parameters.toml",
        r#"
[[parameter]]
id = "most"
label = { zh = "上限", en = "the most" }
unit = "万元"
step = "0.01"
[[parameter.version]]
from = 2000-01-01
value = "500"
source = "list 1"
confidence = "official"
"#,
    ),
    ("tables/allowed.csv", "unit,allowed\nU1,true\nU2,false\n"),
    (
        "money/most.toml",
        r#"
title = { zh = "金额", en = "sum" }
kind = "limit"
due = "filing"
basis = [{ instrument = "list", article = "1" }]
require = "secret.sum <= param.most && lookup('allowed', 'allowed')"
message = { zh = "金额 {secret.sum}", en = "the sum is {secret.sum}" }
remedy = { zh = "改", en = "mend" }
why = "why"
waivable_by = ["city"]
"#,
    ),
];

const TABLES: &str = r#"
[[table]]
id = "allowed"
title = { zh = "准入", en = "allowed" }
hit = "unique"
keys = [{ column = "unit", field = "unit", match = "exact" }]
outputs = [{ column = "allowed", type = "bool" }]
otherwise = "gap"
source = "list"
confidence = "official"
"#;

const PROJECT: &str = "name = \"甲乙丙项目\"\nsubmitted = 2025-03-01\nstage = \"filing\"\nunit = \"U1\"\n[secret]\nsum = \"731.25 万元\"\n";

/// A folder with a pack of its own, its settings and one submission.
fn office(name: &str) -> PathBuf {
    let folder = folder(name);
    for (path, text) in PACK {
        write(&folder, &format!("own/{path}"), text);
    }
    write(&folder, "own/tables.toml", TABLES);
    write(
        &folder,
        "hegui.toml",
        "packs = [\"own\"]\nexclude = [\"own/\"]\nreview_date = 2026-01-01\n",
    );
    write(&folder, "a/project.toml", PROJECT);
    folder
}

fn hegui(folder: &Path, line: &str) -> Ran {
    run_in(folder, line.split_whitespace(), b"")
}

/// Records a run, which does find something to say.
fn record(folder: &Path, options: &str) {
    let ran = hegui(folder, &format!("check a --record r {options}"));
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("r/records/0000"), "{}", ran.err);
}

/// The exit code of a verification, and the kind, record and English text of what it found.
fn verify(folder: &Path, options: &str) -> (i32, Vec<(String, Option<u64>, String)>) {
    let ran = hegui(folder, &format!("audit verify {options} --format json"));
    let found: Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}\n{}{}", ran.out, ran.err));
    let remarks = found["remarks"].as_array().unwrap().iter().map(|remark| {
        (
            remark["kind"].as_str().unwrap().to_owned(),
            remark["record"].as_u64(),
            remark["text"]["en"].as_str().unwrap().to_owned(),
        )
    });
    assert_eq!(found["exit_code"].as_i64(), Some(ran.code.into()));
    (ran.code, remarks.collect())
}

/// All files below a folder, by path, but for the lock and the note to walks.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn list(folder: &Path, root: &Path, all: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            if path.is_dir() {
                list(&path, root, all);
            } else if name != "lock" && name != ".heguiignore" {
                all.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
            }
        }
    }
    let mut all = BTreeMap::new();
    list(folder, folder, &mut all);
    all
}

/// The file of an object within an archive.
fn object(hash: &str) -> String {
    let (head, rest) = hash.split_at(2);
    format!("objects/{head}/{rest}")
}

/// The files of the records, in their order.
fn records(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("r/records")).unwrap();
    let mut all: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    all.sort();
    all
}

#[test]
fn equal_runs_leave_equal_bytes() {
    let (one, two) = (office("audit-same/one/x"), office("audit-same/two/x"));
    for folder in [&one, &two] {
        record(folder, "");
        // How it is written is no part of a run.
        record(folder, "--format json --verbose --lang en");
    }
    assert_eq!(files(&one.join("r")), files(&two.join("r")));
    assert_eq!(records(&one).len(), 2);
}

#[test]
fn a_record_is_done_again_elsewhere_without_the_files() {
    let folder = office("audit-again");
    record(&folder, "");
    let elsewhere = crate::program::folder("audit-elsewhere");
    fs::rename(folder.join("r"), elsewhere.join("r")).unwrap();
    fs::remove_dir_all(folder).unwrap();
    assert_eq!(verify(&elsewhere, "r"), (0, Vec::new()));
    let one = records(&elsewhere)[0].clone();
    let one = one.strip_prefix(&elsewhere).unwrap().display().to_string();
    assert_eq!(verify(&elsewhere, &one), (0, Vec::new()));
    let page = hegui(&elsewhere, "audit verify r --lang en").out;
    assert!(
        page.contains("agrees: run again, the same came out"),
        "{page}"
    );
    let log = hegui(&elsewhere, "audit log r --lang en").out;
    assert!(
        log.contains("check a") && log.contains("2026-01-01"),
        "{log}"
    );
}

#[test]
fn a_flipped_byte_of_any_stored_file_is_named() {
    let folder = office("audit-flip");
    record(&folder, "");
    let stored = files(&folder.join("r"));
    // The settings, the pack's seven files, the submission, the report; and the record.
    assert_eq!(stored.len(), 11, "{:?}", stored.keys());
    for (name, bytes) in &stored {
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            fs::write(folder.join("r").join(name), &flipped).unwrap();
            let (code, remarks) = verify(&folder, "r");
            assert_eq!(code, 1, "{name} {at}: {remarks:?}");
            let named = remarks.iter().any(|(kind, record, text)| {
                *record == Some(1)
                    && text.contains(name)
                    && ["object_changed", "altered"].contains(&kind.as_str())
            });
            assert!(named, "{name} {at}: {remarks:?}");
        }
        fs::write(folder.join("r").join(name), bytes).unwrap();
    }
    for name in stored.keys().filter(|name| name.starts_with("objects")) {
        let path = folder.join("r").join(name);
        fs::remove_file(&path).unwrap();
        let (code, remarks) = verify(&folder, "r");
        assert!(
            code == 1
                && remarks
                    .iter()
                    .any(|r| r.0 == "object_missing" && r.2.contains(name))
        );
        fs::write(&path, &stored[name]).unwrap();
    }
    assert_eq!(verify(&folder, "r").0, 0);
}

#[test]
fn a_flipped_byte_of_a_real_run_is_named_whatever_it_was() {
    let folder = folder("audit-sample");
    copy_sample("park-road", &folder.join("p"));
    let ran = hegui(&folder, "check p --on 2026-06-30 --record r");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let bytes = fs::read(&records(&folder)[0]).unwrap();
    let record: Value = serde_json::from_slice(&bytes).unwrap();
    let mut hashes: Vec<(String, String)> = Vec::new();
    for input in record["inputs"].as_array().unwrap() {
        let word = |key: &str| input[key].as_str().unwrap().to_owned();
        hashes.push((word("hash"), word("path")));
    }
    assert_eq!(hashes.len(), 3, "submission, replies and waivers");
    for pack in record["packs"].as_array().unwrap() {
        let file = &pack["files"][3];
        let word = |key: &str| file[key].as_str().unwrap().to_owned();
        hashes.push((word("hash"), word("path")));
    }
    for (hash, path) in hashes {
        let file = folder.join("r").join(object(&hash));
        let whole = fs::read(&file).unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 3] ^= 0x20;
        fs::write(&file, flipped).unwrap();
        let (code, remarks) = verify(&folder, "r");
        let named = remarks
            .iter()
            .any(|r| r.0 == "object_changed" && r.2.contains(&path));
        assert!(code == 1 && named, "{path}: {remarks:?}");
        fs::write(&file, whole).unwrap();
    }
    assert_eq!(verify(&folder, "r").0, 0);
}

#[test]
fn a_record_that_was_changed_removed_replaced_or_moved_is_named() {
    let kinds = |folder: &Path| -> Vec<(String, Option<u64>)> {
        let (code, remarks) = verify(folder, "r");
        // The report of a record that is gone belongs to none: a run that was cut short would leave it too.
        let (orphans, remarks): (Vec<_>, Vec<_>) =
            remarks.into_iter().partition(|r| r.0 == "orphan");
        let expected = match (remarks.as_slice(), orphans.as_slice()) {
            ([], []) => 0,
            ([], _) => 3,
            _ => 1,
        };
        assert_eq!(code, expected, "{remarks:?}");
        remarks
            .into_iter()
            .map(|(kind, record, _)| (kind, record))
            .collect()
    };
    let found = |kind: &str, record: u64| (kind.to_owned(), Some(record));
    let folder = office("audit-chain");
    for day in ["2025-12-01", "2025-12-02", "2025-12-03", "2025-12-04"] {
        record(&folder, &format!("--on {day}"));
    }
    assert_eq!(kinds(&folder), []);
    let all = records(&folder);
    let texts: Vec<Vec<u8>> = all.iter().map(|path| fs::read(path).unwrap()).collect();
    let restore = || {
        fs::remove_dir_all(folder.join("r/records")).unwrap();
        fs::create_dir_all(folder.join("r/records")).unwrap();
        for (path, text) in all.iter().zip(&texts) {
            fs::write(path, text).unwrap();
        }
    };
    let named = |number: usize, bytes: &[u8]| {
        let hash = hex(&sha256(bytes));
        folder.join(format!("r/records/{number:06}.{hash}.json"))
    };
    // Changed: its name says so, and so does the next one; the run says what is not true.
    let edited = |number: usize, from: &str, to: &str| {
        let text = String::from_utf8(texts[number].clone()).unwrap();
        assert!(text.contains(from));
        text.replace(from, to).into_bytes()
    };
    fs::write(&all[1], edited(1, "\"exit_code\": 1", "\"exit_code\": 0")).unwrap();
    assert_eq!(kinds(&folder), [found("altered", 2), found("outcome", 2)]);
    restore();
    // Changed and renamed after its new hash: the one after it was written after another.
    let other = edited(1, "2025-12-02", "2025-12-05");
    fs::remove_file(&all[1]).unwrap();
    fs::write(named(2, &other), &other).unwrap();
    let kinds_found = kinds(&folder);
    assert!(
        kinds_found.contains(&found("replaced", 2)),
        "{kinds_found:?}"
    );
    restore();
    // Removed: from the middle and from the start.
    for gone in [0, 1, 2] {
        fs::remove_file(&all[gone]).unwrap();
        assert_eq!(kinds(&folder), [found("removed", gone as u64 + 1)]);
        restore();
    }
    // Moved: two change places.
    for number in [1, 2] {
        fs::remove_file(&all[number]).unwrap();
    }
    fs::write(named(2, &texts[2]), &texts[2]).unwrap();
    fs::write(named(3, &texts[1]), &texts[1]).unwrap();
    let kinds_found = kinds(&folder);
    for number in [2, 3] {
        assert!(
            kinds_found.contains(&found("reordered", number)),
            "{kinds_found:?}"
        );
    }
    restore();
    // A second record of a number, and a file that is none.
    fs::write(named(2, &other), &other).unwrap();
    fs::write(folder.join("r/records/notes.txt"), "mine").unwrap();
    let kinds_found = kinds(&folder);
    assert!(
        kinds_found.contains(&found("duplicate", 2)),
        "{kinds_found:?}"
    );
    assert!(
        kinds_found.contains(&("stray".to_owned(), None)),
        "{kinds_found:?}"
    );
    restore();
    // The last ones: only who kept the newest hash can tell.
    let newest = hex(&sha256(&texts[3]));
    assert_eq!(verify(&folder, &format!("r --newest {newest}")).0, 0);
    let beginning = newest.get(..8).unwrap();
    assert_eq!(verify(&folder, &format!("r --newest {beginning}")).0, 0);
    for no_hash in ["zzz", "0fa5", "not-a-hash"] {
        let ran = run_in(&folder, ["audit", "verify", "r", "--newest", no_hash], b"");
        assert!(
            ran.code == 2 && ran.err.contains("hegui::audit::no_hash"),
            "{}",
            ran.err
        );
    }
    fs::remove_file(&all[3]).unwrap();
    assert_eq!(kinds(&folder), []);
    let (code, remarks) = verify(&folder, &format!("r --newest {newest}"));
    assert!(code == 1 && remarks[0].0 == "newest", "{remarks:?}");
    // Nothing is added after a record that was changed.
    fs::write(&all[2], b"{}").unwrap();
    let ran = hegui(&folder, "check a --record r");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("hegui::audit::damaged"), "{}", ran.err);
    assert!(
        ran.out.contains("需修改完善"),
        "the report is still written"
    );
}

#[test]
fn a_report_that_does_not_come_from_the_inputs_is_named() {
    let folder = office("audit-forged");
    record(&folder, "");
    let path = records(&folder)[0].clone();
    let text = fs::read_to_string(&path).unwrap();
    let record: Value = serde_json::from_str(&text).unwrap();
    let replace = |text: String| {
        fs::remove_dir_all(folder.join("r/records")).unwrap();
        let hash = hex(&sha256(text.as_bytes()));
        write(&folder, &format!("r/records/000001.{hash}.json"), text);
    };
    let old = record["report"]["hash"].as_str().unwrap();
    let report = fs::read_to_string(folder.join("r").join(object(old))).unwrap();
    let forged = report.replace("\"id\":\"fail\"", "\"id\":\"pass\"");
    let new = hex(&sha256(forged.as_bytes()));
    write(&folder, &format!("r/{}", object(&new)), &forged);
    replace(text.replace(old, &new));
    let (code, remarks) = verify(&folder, "r");
    assert_eq!(code, 1);
    assert!(remarks.iter().any(|r| r.0 == "report"), "{remarks:?}");
    let finding = remarks.iter().find(|r| r.0 == "finding").unwrap();
    assert_eq!(finding.2, "a, money/most: pass → fail");
    // Another engine is no difference while it says the same.
    replace(text.replace(record["engine"]["source"].as_str().unwrap(), "00"));
    let (code, remarks) = verify(&folder, "r");
    // The report that was replaced is left, and belongs to none.
    let kinds: Vec<&str> = remarks.iter().map(|r| r.0.as_str()).collect();
    assert_eq!((code, kinds), (3, vec!["engine", "orphan"]), "{remarks:?}");
}

#[test]
fn what_changed_since_is_named_file_by_file() {
    let folder = office("audit-since");
    record(&folder, "");
    assert_eq!(verify(&folder, "r --inputs .").0, 0);
    write(&folder, "a/project.toml", PROJECT.replace("731", "732"));
    write(
        &folder,
        "own/parameters.toml",
        PACK[3].1.replace("500", "800"),
    );
    fs::remove_file(folder.join("hegui.toml")).unwrap();
    let (code, remarks) = verify(&folder, "r --inputs .");
    let told: Vec<(&str, &str)> = remarks
        .iter()
        .map(|r| (r.0.as_str(), r.2.as_str()))
        .collect();
    assert_eq!(code, 1);
    assert_eq!(
        told,
        [
            (
                "input_changed",
                "submission: `a/project.toml` no longer holds what was judged"
            ),
            ("input_missing", "settings: `hegui.toml` is no longer there"),
            (
                "rules_changed",
                "rules: `own/parameters.toml` no longer holds what was judged"
            ),
        ]
    );
}

#[test]
fn masked_values_stand_nowhere_in_a_record_and_it_can_still_be_verified() {
    let folder = office("audit-mask");
    write(
        &folder,
        "key",
        "a long and random sentence, kept by the office\n",
    );
    write(
        &folder,
        "other-key",
        "another long and random sentence of nobody\n",
    );
    record(&folder, "--mask 名称,secret.sum --mask-key key");
    let (one, two) = (files(&folder.join("r")), office("audit-mask-again"));
    write(
        &two,
        "key",
        "a long and random sentence, kept by the office\n",
    );
    fs::rename(&two, folder.join("audit-mask")).unwrap();
    let two = folder.join("audit-mask");
    record(&two, "--mask secret.sum,name --mask-key key");
    assert_eq!(
        files(&two.join("r")),
        one,
        "equal runs, equal bytes, masked too"
    );
    for (name, bytes) in &one {
        let text = String::from_utf8_lossy(bytes);
        for secret in ["甲乙丙", "731.25", "random sentence"] {
            assert!(!text.contains(secret), "{name} holds {secret}");
        }
    }
    assert!(
        one.values()
            .any(|b| String::from_utf8_lossy(b).contains("[masked: secret.sum]"))
    );
    let kinds = |options: &str| {
        let (code, remarks) = verify(&folder, options);
        let kinds: Vec<String> = remarks.into_iter().map(|r| r.0).collect();
        (code, kinds.join(" "))
    };
    let told = |code: i32, kinds: &str| (code, kinds.to_owned());
    assert_eq!(kinds("r"), told(3, "withheld"));
    assert_eq!(kinds("r --inputs . --mask-key key"), told(0, ""));
    assert_eq!(
        kinds("r --inputs . --mask-key other-key"),
        told(3, "wrong_key")
    );
    write(&folder, "a/project.toml", PROJECT.replace("731", "731.0"));
    let (code, kinds) = kinds("r --inputs . --mask-key key");
    assert_eq!(code, 1);
    assert!(kinds.starts_with("input_changed"), "{kinds}");
    // What a mask cannot do is said.
    for (mask, why) in [
        ("secret.sun --mask-key key", "did you mean `secret.sum`?"),
        ("name", "masking needs the file of a key"),
        ("name --mask-key own/pack.tom", "cannot be read"),
    ] {
        let ran = hegui(
            &folder,
            &format!("check a --record q --lang en --mask {mask}"),
        );
        assert!(
            ran.code == 2 && ran.err.contains(why),
            "{mask}: {}",
            ran.err
        );
    }
}

#[test]
fn runs_at_the_same_time_add_their_records_one_after_another() {
    let folder = office("audit-many");
    let children: Vec<_> = (0..8)
        .map(|day| {
            Command::new(PROGRAM)
                .args([
                    "check",
                    "a",
                    "--record",
                    "r",
                    "--on",
                    &format!("2026-02-0{}", day + 1),
                ])
                .current_dir(&folder)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert_eq!(child.wait().unwrap().code(), Some(1));
    }
    assert_eq!(records(&folder).len(), 8);
    assert_eq!(verify(&folder, "r"), (0, Vec::new()));
}

#[test]
fn a_run_that_is_cut_short_leaves_no_half_record() {
    let folder = office("audit-cut");
    for wait in 0..12 {
        let mut child = Command::new(PROGRAM)
            .args(["check", "a", "--record", "r"])
            .current_dir(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(3 * wait));
        let _ = child.kill();
        child.wait().unwrap();
    }
    // What a run that was cut short while writing would leave.
    write(&folder, "r/records/000099.part", "{ \"format\":");
    write(&folder, "r/objects/ab/cd.1.part", "half");
    record(&folder, "");
    let (code, remarks) = verify(&folder, "r");
    let of = |kind: &str| remarks.iter().filter(|r| r.0 == kind).count();
    assert_eq!(of("draft"), 1, "{remarks:?}");
    assert_eq!(of("orphan") + 1, remarks.len(), "{remarks:?}");
    assert_eq!(code, if of("orphan") > 0 { 3 } else { 0 }, "{remarks:?}");
    assert!(!folder.join("r/records/000099.part").exists());
}

#[test]
fn a_file_that_somebody_put_among_the_objects_is_named() {
    let folder = office("audit-stray");
    record(&folder, "");
    assert_eq!(verify(&folder, "r"), (0, Vec::new()));
    let hash = hex(&sha256(b"mine"));
    let (head, rest) = hash.split_at(2);
    let own = format!("r/objects/{head}/{rest}");
    for (path, text, code, kind) in [
        ("r/objects/notes.txt", "mine", 1, "stray"),
        ("r/objects/ab/notes.txt", "mine", 1, "stray"),
        ("r/objects/ab/cd/notes.txt", "mine", 1, "stray"),
        (&own, "other", 1, "object_changed"),
        (&own, "mine", 3, "orphan"),
    ] {
        write(&folder, path, text);
        let (exit, remarks) = verify(&folder, "r");
        assert_eq!((exit, remarks.len()), (code, 1), "{path}: {remarks:?}");
        assert_eq!(remarks[0].0, kind, "{path}");
        assert!(remarks[0].2.contains(path), "{path}: {remarks:?}");
        fs::remove_file(folder.join(path)).unwrap();
    }
}

#[test]
fn a_stray_file_behind_very_many_others_still_fails() {
    let folder = office("audit-many-strays");
    record(&folder, "");
    for number in 0..25 {
        let text = number.to_string();
        let hash = hex(&sha256(text.as_bytes()));
        let (head, rest) = hash.split_at(2);
        write(&folder, &format!("r/objects/{head}/{rest}"), &text);
    }
    let (code, remarks) = verify(&folder, "r");
    assert_eq!((code, remarks.len()), (3, 21), "{remarks:?}");
    // It stands last, beyond those that are named.
    write(&folder, "r/objects/zz.txt", "mine");
    let (code, remarks) = verify(&folder, "r");
    assert_eq!((code, remarks.len()), (1, 21), "{remarks:?}");
}

#[test]
fn every_field_that_a_submission_can_hold_is_masked_or_refused_with_the_reason() {
    let folder = folder("audit-maskable");
    copy_sample("boiler-retrofit", &folder.join("a"));
    write(
        &folder,
        "key",
        "a long and random sentence, kept by the office",
    );
    let mask = |word: &str| {
        let line = format!("check a --record q --lang en --mask {word} --mask-key key");
        let ran = hegui(&folder, &line);
        let words: Vec<&str> = ran.err.split_whitespace().collect();
        (ran.code, words.join(" "))
    };
    for (word, why) in [
        ("id", "know a project by its id"),
        ("stage", "it selects the law in force"),
        ("办理环节", "it selects the law in force"),
        ("submitted", "it selects the law in force"),
        ("sample", "a yes or no or a choice"),
        ("complete", "a yes or no or a choice"),
        ("land.use_mode", "a yes or no or a choice"),
        ("supports", "can be masked: supports.evidence"),
        ("depends_on", "by their ids"),
        ("boundary", "the areas it shares"),
        ("land", "name those to mask: land."),
        ("boilers", "boilers.nox"),
    ] {
        let (code, err) = mask(word);
        let (refused, known) = (err.contains("cannot be masked"), err.contains("no field"));
        assert!(
            code == 2 && refused && !known && err.contains(why),
            "{word}: {err}"
        );
    }
    for word in [
        "name",
        "名称",
        "land.area",
        "boilers.nox",
        "industry.code",
        "supports.evidence",
    ] {
        let (code, err) = mask(word);
        assert!(code != 2, "{word}: {err}");
    }
    // What is said to show that a goal is served goes too.
    let text = fs::read_to_string(folder.join("a/project.toml")).unwrap();
    let (bare, told) = (
        "supports  = [\"G11.3-1\"]",
        "supports = [{ goal = \"G11.3-1\", evidence = \"a secret reason\" }]",
    );
    assert!(text.contains(bare));
    let text = text.replace(bare, told);
    write(&folder, "a/project.toml", text);
    record(&folder, "--mask supports.evidence --mask-key key");
    for (name, bytes) in files(&folder.join("r")) {
        assert!(
            !String::from_utf8_lossy(&bytes).contains("a secret reason"),
            "{name}"
        );
    }
    assert_eq!(verify(&folder, "r --inputs . --mask-key key").0, 0);
}

#[test]
fn records_are_no_submissions_wherever_they_stand() {
    let folder = office("audit-inside");
    let ran = hegui(&folder, "check . --record a/r");
    assert_eq!(ran.code, 1, "{}", ran.err);
    let again = hegui(&folder, "check . --record a/r");
    assert_eq!(
        (again.code, again.err.contains("错误")),
        (1, false),
        "{}",
        again.err
    );
    assert_eq!(verify(&folder, "a/r").0, 0);
}

#[test]
fn standard_input_paths_from_the_root_and_links_can_be_done_again() {
    let folder = office("audit-paths");
    let stdin = run_in(&folder, ["check", "-", "--record", "r"], PROJECT.as_bytes());
    assert_eq!(stdin.code, 1, "{}", stdin.err);
    assert_eq!(verify(&folder, "r --inputs ."), (0, Vec::new()));
    write(
        &folder,
        "key",
        "a long and random sentence, kept by the office",
    );
    let masked = [
        "check",
        "-",
        "--record",
        "m",
        "--mask",
        "name",
        "--mask-key",
        "key",
    ];
    let masked = run_in(&folder, masked, PROJECT.as_bytes());
    assert_eq!(masked.code, 1, "{}", masked.err);
    let (code, remarks) = verify(&folder, "m --inputs . --mask-key key");
    assert!(code == 3 && remarks[0].0 == "withheld", "{remarks:?}");
    let from_root = folder.join("a").display().to_string();
    for path in [from_root.as_str(), "a/../a", "a/project.toml"] {
        let ran = run_in(&folder, ["check", path, "--record", "r"], b"");
        assert_eq!(ran.code, 1, "{path}: {}", ran.err);
    }
    // The folder of the run gives the project its name.
    let inside = run_in(
        &folder.join("a"),
        ["check", "project.toml", "--record", "../r"],
        b"",
    );
    assert_eq!(inside.code, 1, "{}", inside.err);
    let elsewhere = crate::program::folder("audit-paths-elsewhere");
    fs::rename(folder.join("r"), elsewhere.join("r")).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let (code, remarks) = verify(&elsewhere, "r");
    assert_eq!((code, remarks.len()), (0, 0), "{remarks:?}");
}

#[test]
fn a_problem_in_a_file_is_part_of_what_is_recorded() {
    let folder = folder("audit-broken");
    fs::create_dir_all(folder.join("b")).unwrap();
    for name in ["no-stage.toml", "not-toml.toml", "three-mistakes.toml"] {
        let from = root().join("sample-projects/broken").join(name);
        fs::copy(from, folder.join("b").join(name)).unwrap();
    }
    write(&folder, "b/gbk.toml", b"name = \"\xCF\xEE\xC4\xBF\"");
    write(&folder, "b/large.toml", "a".repeat(40_000));
    let ran = hegui(&folder, "check b nowhere --max-size 30k --record r");
    assert_eq!(ran.code, 2);
    let (code, remarks) = verify(&folder, "r");
    assert_eq!((code, remarks.len()), (0, 0), "{remarks:?}");
}
