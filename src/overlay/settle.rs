//! Which coordinate system coordinates are in: what was said of them, held against what they look like.
//!
//! It never guesses: coordinates without a word about their system, or that do not fit what was said,
//! are a problem that proposes the words to write.

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::model::shape::{System, ZoneWidth};
use crate::overlay::bounds::{Bounds, Look};
use crate::overlay::claim::{Claim, Says, code_of, width_of};
use crate::overlay::projection::{meridian_of, zone_of};
use crate::text;

/// What to write beside the file, or to change in it, so that coordinates are read as they look.
fn proposal(look: Look) -> Option<Text> {
    match look {
        Look::Degrees => Some(say(System::Cgcs2000)),
        Look::Plane(Some(zone)) => in_zone(zone).map(say),
        Look::Plane(None) => Some(text!(
            "坐标本身不含投影带，请写明中央经线：如中央经线 87°、3度带，写 `crs = \"EPSG:4538\"`",
            "the coordinates do not tell their zone; say which central meridian, such as `crs = \"EPSG:4538\"` for 87°E in three-degree zones"
        )),
        Look::DegreesSwapped => Some(text!(
            "请改为经度在前、纬度在后",
            "put the longitude first and the latitude second"
        )),
        Look::PlaneSwapped(_) => Some(text!(
            "请对调两列坐标：拐点坐标 TXT 为北坐标（X）在前，其他格式为东坐标在前",
            "swap the two columns: the boundary text has the northing (X) first, every other format the easting"
        )),
        Look::DegreesAbroad | Look::Strange => None,
    }
}

/// How to say that coordinates are in a system.
fn say(system: System) -> Text {
    let (name, words) = (name(system), said_as(system));
    Text::new(
        format!("如确为{}，请写明 `crs = \"{words}\"`", name.zh),
        format!("if they are in {}, say `crs = \"{words}\"`", name.en),
    )
}

/// The plane whose eastings carry the number of a zone.
fn in_zone(zone: u16) -> Option<System> {
    let width = width_of(zone)?;
    Some(System::GaussKruger {
        width,
        meridian: meridian_of(width, zone),
        prefixed: true,
    })
}

/// The name of a system, as a report shows it.
pub fn name(system: System) -> Text {
    let bare = match system {
        System::Cgcs2000 => text!(
            "2000国家大地坐标系经纬度",
            "CGCS2000 longitude and latitude"
        ),
        System::Wgs84 => text!("WGS 84 经纬度", "WGS 84 longitude and latitude"),
        System::GaussKruger {
            width,
            meridian,
            prefixed,
        } => {
            let degrees = degrees(width);
            let zone = zone_of(width, meridian);
            if prefixed {
                text!(
                    "2000国家大地坐标系 {degrees}度带 第{zone}带",
                    "CGCS2000 {degrees}-degree Gauss-Kruger zone {zone}"
                )
            } else {
                text!(
                    "2000国家大地坐标系 {degrees}度带 中央经线{meridian}°（东坐标不带带号）",
                    "CGCS2000 {degrees}-degree Gauss-Kruger CM {meridian}E"
                )
            }
        }
    };
    match code_of(system) {
        Some(code) => Text::new(
            format!("{}（EPSG:{code}）", bare.zh),
            format!("{} (EPSG:{code})", bare.en),
        ),
        None => bare,
    }
}

/// The words that say a system: its code, or its name where it has none.
fn said_as(system: System) -> String {
    code_of(system).map_or_else(|| name(system).zh, |code| format!("EPSG:{code}"))
}

fn degrees(width: ZoneWidth) -> u16 {
    match width {
        ZoneWidth::Three => 3,
        ZoneWidth::Six => 6,
    }
}

/// A coordinate system that was settled.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// The system.
    pub system: System,
    /// What was assumed, to be shown beside the result.
    pub notes: Vec<Text>,
    /// What does not agree, though the system is settled.
    pub warnings: Vec<Problem>,
}

