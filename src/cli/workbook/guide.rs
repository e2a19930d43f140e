//! What a template says about filling it in.

use crate::base::text::Lang;

/// The words of a template's first sheet.
#[derive(Clone, Debug)]
pub(super) struct Guide {
    pub(super) title: &'static str,
    pub(super) lines: &'static [&'static str],
}

/// How a submission is filled in.
pub(super) fn submission(lang: Lang) -> Guide {
    match lang {
        Lang::Zh => Guide {
            title: "项目申报表",
            lines: &[
                "1. “项目表”每个项目一行；产品、锅炉、材料等清单每项一行，在“所属项目”填写项目编号、名称或代码。",
                "2. 标题中的单位可以改，也可以在单元格里写单位：12.6 公顷、1,200 亩、1.2 亿元；范围写作 800–900 万m³。",
                "3. 没有填的就是“未知”，不会当作“没有”。没有的请填 0、否或“无”，不要画线。",
                "4. 一组确实填全后，在该组最后的“填报完整”填“是”：未填的才按零、否、空处理。",
                "5. 清单没有的，在项目表的“清单（有、无）”填“无”；有的填“有”，并在对应工作表逐项列全。",
                "6. 日期写作 2025-03-01 或 2025年3月1日；尚未办理的手续不写日期。",
                "7. 文号、项目代码等长数字请保持“文本”格式，否则表格会丢失末尾数字。",
                "8. 可以删列、调整顺序、增加标题行或“备注”列；公式请保存计算结果。",
                "9. 只填申请人掌握的事项；政府部门掌握的数据（如套合面积、分区）不向申请人要，由办理机关填写 office.xlsx。",
                "填好后核查：hegui check 本文件。核查意见仅供内部审查参考，不作为审批文件。",
            ],
        },
        Lang::En => Guide {
            title: "Submission of projects",
            lines: &[
                "1. The sheet `projects` has a row for each project; lists such as products or boilers have a row for each item, whose column `project` gives the project's id, name or code.",
                "2. Units in headings may be changed, and a cell may have its own: 12.6 公顷, 1,200 亩, 1.2 亿元; a range is written 800–900 万m³.",
                "3. What is left empty is not known; it never counts as none. Write 0, no or none if there is nothing, and draw no strokes.",
                "4. Write yes in a group's last column, `complete`, once the group is filled in: only then does what is empty count as zero, no or none.",
                "5. If a list has no items, write no under `lists (yes, no)`; otherwise write yes and list every item in its sheet.",
                "6. Days are written 2025-03-01; a procedure that has not happened has no day.",
                "7. Keep long numbers such as document numbers in the format Text, or the sheet loses their last digits.",
                "8. Columns may be deleted or moved, and title rows or a column `remarks` added; formulas need stored results.",
                "9. State only what the applicant knows. What departments hold is not asked of applicants; the office notes it in office.xlsx.",
                "Then run: hegui check FILE. The result is for internal reference and is no approval document.",
            ],
        },
    }
}

/// How replies are filled in.
pub(super) fn replies(lang: Lang) -> Guide {
    match lang {
        Lang::Zh => Guide {
            title: "部门答复表（由办理机关填写）",
            lines: &[
                "1. 文件名保持 office.xlsx（或“部门答复.xlsx”），与申报文件放在同一文件夹；申请人自己写的同类数据只作参考。",
                "2. 每个提供部门一张工作表，每件答复一行：写明所属项目、答复部门、文号和日期，缺一项即不算数。",
                "3. 只填答复中写明的字段；没有答复的留空。没有的填 0、否或“无”。",
                "4. 清单类字段没有的，在部门工作表填“无”；有的填“有”，并在清单工作表逐项填写，同样写明部门、文号和日期。",
            ],
        },
        Lang::En => Guide {
            title: "Replies of departments (filled in by the office)",
            lines: &[
                "1. Keep the name office.xlsx and put the file beside the submission; the same figures in the applicant's own file are only claims.",
                "2. Each provider has a sheet, and each reply a row with project, department, number and day; without one of them a reply confirms nothing.",
                "3. Fill in only what the reply states, and leave the rest empty. Write 0, no or none if there is nothing.",
                "4. If a list has no items, write none in the provider's sheet; otherwise write yes and list them in the list's sheet, again with department, number and day.",
            ],
        },
    }
}
