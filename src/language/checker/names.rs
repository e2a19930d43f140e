//! Names in expressions: fields, members of records, parameters.

use crate::base::source::Span;
use crate::base::suggest::nearest;
use crate::base::text::Text;
use crate::language::checker::{Checker, NumType, Typed};
use crate::language::ir::{AtomKind, BoolKind, Get, ListKind, Node, NumKind};
use crate::language::types::Type;
use crate::model::field::{Field, FieldId, FieldType, Slot};
use crate::model::quantity::Measure;
use crate::text;

impl Checker<'_> {
    pub(super) fn path(&mut self, span: Span, names: &[(String, Span)]) -> Option<Typed> {
        let texts: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        if texts == ["as_of"] {
            return Some(self.atom(span, AtomKind::AsOf, Type::Date));
        }
        if let ["param", rest @ ..] = texts.as_slice() {
            return self.parameter(span, &rest.join("."));
        }
        if let (Some((variable, list)), Some(first)) = (self.variable.clone(), texts.first())
            && *first == variable
        {
            let member = texts.get(1..).unwrap_or(&[]).join(".");
            return self.member_field(span, list, &member);
        }
        let path = texts.join(".");
        let Some(field) = self.vocabulary().by_path(&path) else {
            return self.unknown_field(span, &path);
        };
        if let Slot::Member(list, _) = field.slot {
            let list = self.vocabulary().path(list);
            self.mismatch(
                span,
                text!(
                    "`{path}` 是列表 `{list}` 的成员，不能直接读取",
                    "`{path}` is a member of the list `{list}`"
                ),
                Some(text!(
                    "请写 {list}.all(x, …) 或 {list}.exists(x, …)",
                    "write {list}.all(x, …) or {list}.exists(x, …)"
                )),
            );
            return None;
        }
        Some(self.field(span, field))
    }

    pub(super) fn unknown_field(&mut self, span: Span, path: &str) -> Option<Typed> {
        let by_label = self.vocabulary().fields().iter().find(|f| {
            f.label.zh == path || f.label.en == path || f.aliases.iter().any(|a| a == path)
        });
        let near = by_label.map(|f| f.path.as_str()).or_else(|| {
            nearest(
                path,
                self.vocabulary().fields().iter().map(|f| f.path.as_str()),
            )
        });
        let help = near.map(|near| text!("是不是想写 `{near}`？", "did you mean `{near}`?"));
        self.report(
            "hegui::language::unknown_field",
            span,
            text!("字段表中没有 `{path}`", "there is no field `{path}`"),
            help,
        );
        None
    }

    pub(super) fn member_field(
        &mut self,
        span: Span,
        list: FieldId,
        member: &str,
    ) -> Option<Typed> {
        let list_path = self.vocabulary().path(list).to_owned();
        if member.is_empty() {
            self.mismatch(
                span,
                text!(
                    "这里要写记录的一个成员，例如 x.{}",
                    "name a member of the record, such as x.{}",
                    self.first_member(list)
                ),
                None,
            );
            return None;
        }
        if let Some(field) = self.vocabulary().by_path(&format!("{list_path}.{member}")) {
            return Some(self.field(span, field));
        }
        let members = self
            .vocabulary()
            .members(list)
            .iter()
            .filter_map(|id| self.vocabulary().field(*id));
        let names: Vec<&str> = members.filter_map(|f| f.path.rsplit('.').next()).collect();
        let help = match nearest(member, names.iter().copied()) {
            Some(near) => text!("是不是想写 `{near}`？", "did you mean `{near}`?"),
            None => Text::new(
                format!("可用成员：{}", names.join("、")),
                format!("members: {}", names.join(", ")),
            ),
        };
        self.report(
            "hegui::language::unknown_field",
            span,
            text!(
                "列表 `{list_path}` 没有成员 `{member}`",
                "records of `{list_path}` have no member `{member}`"
            ),
            Some(help),
        );
        None
    }

    pub(super) fn first_member(&self, list: FieldId) -> String {
        let first = self.vocabulary().members(list).first();
        first
            .and_then(|id| self.vocabulary().path(*id).rsplit('.').next())
            .unwrap_or("…")
            .to_owned()
    }

    pub(super) fn get(&mut self, field: &Field) -> Get {
        self.fields.push(field.id);
        match field.slot {
            Slot::Member(_, index) => Get::Member(index, field.id),
            Slot::Project(slot) if field.derived => Get::Derived(slot, field.id),
            Slot::Project(slot) => Get::Project(slot, field.id),
        }
    }

    pub(super) fn field(&mut self, span: Span, field: &Field) -> Typed {
        let get = self.get(field);
        match field.kind {
            FieldType::Bool => self.bool(span, BoolKind::Field(get)),
            FieldType::Number => {
                let t = NumType {
                    dimension: field.measure.unit.dimension,
                    per: field.measure.per,
                    measure: field.measure.clone(),
                    literal: false,
                    zero: false,
                };
                self.number(span, NumKind::Field(get), t)
            }
            FieldType::Text => self.atom(span, AtomKind::Field(get), Type::Text),
            FieldType::Enum(id) => self.atom(span, AtomKind::Field(get), Type::Enum(id)),
            FieldType::Date => self.atom(span, AtomKind::Field(get), Type::Date),
            FieldType::Code(list) => self.atom(span, AtomKind::Field(get), Type::Code(list)),
            FieldType::Texts => Typed::Plain(get, Type::Texts),
            FieldType::Codes(list) => Typed::Plain(get, Type::Codes(list)),
            FieldType::Records => {
                let slot = match field.slot {
                    Slot::Project(slot) | Slot::Member(_, slot) => slot,
                };
                let id = self.id(span, Type::Records(field.id), &Measure::NONE, false);
                Typed::Records(Node {
                    id,
                    kind: ListKind::Field(slot, field.id),
                })
            }
        }
    }

    pub(super) fn parameter(&mut self, span: Span, id: &str) -> Option<Typed> {
        let Some(index) = self.library.parameter(id) else {
            let near = nearest(id, self.library.parameters.iter().map(|p| p.id.as_str()));
            let help = near.map(|near| {
                text!(
                    "是不是想写 `param.{near}`？",
                    "did you mean `param.{near}`?"
                )
            });
            self.report(
                "hegui::language::unknown_parameter",
                span,
                text!("没有参数 `{id}`", "there is no parameter `{id}`"),
                help,
            );
            return None;
        };
        self.parameters.push(index);
        let measure = self
            .library
            .parameters
            .get(usize::from(index))
            .map_or(Measure::NONE, |p| p.measure.clone());
        let t = NumType {
            dimension: measure.unit.dimension,
            per: measure.per,
            measure,
            literal: false,
            zero: false,
        };
        Some(self.number(span, NumKind::Parameter(index), t))
    }
}