/// Settles the system of coordinates within `bounds`, by what was stated beside the file or else by its own words.
///
/// `file` is the name of the file as shown to people; `place` is where the file is named, for problems about
/// words that stand nowhere.
pub fn settle(
    file: &str,
    stated: Option<&Claim>,
    declared: Option<&Claim>,
    bounds: Bounds,
    place: Place,
) -> Result<Settled, Problem> {
    let case = Case {
        file,
        stated: stated.is_some(),
        bounds,
        look: Look::of(bounds),
        place,
    };
    let Some(claim) = stated.or(declared) else {
        return Err(case.missing());
    };
    let mut settled = case.by(claim)?;
    if let (Some(stated), Some(declared)) = (stated, declared)
        && !declared.by_format
        && case.by(declared).map(|own| own.system) != Ok(settled.system)
    {
        let (own, said) = (&declared.words, &stated.words);
        settled.warnings.push(
            Problem::warning(
                "hegui::crs::contradicted",
                case.at(stated),
                text!(
                    "`{file}` 自述坐标系为 `{own}`，与写明的 `{said}` 不一致，已按 `{said}` 读取",
                    "`{file}` says its coordinate system is `{own}`; it was read as `{said}`, as stated"
                ),
            )
            .help(text!(
                "请核对坐标系；如写明的有误，请删去 `crs`",
                "check which is right; remove `crs` if it is not"
            )),
        );
    }
    Ok(settled)
}

/// The coordinates at hand.
struct Case<'a> {
    file: &'a str,
    stated: bool,
    bounds: Bounds,
    look: Look,
    place: Place,
}

