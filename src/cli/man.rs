//! `hegui man`: the manual page, in roff, made from the table of commands.
//!
//! It does not know how a page is shown.

use std::fmt::Write as _;

use super::OK;
use super::console::Console;
use super::help::EXITS;
use super::specs::SPECS;
use crate::base::text::Lang;
use crate::judge::decision::Decision;
use crate::report::DISCLAIMER;

/// Prints the page.
pub(super) fn run(console: &mut Console) -> u8 {
    let page = page(console.look.lang);
    console.print(&page);
    OK
}

fn page(lang: Lang) -> String {
    let mut out = String::new();
    let version = env!("CARGO_PKG_VERSION");
    // Without the mark, readers of other languages take the page for Latin-1.
    out.push_str("'\\\" -*- coding: UTF-8 -*-\n");
    let _ = writeln!(out, ".TH HEGUI 1 \"\" \"hegui {version}\"");
    let head = |out: &mut String, zh: &str, en: &str| {
        let _ = writeln!(out, ".SH {}", lang.pick(zh, en));
    };
    // Words of both languages stretched to the margin are hard to read.
    out.push_str(".ad l\n.nh\n");
    head(&mut out, "名称", "NAME");
    out.push_str(&line(lang.pick(
        "hegui - 按规划和法律的规则核查项目申报，说明理由",
        "hegui - judge project submissions by rules of a plan and the law, and show the reasons",
    )));
    head(&mut out, "用法", "SYNOPSIS");
    for spec in SPECS {
        let _ = writeln!(out, ".B {}\n.br", escaped(spec.usage));
    }
    head(&mut out, "说明", "DESCRIPTION");
    out.push_str(&line(lang.pick(DISCLAIMER.0, DISCLAIMER.1)));
    head(&mut out, "命令", "COMMANDS");
    for spec in SPECS {
        let _ = writeln!(out, ".SS {}", escaped(spec.usage));
        out.push_str(&line(lang.pick(spec.about.0, spec.about.1)));
        for (name, zh, en) in spec.words {
            item(&mut out, name, lang.pick(zh, en));
        }
        for option in spec.options {
            let short = option.short();
            let short = short.map_or_else(String::new, |letter| format!("-{letter}, "));
            let name = format!("{short}--{} {}", option.long, option.value);
            item(&mut out, name.trim_end(), lang.pick(option.zh, option.en));
        }
        for (example, zh, en) in spec.examples {
            item(&mut out, &format!("$ {example}"), lang.pick(zh, en));
        }
    }
    head(&mut out, "结论", "DECISIONS");
    for decision in Decision::ALL {
        item(&mut out, decision.id(), decision.label().get(lang));
    }
    head(&mut out, "退出码（check）", "EXIT STATUS (CHECK)");
    for (code, zh, en) in EXITS {
        item(&mut out, code, lang.pick(zh, en));
    }
    out
}

fn item(out: &mut String, name: &str, text: &str) {
    let _ = write!(out, ".TP\n.B {}\n{}", escaped(name), line(text));
}

/// A line of text, which begins no request.
fn line(text: &str) -> String {
    format!("\\&{}\n", escaped(text))
}

/// A text as roff shows it as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' => out.push_str("\\e"),
            '-' => out.push_str("\\-"),
            c => out.push(c),
        }
        // roff breaks lines at spaces, and Chinese has none.
        let next = characters.peek();
        if is_wide(c) && next.is_some_and(|next| next.is_alphanumeric()) {
            out.push_str("\\:");
        }
    }
    out
}

/// True for what stands in a line of Chinese without spaces.
fn is_wide(c: char) -> bool {
    ('\u{3000}'..='\u{9FFF}').contains(&c) && !"（《“「".contains(c) || "，；：）".contains(c)
}
