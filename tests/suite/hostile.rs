//! Input that nobody writes in good faith: each gives a problem in a second or two, and the other files are judged.

use std::fs::{self, File};
use std::time::Duration;

use crate::program::{Ran, copy_sample, folder, run_in, write};

/// How long a diagnostic may take; the suite runs an unoptimised program beside others.
const SOON: Duration = Duration::from_secs(5);

/// Checks a folder that holds a sound submission beside what `make` puts there.
fn beside(name: &str, make: impl FnOnce(&std::path::Path)) -> Ran {
    let folder = folder(&format!("hostile-{name}"));
    copy_sample("vegetable-greenhouse", &folder.join("sound"));
    make(&folder);
    let ran = run_in(&folder, ["check", ".", "--lang", "en"], b"");
    assert!(ran.took < SOON, "{name} took {:?}", ran.took);
    assert!(
        !ran.err.contains("panicked") && !ran.err.contains("overflow"),
        "{name}: {}",
        ran.err
    );
    assert!(
        ran.out.contains("sound"),
        "{name}: the sound submission is not judged\n{}\n{}",
        ran.out,
        ran.err
    );
    assert!(
        ran.err.len() < 40_000,
        "{name}: {} bytes of problems",
        ran.err.len()
    );
    ran
}

/// A file that is a problem: exit code 2, and the problem names the file and says `words`.
#[track_caller]
fn check(name: &str, file: &str, bytes: impl AsRef<[u8]>, words: &str) {
    let ran = beside(name, |folder| {
        write(folder, file, bytes);
    });
    assert_eq!(ran.code, 2, "{name}\n{}", ran.err);
    assert!(ran.err.contains(file), "{name} is not named:\n{}", ran.err);
    assert!(
        ran.err.contains(words),
        "{name}: `{words}` is not said:\n{}",
        ran.err
    );
}

#[test]
fn ten_thousand_nested_brackets_are_a_problem() {
    let deep = |open: &str, close: &str| open.repeat(10_000) + "1" + &close.repeat(10_000);
    check(
        "toml-lists",
        "bad.toml",
        format!("a = {}", deep("[", "]")),
        "nesting",
    );
    check(
        "toml-tables",
        "bad.toml",
        format!("a = {}", deep("{ a = ", "}")),
        "nesting",
    );
    check("toml-heads", "bad.toml", "[".repeat(10_000), "error");
    check("json-lists", "bad.json", deep("[", "]"), "error");
    check("json-objects", "bad.json", deep("{\"a\": ", "}"), "error");
    check(
        "ndjson",
        "bad.ndjson",
        format!("{{\"a\": {}}}\n", deep("[", "]")),
        "error",
    );
}

#[test]
fn a_file_over_the_size_limit_is_refused_unread() {
    for (name, file, size) in [
        ("large-toml", "bad.toml", 33 << 20),
        ("large-json", "bad.json", 257 << 20),
    ] {
        // A file with a hole: large, and quick to make.
        let ran = beside(name, |folder| {
            File::create(folder.join(file))
                .unwrap()
                .set_len(size)
                .unwrap();
        });
        assert_eq!(ran.code, 2);
        assert!(
            ran.err.contains("over the size limit") && ran.err.contains("--max-size"),
            "{}",
            ran.err
        );
    }
    let folder = folder("hostile-max-size");
    copy_sample("vegetable-greenhouse", &folder);
    let ran = run_in(
        &folder,
        ["check", ".", "--max-size", "100", "--lang", "en"],
        b"",
    );
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("over the size limit"), "{}", ran.err);
}