impl Case<'_> {
    fn at(&self, claim: &Claim) -> Place {
        match claim.place {
            Place::Nowhere => self.place,
            place @ (Place::Span(..) | Place::Cell(..)) => place,
        }
    }

    fn by(&self, claim: &Claim) -> Result<Settled, Problem> {
        let settled = |system| {
            Ok(Settled {
                system,
                notes: Vec::new(),
                warnings: Vec::new(),
            })
        };
        let no_zone = Says::Plane {
            width: None,
            meridian: None,
            prefixed: None,
        };
        match (claim.says, self.look) {
            (Says::Old | Says::Shifted | Says::Other, _) => Err(self.refused(claim)),
            (Says::Cgcs2000 | Says::Degrees, Look::Degrees) => settled(System::Cgcs2000),
            (Says::Wgs84, Look::Degrees) => Ok(Settled {
                system: System::Wgs84,
                notes: vec![wgs84()],
                warnings: Vec::new(),
            }),
            (Says::Cgcs2000 | Says::Degrees | Says::Wgs84, Look::DegreesAbroad) => {
                self.abroad(claim)
            }
            (Says::Cgcs2000, Look::Plane(_)) => self.plane(claim, no_zone),
            (Says::Plane { .. }, Look::Plane(_)) => self.plane(claim, claim.says),
            _ => Err(self.mismatch(claim)),
        }
    }

    /// A plane, as far as it was stated, held against the zone number in the eastings.
    fn plane(&self, claim: &Claim, says: Says) -> Result<Settled, Problem> {
        let (
            Says::Plane {
                width,
                meridian,
                prefixed,
            },
            Look::Plane(seen),
        ) = (says, self.look)
        else {
            return Err(self.mismatch(claim));
        };
        let system = match seen {
            Some(zone) => {
                let own = in_zone(zone);
                let Some(System::GaussKruger {
                    width: own_width,
                    meridian: own_meridian,
                    ..
                }) = own
                else {
                    return Err(self.mismatch(claim));
                };
                if prefixed == Some(false) {
                    return Err(self.mismatch(claim));
                }
                if meridian.is_some_and(|meridian| meridian != own_meridian)
                    || width.is_some_and(|width| width != own_width)
                {
                    return Err(self.other_zone(claim, zone));
                }
                own
            }
            None if prefixed == Some(true) => return Err(self.mismatch(claim)),
            None => meridian.map(|meridian| System::GaussKruger {
                width: width.unwrap_or(ZoneWidth::Three),
                meridian,
                prefixed: false,
            }),
        };
        match system {
            Some(system) => Ok(Settled {
                system,
                notes: Vec::new(),
                warnings: Vec::new(),
            }),
            None => Err(self.no_meridian(claim)),
        }
    }

    fn abroad(&self, claim: &Claim) -> Result<Settled, Problem> {
        let note = text!(
            "坐标不在中国范围内（{}）",
            "the coordinates lie outside China ({})",
            self.span()
        );
        if !self.stated {
            let (file, words) = (self.file, &claim.words);
            return Err(Problem::error(
                "hegui::crs::abroad",
                self.at(claim),
                text!(
                    "`{file}` 的坐标系为 `{words}`，但坐标 {} 不在中国范围内",
                    "`{file}` is in `{words}`, but its coordinates {} lie outside China",
                    self.span()
                ),
            )
            .help(text!(
                "如坐标无误，请写明 `crs = \"EPSG:4490\"`；否则请核对坐标",
                "say `crs = \"EPSG:4490\"` if they are right; otherwise check them"
            )));
        }
        let (system, notes) = if claim.says == Says::Wgs84 {
            (System::Wgs84, vec![wgs84(), note])
        } else {
            (System::Cgcs2000, vec![note])
        };
        Ok(Settled {
            system,
            notes,
            warnings: Vec::new(),
        })
    }

    /// The corner coordinates, as digits.
    fn span(&self) -> String {
        let Bounds { low, high } = self.bounds;
        let digits = if high.x.abs().max(high.y.abs()) > 360.0 {
            0
        } else {
            4
        };
        format!(
            "({:.digits$}, {:.digits$})–({:.digits$}, {:.digits$})",
            low.x, low.y, high.x, high.y
        )
    }

    fn missing(&self) -> Problem {
        let file = self.file;
        let look = self.look.words();
        Problem::error(
            "hegui::crs::missing",
            self.place,
            Text::new(
                format!(
                    "`{file}` 未说明坐标系；坐标 {} 像是{}",
                    self.span(),
                    look.zh
                ),
                format!(
                    "`{file}` does not say its coordinate system; {} look like {}",
                    self.span(),
                    look.en
                ),
            ),
        )
        .maybe_help(proposal(self.look))
    }

    fn mismatch(&self, claim: &Claim) -> Problem {
        let (file, words) = (self.file, &claim.words);
        let look = self.look.words();
        let code = match self.look {
            Look::DegreesSwapped | Look::PlaneSwapped(_) => "hegui::crs::swapped",
            _ => "hegui::crs::mismatch",
        };
        Problem::error(
            code,
            self.at(claim),
            Text::new(
                format!(
                    "`{file}` 的坐标系为 `{words}`，但坐标 {} 像是{}",
                    self.span(),
                    look.zh
                ),
                format!(
                    "`{file}` is in `{words}`, but its coordinates {} look like {}",
                    self.span(),
                    look.en
                ),
            ),
        )
        .maybe_help(self.other_prefix(claim).or_else(|| proposal(self.look)))
    }

    /// The same plane with the zone number in the eastings or without, where that is all that differs.
    fn other_prefix(&self, claim: &Claim) -> Option<Text> {
        let Says::Plane {
            width,
            meridian: Some(meridian),
            prefixed: Some(prefixed),
        } = claim.says
        else {
            return None;
        };
        let width = width.unwrap_or(ZoneWidth::Three);
        let Look::Plane(zone) = self.look else {
            return None;
        };
        let same = zone.is_none_or(|zone| zone == zone_of(width, meridian));
        if !same || prefixed == zone.is_some() {
            return None;
        }
        Some(say(System::GaussKruger {
            width,
            meridian,
            prefixed: !prefixed,
        }))
    }

    fn other_zone(&self, claim: &Claim, zone: u16) -> Problem {
        let (file, words) = (self.file, &claim.words);
        Problem::error(
            "hegui::crs::zone",
            self.at(claim),
            text!(
                "`{file}` 的坐标系为 `{words}`，但东坐标的带号是 {zone}",
                "`{file}` is in `{words}`, but its eastings carry the zone number {zone}"
            ),
        )
        .maybe_help(proposal(self.look))
    }

    fn no_meridian(&self, claim: &Claim) -> Problem {
        let (file, words) = (self.file, &claim.words);
        Problem::error(
            "hegui::crs::meridian",
            self.at(claim),
            text!(
                "`{file}` 的坐标系为 `{words}`，未说明投影带或中央经线，东坐标也不带带号",
                "`{file}` is in `{words}`, without a zone or central meridian, and its eastings carry no zone number"
            ),
        )
        .maybe_help(proposal(self.look))
    }

    fn refused(&self, claim: &Claim) -> Problem {
        let (file, words) = (self.file, &claim.words);
        match claim.says {
            Says::Old => Problem::error(
                "hegui::crs::old_datum",
                self.at(claim),
                text!(
                    "`{file}` 的坐标系为 `{words}`，不能直接量算：转换到2000国家大地坐标系所需的七参数不公开",
                    "`{file}` is in `{words}` and cannot be measured: the seven parameters that lead to CGCS2000 are not public"
                ),
            )
            .help(text!(
                "请由测绘主管部门或测绘单位转换为2000国家大地坐标系后再提交",
                "have the surveying authority convert it to CGCS2000"
            )),
            Says::Shifted => Problem::error(
                "hegui::crs::shifted",
                self.at(claim),
                text!(
                    "`{file}` 的坐标系为 `{words}`，是互联网地图的偏移坐标，不能用于量算",
                    "`{file}` is in `{words}`, the shifted coordinates of web maps, and cannot be measured"
                ),
            )
            .help(text!(
                "请使用测绘成果的2000国家大地坐标系坐标",
                "use surveyed coordinates in CGCS2000"
            )),
            _ => Problem::error(
                "hegui::crs::unknown",
                self.at(claim),
                text!(
                    "`{file}` 的坐标系 `{words}` 不在可量算的坐标系之列",
                    "`{file}` is in `{words}`, which is not a coordinate system that hegui measures in"
                ),
            )
            .help(text!(
                "可用：EPSG:4490、EPSG:4326、EPSG:4491–4554（2000国家大地坐标系及其高斯-克吕格投影）",
                "these are: EPSG:4490, EPSG:4326, EPSG:4491–4554 (CGCS2000 and its Gauss-Kruger planes)"
            )),
        }
    }
}

