//! The stages of handling a project, in order (办理环节).

use crate::base::text::{Text, folded};

/// Where a project stands in its handling, or by when a document must exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// 招商预研判.
    PreStudy,
    /// 立项（审批、核准、备案）; 可研 belongs here.
    Filing,
    /// 用地预审与选址.
    Siting,
    /// 用地报批、供地.
    LandApproval,
    /// 规划许可.
    PlanningPermit,
    /// 开工前.
    Construction,
    /// 投产前、验收; 排污前 belongs here.
    Operation,
    /// 在建、已建核查.
    Existing,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 8] = [
        Self::PreStudy,
        Self::Filing,
        Self::Siting,
        Self::LandApproval,
        Self::PlanningPermit,
        Self::Construction,
        Self::Operation,
        Self::Existing,
    ];

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::PreStudy => "pre-study",
            Self::Filing => "filing",
            Self::Siting => "siting",
            Self::LandApproval => "land-approval",
            Self::PlanningPermit => "planning-permit",
            Self::Construction => "construction",
            Self::Operation => "operation",
            Self::Existing => "existing",
        }
    }

    /// The name shown to people.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::PreStudy => ("招商预研判", "pre-study"),
            Self::Filing => (
                "立项（审批、核准、备案）",
                "filing or approval of the project",
            ),
            Self::Siting => ("用地预审与选址", "siting opinion"),
            Self::LandApproval => ("用地报批、供地", "land approval"),
            Self::PlanningPermit => ("规划许可", "planning permit"),
            Self::Construction => ("开工前", "before construction"),
            Self::Operation => ("投产前、验收", "before operation"),
            Self::Existing => ("在建、已建核查", "under construction or existing"),
        };
        Text::new(zh, en)
    }

    /// Spellings that people type, besides the id and the label.
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::PreStudy => &["招商预研判", "预研判", "招商"],
            Self::Filing => &["立项", "备案", "核准", "审批", "可研"],
            Self::Siting => &["用地预审与选址", "用地预审", "选址"],
            Self::LandApproval => &["用地报批", "供地", "用地报批/供地"],
            Self::PlanningPermit => &["规划许可"],
            Self::Construction => &["开工前", "开工"],
            Self::Operation => &[
                "投产前",
                "验收",
                "投产",
                "投产前/验收",
                "排污前",
                "竣工验收",
            ],
            Self::Existing => &["在建", "已建", "在建/已建核查", "在建已建核查"],
        }
    }

    /// The stage of an id, label or common spelling.
    pub fn named(text: &str) -> Option<Self> {
        // Packs write ids.
        if let Some(stage) = Self::ALL.into_iter().find(|stage| stage.id() == text) {
            return Some(stage);
        }
        // Forms write 在建/已建, 在建、已建 and 在建或已建 for one thing, in any width.
        let plain = |text: &str| -> String {
            let folded = folded(text).to_lowercase();
            folded
                .chars()
                .filter(|c| !matches!(c, '、' | '/' | '或' | ' ' | ',' | '(' | ')'))
                .collect()
        };
        let wanted = plain(text);
        let is = |stage: &Self| {
            let label = stage.label();
            let names = [stage.id(), &label.zh, &label.en];
            names
                .iter()
                .chain(stage.aliases())
                .any(|name| plain(name) == wanted)
        };
        Self::ALL.into_iter().find(is)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_found_by_id_label_and_the_words_people_use() {
        for stage in Stage::ALL {
            assert_eq!(Stage::named(stage.id()), Some(stage));
            assert_eq!(Stage::named(&stage.label().zh), Some(stage));
        }
        assert_eq!(Stage::named("备案"), Some(Stage::Filing));
        assert_eq!(Stage::named("开工"), Some(Stage::Construction));
        assert_eq!(Stage::named("later"), None);
    }
}
