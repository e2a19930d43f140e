//! Whether the area that a parcel's line states is the one that its points enclose.
//!
//! It remarks and does not judge: a project's declared area is compared by a rule, with the figures of its pack.

use crate::base::problem::Problem;
use crate::model::shape::Shape;
use crate::overlay::formats::boundary::declared_area;
use crate::text;

/// Two areas may differ by rounding and by the plane or ellipsoid they were computed on: by 0.01 ha or by 0.5 %. No
/// standard was found; these are the figures with which the national pack compares declared areas.
const TOLERANCE_M2: f64 = 100.0;
/// The share of the stated area.
const SHARE: f64 = 0.005;

/// What is wrong with the area that a parcel states, if it states one, beside the area in m² that was measured.
pub fn area_problem(shape: &Shape, measured: f64) -> Option<Problem> {
    let stated = declared_area(shape).filter(|stated| *stated > 0.0)?;
    if (stated - measured).abs() <= TOLERANCE_M2.max(stated * SHARE) {
        return None;
    }
    let number = shape.number;
    let (own, found) = (format!("{stated:.2}"), format!("{measured:.2}"));
    let problem = Problem::warning(
        "hegui::boundary::area",
        shape.place,
        text!(
            "第 {number} 个地块写明面积合 {own} m²，界址点量得 {found} m²",
            "parcel {number} states an area of {own} m², and its points enclose {found} m²"
        ),
    );
    Some(problem.help(text!(
        "请核对面积及其单位（默认公顷）和界址点；以界址点量算为准",
        "check the area, its unit (hectares unless named) and the points; what the points enclose is used"
    )))
}