fn wgs84() -> Text {
    text!(
        "WGS 84 坐标按2000国家大地坐标系读取（两者相差一般不足 1 米）",
        "WGS 84 coordinates are read as CGCS2000 (the two differ by less than a metre as a rule)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::shape::Point;

    const FILE: &str = "parcel.txt";

    fn square(x: f64, y: f64, side: f64) -> Bounds {
        Bounds {
            low: Point { x, y },
            high: Point {
                x: x + side,
                y: y + side,
            },
        }
    }

    /// The system, or the last part of the problem's code and its help.
    fn outcome(stated: &str, declared: &str, bounds: Bounds) -> Result<u32, (String, String)> {
        let claim = |words: &str| (!words.is_empty()).then(|| Claim::named(words, Place::Nowhere));
        let (stated, declared) = (claim(stated), claim(declared));
        settle(
            FILE,
            stated.as_ref(),
            declared.as_ref(),
            bounds,
            Place::Nowhere,
        )
        .map(|settled| code_of(settled.system).unwrap_or(0))
        .map_err(|problem| {
            let code = problem.code.rsplit("::").next().unwrap_or("").to_owned();
            (code, problem.help.map_or(String::new(), |help| help.en))
        })
    }

    #[track_caller]
    fn refused(stated: &str, declared: &str, bounds: Bounds, code: &str, help: &str) {
        let (found, advice) = outcome(stated, declared, bounds).unwrap_err();
        assert_eq!(found, code);
        assert!(advice.contains(help), "{advice}");
    }

    #[test]
    fn what_is_said_and_seen_settles_the_system() {
        let degrees = square(87.6, 43.9, 0.01);
        let prefixed = square(29_548_204.0, 4_862_886.0, 100.0);
        let bare = square(548_204.0, 4_862_886.0, 100.0);
        assert_eq!(outcome("", "EPSG:4490", degrees), Ok(4490));
        assert_eq!(outcome("", "WGS84", degrees), Ok(4326));
        assert_eq!(outcome("", "2000国家大地坐标系", degrees), Ok(4490));
        assert_eq!(outcome("", "2000国家大地坐标系", prefixed), Ok(4517));
        assert_eq!(
            outcome("", "2000国家大地坐标系 3度带 29", prefixed),
            Ok(4517)
        );
        assert_eq!(outcome("", "2000国家大地坐标系 3度带 29", bare), Ok(4538));
        assert_eq!(outcome("EPSG:4538", "", bare), Ok(4538));
        assert_eq!(outcome("EPSG:4517", "EPSG:4490", prefixed), Ok(4517));
    }

    #[test]
    fn doubt_is_a_problem_with_a_proposal() {
        let degrees = square(87.6, 43.9, 0.01);
        let prefixed = square(29_548_204.0, 4_862_886.0, 100.0);
        let bare = square(548_204.0, 4_862_886.0, 100.0);
        refused("", "", prefixed, "missing", "EPSG:4517");
        refused("", "", degrees, "missing", "EPSG:4490");
        refused("", "", bare, "missing", "EPSG:4538");
        refused("", "EPSG:4490", prefixed, "mismatch", "EPSG:4517");
        refused("", "EPSG:4517", bare, "mismatch", "EPSG:4538");
        refused("", "EPSG:4538", prefixed, "mismatch", "EPSG:4517");
        refused(
            "",
            "EPSG:4517",
            square(30_548_204.0, 4_862_886.0, 9.0),
            "zone",
            "EPSG:4518",
        );
        refused(
            "",
            "2000国家大地坐标系 6度带 15",
            prefixed,
            "zone",
            "EPSG:4517",
        );
        refused("", "2000国家大地坐标系", bare, "meridian", "EPSG:4538");
        refused(
            "",
            "EPSG:4517",
            square(4_862_886.0, 29_548_204.0, 9.0),
            "swapped",
            "swap",
        );
        refused(
            "",
            "EPSG:4490",
            square(43.9, 87.6, 0.01),
            "swapped",
            "longitude first",
        );
        refused(
            "",
            "EPSG:4490",
            square(-1.0, 0.0, 0.01),
            "abroad",
            "EPSG:4490",
        );
        refused("EPSG:4517", "", degrees, "mismatch", "EPSG:4490");
        refused("", "1980西安坐标系", prefixed, "old_datum", "CGCS2000");
        refused("GCJ-02", "", degrees, "shifted", "surveyed");
        refused("", "EPSG:3857", prefixed, "unknown", "EPSG:4490");
        let torn = Bounds {
            low: Point::default(),
            high: Point {
                x: 29_548_204.0,
                y: 4_862_886.0,
            },
        };
        refused("", "EPSG:4517", torn, "mismatch", "");
    }

    #[test]
    fn a_file_that_says_otherwise_is_read_as_stated_with_a_warning() {
        let stated = Claim::named("EPSG:4517", Place::Nowhere);
        let declared = Claim::named("1980西安坐标系", Place::Nowhere);
        let prefixed = square(29_548_204.0, 4_862_886.0, 100.0);
        let settled = |declared| {
            settle(
                FILE,
                Some(&stated),
                Some(declared),
                prefixed,
                Place::Nowhere,
            )
            .unwrap()
        };
        assert_eq!(settled(&declared).warnings.len(), 1);
        let same = Claim::named("2000国家大地坐标系 3度带 29", Place::Nowhere);
        assert!(settled(&same).warnings.is_empty());
    }
}
