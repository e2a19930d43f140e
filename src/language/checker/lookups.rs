//! Table look-ups in expressions: the table, its output, and the record it is asked for.

use crate::base::source::Span;
use crate::base::suggest::nearest;
use crate::language::ast::{Expr, Kind};
use crate::language::checker::{Checker, NumType, Typed};
use crate::language::ir::{AtomKind, BoolKind, Lookup, NumKind};
use crate::language::types::Type;
use crate::model::field::FieldId;
use crate::model::table::OutputType;
use crate::text;

impl Checker<'_> {
    pub(super) fn look_up(
        &mut self,
        span: Span,
        table: (&str, Span),
        output: (&str, Span),
        record: Option<&Expr>,
    ) -> Option<Typed> {
        let (id, id_span) = table;
        let Some(index) = self.library.table(id) else {
            let near = nearest(id, self.library.tables.iter().map(|t| t.id.as_str()));
            let help = near.map(|near| text!("是不是想写 '{near}'？", "did you mean '{near}'?"));
            self.report(
                "hegui::language::unknown_table",
                id_span,
                text!("没有名录或决策表 `{id}`", "there is no table `{id}`"),
                help,
            );
            return None;
        };
        let table = self.library.tables.get(usize::from(index))?;
        let Some(column) = table.output(output.0) else {
            let near = nearest(output.0, table.outputs.iter().map(|o| o.column.as_str()));
            let help = near.map(|near| text!("是不是想写 '{near}'？", "did you mean '{near}'?"));
            self.report(
                "hegui::language::unknown_output",
                output.1,
                text!(
                    "表 `{id}` 没有输出列 `{}`",
                    "table `{id}` has no output `{}`",
                    output.0
                ),
                help,
            );
            return None;
        };
        self.check_record(span, table, record)?;
        self.tables.push(index);
        for key in &table.keys {
            self.fields.push(key.field);
        }
        let lookup = Lookup {
            table: index,
            output: column,
        };
        let kind = &table.outputs.get(column)?.kind;
        Some(match kind {
            OutputType::Bool => self.bool(span, BoolKind::Lookup(lookup)),
            OutputType::Text => self.atom(span, AtomKind::Lookup(lookup), Type::Text),
            OutputType::Enum(id) => self.atom(span, AtomKind::Lookup(lookup), Type::Enum(*id)),
            OutputType::Code(list) => self.atom(span, AtomKind::Lookup(lookup), Type::Code(*list)),
            OutputType::Number(measure) => {
                let t = NumType {
                    dimension: measure.unit.dimension,
                    per: measure.per,
                    measure: measure.clone(),
                    literal: false,
                    zero: false,
                };
                self.number(span, NumKind::Lookup(lookup), t)
            }
        })
    }

    /// A table with columns of list members takes a record of that list, and only such a table does.
    pub(super) fn check_record(
        &mut self,
        span: Span,
        table: &crate::model::table::Table,
        record: Option<&Expr>,
    ) -> Option<()> {
        let list = table.record_list(self.vocabulary());
        let given = record.map(|record| match (&record.kind, &self.variable) {
            (Kind::Path(names), Some((variable, list)))
                if names.len() == 1 && names.first().is_some_and(|(n, _)| n == variable) =>
            {
                Some(*list)
            }
            _ => None,
        });
        let path = |list: FieldId| self.vocabulary().path(list).to_owned();
        match (list, given) {
            (None, None) => Some(()),
            (Some(list), Some(Some(given))) if list == given => Some(()),
            (None, Some(_)) => {
                self.mismatch(
                    span,
                    text!(
                        "这张表不按记录查询，不需要第三个参数",
                        "this table has no columns of records; drop the third argument"
                    ),
                    None,
                );
                None
            }
            (Some(list), _) => {
                let list = path(list);
                self.mismatch(
                    span,
                    text!(
                        "这张表按 `{list}` 的记录查询，第三个参数应是其中一条记录",
                        "this table is looked up with a record of `{list}` as third argument"
                    ),
                    Some(text!(
                        "例如 {list}.exists(x, lookup('…', '…', x))",
                        "for example {list}.exists(x, lookup('…', '…', x))"
                    )),
                );
                None
            }
        }
    }
}