#[test]
fn text_in_another_encoding_is_named() {
    check("gbk", "bad.toml", b"name = \"\xCF\xEE\xC4\xBF\"\n", "GBK");
    check(
        "utf-8",
        "bad.toml",
        b"name = \"\xFF\xFE\xFD\"\nx = 1\n",
        "not UTF-8",
    );
    check("utf-16", "bad.toml", b"\xFF\xFEn\0a\0m\0e\0", "UTF-16");
    check("nul", "bad.toml", b"name = \"a\"\nx\0 = 1\n", "NUL");
    check(
        "half-a-character",
        "bad.json",
        b"{\"name\": \"\xE4\xBA\"}",
        "not UTF-8",
    );
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    let ran = beside("bom", |folder| {
        let text = fs::read(folder.join("sound/project.toml")).unwrap();
        write(
            folder,
            "marked/project.toml",
            [b"\xEF\xBB\xBF".as_slice(), &text].concat(),
        );
    });
    assert!(!ran.err.contains("error") && ran.code != 2, "{}", ran.err);
    assert!(ran.out.contains("marked"));
}

const HEAD: &str = "submitted = 2024-06-01\nstage = \"filing\"\n";

#[test]
fn numbers_beyond_reason_are_problems() {
    let toml = |value: &str| format!("{HEAD}[land]\narea = {value}\n");
    let json = |value: &str| {
        format!(
            "{{\"submitted\": \"2024-06-01\", \"stage\": \"filing\", \"land\": {{\"area\": {value}}}}}"
        )
    };
    let digits = "9".repeat(400);
    for (name, value) in [
        ("digits", digits.as_str()),
        ("exponent", "1e308"),
        ("tiny", "1e-308"),
        ("huge-exponent", "1e999999999999"),
    ] {
        check(&format!("toml-{name}"), "bad.toml", toml(value), "too long");
        check(&format!("json-{name}"), "bad.json", json(value), "too long");
        check(
            &format!("text-{name}"),
            "bad.toml",
            toml(&format!("\"{value} 亩\"")),
            "too long",
        );
    }
    check("hexadecimal", "bad.toml", toml("0xFF"), "0xFF");
    for value in ["nan", "inf", "-inf"] {
        check("not-a-number", "bad.toml", toml(value), "not a number");
    }
}

#[test]
fn a_day_that_does_not_exist_is_a_problem() {
    for (name, file, text) in [
        (
            "date",
            "bad.toml",
            format!("{HEAD}[dates]\nfiling = 2023-02-30\n"),
        ),
        (
            "date-text",
            "bad.toml",
            format!("{HEAD}[dates]\nfiling = \"2023-02-30\"\n"),
        ),
        (
            "date-json",
            "bad.json",
            "{\"submitted\": \"2023-02-30\", \"stage\": \"filing\"}".to_owned(),
        ),
    ] {
        check(name, file, text, "2023-02-30` does not exist");
    }
}

#[test]
fn a_key_that_stands_twice_is_a_problem() {
    check(
        "twice-toml",
        "bad.toml",
        format!("{HEAD}[land]\narea = 1\narea = 2\n"),
        "twice",
    );
    check(
        "twice-json",
        "bad.json",
        "{\"submitted\": \"2024-06-01\", \"stage\": \"filing\", \"land\": {\"area\": 1, \"area\": 2}}",
        "twice",
    );
    check(
        "twice-alias",
        "bad.toml",
        format!("{HEAD}[land]\narea = 1\n\"用地面积\" = 2\n"),
        "twice",
    );
}

#[test]
fn a_great_many_mistakes_are_reported_in_reasonable_space() {
    let many: String = (0..3_000).fold(String::new(), |all, n| all + &format!("key_{n} = {n}\n"));
    let folder = folder("hostile-many");
    write(&folder, "bad.toml", format!("{HEAD}{many}"));
    let ran = run_in(&folder, ["check", ".", "--lang", "en"], b"");
    assert_eq!(ran.code, 2);
    assert!(ran.took < SOON * 2, "{:?}", ran.took);
}

#[cfg(unix)]
#[test]
fn a_folder_that_links_back_into_itself_is_walked_once() {
    let ran = beside("loop", |folder| {
        fs::create_dir_all(folder.join("a/b")).unwrap();
        std::os::unix::fs::symlink("..", folder.join("a/up")).unwrap();
        std::os::unix::fs::symlink("../..", folder.join("a/b/up")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.join("gone.toml")).unwrap();
    });
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("links back into itself"), "{}", ran.err);
    assert!(ran.err.contains("gone.toml"), "{}", ran.err);
}

