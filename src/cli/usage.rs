//! Why a command line was not taken: help was asked for, or a mistake, in our words and both languages.
//!
//! clap finds the mistakes; its English text goes into the advice.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::text;

/// Why nothing runs.
#[derive(Debug)]
pub(super) enum Stop {
    /// This help, or the version, was asked for.
    Help(String),
    /// The command line is wrong.
    Wrong(Problem),
}

/// A mistake on the command line.
pub(super) fn wrong(message: Text, help: Option<Text>) -> Problem {
    Problem::error("hegui::cli::usage", Place::Nowhere, message).maybe_help(help)
}

/// A mistake that clap found, reworded from its kind.
pub(super) fn reworded(error: &clap::Error) -> Problem {
    let context = |kind: ContextKind| error.get(kind).map(shown).unwrap_or_default();
    let arg = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => text!("没有选项 `{arg}`", "there is no option `{arg}`"),
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand);
            text!("没有命令 `{name}`", "there is no command `{name}`")
        }
        ErrorKind::InvalidValue if value.is_empty() => text!(
            "选项 `{arg}` 后面缺少值",
            "the option `{arg}` needs a value"
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => text!(
            "`{value}` 不能用作 `{arg}` 的值",
            "`{value}` is not a value of `{arg}`"
        ),
        ErrorKind::MissingRequiredArgument => text!("缺少 `{arg}`", "`{arg}` is missing"),
        ErrorKind::MissingSubcommand => text!("缺少命令", "a command is missing"),
        ErrorKind::ArgumentConflict => text!(
            "`{arg}` 重复，或不能与其他选项同时使用",
            "`{arg}` is given twice, or does not go with another option"
        ),
        ErrorKind::TooManyValues => text!("多出了 `{value}`", "`{value}` is one too many"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => text!(
            "`{arg}` 的值个数不对",
            "`{arg}` has a wrong number of values"
        ),
        ErrorKind::NoEquals => text!("`{arg}` 后面缺少等号", "`{arg}` needs an equals sign"),
        ErrorKind::InvalidUtf8 => text!("参数不是 UTF-8 文本", "an argument is not UTF-8 text"),
        _ => text!("命令写法有误", "the command line is not understood"),
    };
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let near: Vec<String> = near
        .into_iter()
        .map(context)
        .filter(|s| !s.is_empty())
        .collect();
    let valid = context(ContextKind::ValidValue);
    let original = error.to_string();
    let original = original
        .lines()
        .next()
        .unwrap_or("")
        .trim_start_matches("error: ");
    let help = if let Some(near) = near.first() {
        text!(
            "是不是想写 `{near}`？（原文：{original}）",
            "did you mean `{near}`? (the parser said: {original})"
        )
    } else if !valid.is_empty() {
        text!(
            "可用：{valid}（原文：{original}）",
            "known: {valid} (the parser said: {original})"
        )
    } else {
        text!(
            "写法见 hegui --help（原文：{original}）",
            "see hegui --help (the parser said: {original})"
        )
    };
    wrong(message, Some(help))
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join("、"),
        ContextValue::Number(number) => number.to_string(),
        ContextValue::Bool(flag) => flag.to_string(),
        _ => String::new(),
    }
}
