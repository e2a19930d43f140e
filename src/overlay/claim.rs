//! What a file, or the words beside it, say of a coordinate system; perhaps only a part of it.
//!
//! It does not know whether the coordinates agree: `settle` does.

use std::sync::LazyLock;

use regex::Regex;

use crate::base::source::Place;
use crate::base::text::folded;
use crate::model::shape::{System, ZoneWidth};
use crate::overlay::definition;
use crate::overlay::projection::{meridian_of, zone_of};

/// Words about a coordinate system, and what they say.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The words, as written.
    pub words: String,
    /// Where they stand.
    pub place: Place,
    /// What they say.
    pub says: Says,
    /// True if the file says nothing and its format alone fixes the system, as GeoJSON and KML do.
    pub by_format: bool,
}

/// What can be said of a coordinate system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// CGCS2000, but not whether as degrees or in which plane.
    Cgcs2000,
    /// Degrees of CGCS2000.
    Degrees,
    /// Degrees of WGS 84.
    Wgs84,
    /// A Gauss–Krüger plane of CGCS2000, as far as it is stated.
    Plane {
        /// The width of its zones.
        width: Option<ZoneWidth>,
        /// Its central meridian.
        meridian: Option<u16>,
        /// Whether eastings carry the number of the zone.
        prefixed: Option<bool>,
    },
    /// A system before CGCS2000, which takes seven parameters that are not public.
    Old,
    /// Coordinates shifted for web maps: GCJ-02, BD-09.
    Shifted,
    /// A system that hegui does not measure in, or words that name none.
    Other,
}

impl Claim {
    /// What some words say: `EPSG:4517`, `CGCS2000 / 3-degree Gauss-Kruger zone 29`,
    /// `2000国家大地坐标系 3度带 29`, `urn:ogc:def:crs:OGC:1.3:CRS84`, or the text of a `.prj` file.
    pub fn named(words: &str, place: Place) -> Self {
        if let Some((name, says)) = definition::read(words) {
            return Self {
                words: name,
                place,
                says,
                by_format: false,
            };
        }
        Self {
            words: words.trim().to_owned(),
            place,
            says: said(words),
            by_format: false,
        }
    }

    /// What a code of the EPSG register says.
    pub fn epsg(code: u32, place: Place) -> Self {
        Self {
            words: format!("EPSG:{code}"),
            place,
            says: by_code(code),
            by_format: false,
        }
    }

    /// Degrees of WGS 84, by the rules of a format.
    pub fn by_format(format: &str) -> Self {
        Self {
            words: format!("WGS 84 ({format})"),
            place: Place::Nowhere,
            says: Says::Wgs84,
            by_format: true,
        }
    }
}

/// The code of a system in the EPSG register, if it has one.
pub fn code_of(system: System) -> Option<u32> {
    let within = |first: u32, zone: u16, zones: std::ops::RangeInclusive<u16>| {
        zones
            .contains(&zone)
            .then(|| first + u32::from(zone - zones.start()))
    };
    match system {
        System::Cgcs2000 => Some(4490),
        System::Wgs84 => Some(4326),
        System::GaussKruger {
            width,
            meridian,
            prefixed,
        } => {
            let zone = zone_of(width, meridian);
            if meridian_of(width, zone) != meridian {
                return None;
            }
            match (width, prefixed) {
                (ZoneWidth::Six, true) => within(4491, zone, 13..=23),
                (ZoneWidth::Six, false) => within(4502, zone, 13..=23),
                (ZoneWidth::Three, true) => within(4513, zone, 25..=45),
                (ZoneWidth::Three, false) => within(4534, zone, 25..=45),
            }
        }
    }
}

fn plane(width: ZoneWidth, zone: u32, prefixed: bool) -> Says {
    Says::Plane {
        width: Some(width),
        meridian: u16::try_from(zone)
            .ok()
            .map(|zone| meridian_of(width, zone)),
        prefixed: Some(prefixed),
    }
}

/// What a code of the EPSG register says.
pub fn by_code(code: u32) -> Says {
    match code {
        4490 | 4480 => Says::Degrees,
        4326 | 4979 => Says::Wgs84,
        4491..=4501 => plane(ZoneWidth::Six, code - 4491 + 13, true),
        4502..=4512 => plane(ZoneWidth::Six, code - 4502 + 13, false),
        4513..=4533 => plane(ZoneWidth::Three, code - 4513 + 25, true),
        4534..=4554 => plane(ZoneWidth::Three, code - 4534 + 25, false),
        // Beijing 1954, Xian 1980 and New Beijing: degrees, then planes.
        4214
        | 4610
        | 4555
        | 2327..=2390
        | 2401..=2442
        | 21413..=21423
        | 21453..=21463
        | 4568..=4589
        | 4652..=4656
        | 4766..=4800
        | 4812
        | 4822 => Says::Old,
        _ => Says::Other,
    }
}