const PACK: &str = "version = \"1\"\ntitle = { zh = \"甲\", en = \"a\" }\nauthority = { zh = \"甲\", en = \"a\" }\nlevel = \"office\"\n";

/// Packs that cannot be read judge nothing, and say so soon.
#[track_caller]
fn broken_packs(name: &str, files: &[(&str, String)], words: &str) {
    let folder = folder(&format!("hostile-{name}"));
    copy_sample("vegetable-greenhouse", &folder.join("sound"));
    for (path, text) in files {
        write(&folder, &format!("packs/{path}"), text);
    }
    let ran = run_in(
        &folder,
        ["check", "sound", "--rules", "packs", "--lang", "en"],
        b"",
    );
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
    assert!(
        ran.took < SOON && ran.err.contains(words),
        "{name}: {}",
        ran.err
    );
}

#[test]
fn packs_in_a_circle_are_a_problem() {
    let pack =
        |id: &str, extends: &str| format!("id = \"{id}\"\nextends = [\"{extends}\"]\n{PACK}");
    broken_packs(
        "circle",
        &[
            ("a/pack.toml", pack("a", "b")),
            ("b/pack.toml", pack("b", "a")),
        ],
        "circle",
    );
}

#[test]
fn formulas_in_a_circle_are_a_problem() {
    let field = |path: &str, formula: &str| {
        format!(
            "[[field]]\npath = \"{path}\"\ntype = \"number\"\nprovider = \"computed\"\nformula = \"{formula}\"\nlabel = {{ zh = \"{path}\", en = \"{path}\" }}\n"
        )
    };
    let fields = field("x", "y + 1") + &field("y", "x + 1");
    broken_packs(
        "formulas",
        &[
            ("a/pack.toml", format!("id = \"a\"\n{PACK}")),
            ("a/fields.toml", fields),
        ],
        "itself",
    );
}

#[test]
fn a_hostile_expression_is_a_problem() {
    let rule = |require: &str| {
        format!(
            "title = {{ zh = \"题\", en = \"title\" }}\nkind = \"guidance\"\ndue = \"filing\"\nbasis = [{{ instrument = \"land-administration-law\", article = \"1\" }}]\nrequire = '''{require}'''\nmessage = {{ zh = \"文\", en = \"text\" }}\nremedy = {{ zh = \"改\", en = \"mend\" }}\nwhy = \"why\"\n"
        )
    };
    for (name, require, words) in [
        ("parentheses", "(".repeat(10_000), "nesting"),
        ("negations", "!".repeat(10_000) + "true", "nesting"),
        ("sums", "1 + ".repeat(10_000) + "1 > 0", "too long"),
        (
            "pattern",
            "name.matches('(a{1000}){1000}')".to_owned(),
            "pattern",
        ),
    ] {
        let pack = format!("id = \"a\"\nextends = [\"national\"]\n{PACK}");
        broken_packs(
            name,
            &[("a/pack.toml", pack), ("a/t/x.toml", rule(&require))],
            words,
        );
    }
}

#[test]
fn hostile_companions_do_not_stop_the_project() {
    for (name, file, text) in [
        (
            "office",
            "sound/office.toml",
            "[[fact]]\npath = \"nothing\"\n".to_owned() + &"[".repeat(10_000),
        ),
        (
            "waivers",
            "sound/waivers.toml",
            "[[waiver]]\nrule = 3\n".to_owned(),
        ),
        (
            "settings",
            "hegui.toml",
            "review_date = 2023-02-30\nlang = \"fr\"\nwaivers = [\"gone.toml\"]\n".to_owned(),
        ),
    ] {
        let ran = beside(name, |folder| {
            write(folder, file, text);
        });
        assert_eq!(ran.code, 2, "{name}: {}", ran.err);
    }
}