/// The patterns of names.
struct Patterns {
    code: Option<Regex>,
    old: Option<Regex>,
    shifted: Option<Regex>,
    cgcs: Option<Regex>,
    degrees: Option<Regex>,
    gauss: Option<Regex>,
    three: Option<Regex>,
    six: Option<Regex>,
    zone: Option<Regex>,
    meridian: Option<Regex>,
}

/// A pattern of this file; a test uses each.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

fn hits(pattern: Option<&Regex>, name: &str) -> bool {
    pattern.is_some_and(|pattern| pattern.is_match(name))
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns {
    code: pattern(r"epsg\D*(?:\d+(?:\.\d+)*/|\d+(?:\.\d+)*:)?\D*(\d{4,6})$|^(\d{4,5})$"),
    old: pattern(r"1954|1980|北京\s*54|西安\s*80|54\s*北京|80\s*西安|beijing|xi'?an(?:\W|_|\d|$)"),
    shifted: pattern(r"gcj|火星|国测局|高德|腾讯|bd-?_?09|百度"),
    cgcs: pattern(
        r"cgcs|国家\s*2000|大地\s*2000|2000\s*(?:国家|大地|坐标)|china[_ ](?:geodetic|2000)",
    ),
    degrees: pattern(r"经纬度|地理坐标|^gcs_|geographic|lon|degrees?$"),
    gauss: pattern(r"gauss|_gk_|高斯"),
    three: pattern(r"(?:3|三)\s*(?:度|°|[-_ ]?deg)"),
    six: pattern(r"(?:6|六)\s*(?:度|°|[-_ ]?deg)"),
    zone: pattern(
        r"(?:zone|带号|第)[\s:=_]*(\d{1,2})(?:\D|$)|(\d{1,2})\s*号?带|度(?:分)?带[\s:,,、-]*(\d{2})(?:\D|$)",
    ),
    meridian: pattern(r"(?:cm|中央经线|中央子午线|central[_ ]meridian)[\s:=_为]*(\d{2,3})"),
});

/// What a name says.
pub fn said(words: &str) -> Says {
    let name = folded(words).to_lowercase();
    let patterns = &*PATTERNS;
    if name.contains("crs84") {
        return Says::Wgs84;
    }
    if let Some(code) = first_number(patterns.code.as_ref(), &name) {
        return by_code(code);
    }
    if hits(patterns.shifted.as_ref(), &name) {
        return Says::Shifted;
    }
    if hits(patterns.old.as_ref(), &name) {
        return Says::Old;
    }
    let gauss = hits(patterns.gauss.as_ref(), &name);
    if !hits(patterns.cgcs.as_ref(), &name) {
        let degrees = name.contains("wgs") && !gauss && !name.contains("utm");
        let web = name.contains("mercator") || name.contains("墨卡托");
        return if degrees && !web {
            Says::Wgs84
        } else {
            Says::Other
        };
    }
    let (three, six) = (
        hits(patterns.three.as_ref(), &name),
        hits(patterns.six.as_ref(), &name),
    );
    let zone =
        first_number(patterns.zone.as_ref(), &name).and_then(|zone| u16::try_from(zone).ok());
    let meridian = first_number(patterns.meridian.as_ref(), &name)
        .and_then(|degrees| u16::try_from(degrees).ok());
    if !(gauss || three || six || zone.is_some() || meridian.is_some()) {
        let degrees = hits(patterns.degrees.as_ref(), &name)
            || name == "china geodetic coordinate system 2000";
        return if degrees {
            Says::Degrees
        } else {
            Says::Cgcs2000
        };
    }
    // The register writes six-degree names without their width.
    let english = name.contains("gauss-kruger ") || name.contains("_gk_");
    let width = match (three, six) {
        (true, true) => return Says::Other,
        (true, false) => Some(ZoneWidth::Three),
        (false, true) => Some(ZoneWidth::Six),
        (false, false) => zone
            .and_then(width_of)
            .or(english.then_some(ZoneWidth::Six)),
    };
    let by_zone = match (width, zone) {
        (Some(width), Some(zone)) if width_of(zone) != Some(width) => return Says::Other,
        (Some(width), Some(zone)) => Some(meridian_of(width, zone)),
        _ => None,
    };
    if let (Some(a), Some(b)) = (by_zone, meridian)
        && a != b
    {
        return Says::Other;
    }
    Says::Plane {
        width,
        meridian: by_zone.or(meridian),
        prefixed: english.then_some(zone.is_some()),
    }
}

/// The width of the zones that a zone number belongs to: in China they do not overlap.
pub fn width_of(zone: u16) -> Option<ZoneWidth> {
    match zone {
        13..=23 => Some(ZoneWidth::Six),
        24..=45 => Some(ZoneWidth::Three),
        _ => None,
    }
}

fn first_number(pattern: Option<&Regex>, name: &str) -> Option<u32> {
    let found = pattern?.captures(name)?;
    let number = found.iter().skip(1).flatten().next()?;
    number.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(width: ZoneWidth, meridian: u16, prefixed: Option<bool>) -> Says {
        Says::Plane {
            width: Some(width),
            meridian: Some(meridian),
            prefixed,
        }
    }

    #[test]
    fn names_codes_and_urns_say_what_they_say() {
        use ZoneWidth::{Six, Three};
        let bare = |meridian| Says::Plane {
            width: None,
            meridian,
            prefixed: None,
        };
        let table = [
            ("EPSG:4490", Says::Degrees),
            ("epsg:4517", zone(Three, 87, Some(true))),
            ("4538", zone(Three, 87, Some(false))),
            ("urn:ogc:def:crs:EPSG::4517", zone(Three, 87, Some(true))),
            ("urn:ogc:def:crs:EPSG:8.8:4504", zone(Six, 87, Some(false))),
            (
                "http://www.opengis.net/def/crs/EPSG/0/4493",
                zone(Six, 87, Some(true)),
            ),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", Says::Wgs84),
            ("EPSG:3857", Says::Other),
            ("EPSG:32645", Says::Other),
            ("EPSG:2353", Says::Old),
            (
                "CGCS2000 / 3-degree Gauss-Kruger zone 29",
                zone(Three, 87, Some(true)),
            ),
            (
                "CGCS2000 / 3-degree Gauss-Kruger CM 87E",
                zone(Three, 87, Some(false)),
            ),
            ("CGCS2000 / Gauss-Kruger zone 15", zone(Six, 87, Some(true))),
            ("CGCS2000_3_Degree_GK_Zone_29", zone(Three, 87, Some(true))),
            ("CGCS2000_3_Degree_GK_CM_87E", zone(Three, 87, Some(false))),
            ("CGCS2000_GK_CM_87E", zone(Six, 87, Some(false))),
            ("2000国家大地坐标系 3度带 29", zone(Three, 87, None)),
            ("2000国家大地坐标系，三度带，第29带", zone(Three, 87, None)),
            ("CGCS2000 3度带 带号29", zone(Three, 87, None)),
            ("国家2000 6度分带 15带", zone(Six, 87, None)),
            ("2000国家大地坐标系 高斯-克吕格 29带", zone(Three, 87, None)),
            ("2000国家大地坐标系 3度带 中央经线87", zone(Three, 87, None)),
            ("2000国家大地坐标系 中央子午线 87°E", bare(Some(87))),
            ("2000国家大地坐标系 高斯克吕格", bare(None)),
            ("2000国家大地坐标系", Says::Cgcs2000),
            ("2000国家大地坐标系（1985国家高程基准）", Says::Cgcs2000),
            ("2000国家大地坐标系 经纬度", Says::Degrees),
            ("GCS_China_Geodetic_Coordinate_System_2000", Says::Degrees),
            ("China Geodetic Coordinate System 2000", Says::Degrees),
            ("WGS84", Says::Wgs84),
            ("GCS_WGS_1984", Says::Wgs84),
            ("WGS 84 / UTM zone 45N", Says::Other),
            ("WGS 84 / Pseudo-Mercator", Says::Other),
            ("1980西安坐标系", Says::Old),
            ("Xian_1980_3_Degree_GK_Zone_29", Says::Old),
            ("1954北京坐标系", Says::Old),
            ("GCJ-02", Says::Shifted),
            ("百度坐标", Says::Shifted),
            ("2000国家大地坐标系 3度带 第15带", Says::Other),
            ("2000国家大地坐标系 3度带 29带 中央经线90", Says::Other),
            ("乌鲁木齐独立坐标系", Says::Other),
        ];
        for (words, says) in table {
            assert_eq!(said(words), says, "{words}");
        }
    }

    #[test]
    fn every_code_of_the_register_comes_back() {
        for code in 4490..=4554 {
            if let Says::Plane {
                width: Some(width),
                meridian: Some(meridian),
                prefixed: Some(prefixed),
            } = by_code(code)
            {
                let system = System::GaussKruger {
                    width,
                    meridian,
                    prefixed,
                };
                assert_eq!(code_of(system), Some(code));
            } else {
                assert_eq!(code, 4490);
            }
        }
    }
}
