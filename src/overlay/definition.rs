//! The well-known text of a coordinate system: `.prj` files, and the definitions in map files.
//!
//! Both forms are read, the old (`PROJCS`) and the new (`PROJCRS`). A plane is judged by its parameters; its
//! name only says how wide the zones are where the parameters leave that open.
//! It does not know names or codes: `claim` does.

use crate::model::shape::ZoneWidth;
use crate::overlay::claim::{Says, said, width_of};
use crate::overlay::projection::meridian_of;

/// How deep a definition may be nested.
const DEPTH: usize = 16;

/// A bracketed item: its keyword in capital letters, its texts, and what stands inside it.
#[derive(Debug, Default)]
struct Item {
    keyword: String,
    /// Quoted texts and bare words and numbers, in order.
    words: Vec<String>,
    items: Vec<Self>,
}

impl Item {
    /// The first item below this one with one of some keywords, outer ones first.
    fn find(&self, keywords: &[&str]) -> Option<&Self> {
        if keywords.contains(&self.keyword.as_str()) {
            return Some(self);
        }
        self.items.iter().find_map(|item| item.find(keywords))
    }

    /// Its own name.
    fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// The number in the second place.
    fn number(&self) -> Option<f64> {
        self.words.get(1)?.parse().ok()
    }

    /// A parameter by any of its names.
    fn parameter(&self, names: &[&str]) -> Option<f64> {
        let own = (self.keyword == "PARAMETER")
            .then(|| self.name().to_lowercase().replace(' ', "_"))
            .filter(|name| names.contains(&name.as_str()));
        match own {
            Some(_) => self.number(),
            None => self.items.iter().find_map(|item| item.parameter(names)),
        }
    }
}

/// The name of a definition and what it says; none if the text is no definition.
pub(super) fn read(text: &str) -> Option<(String, Says)> {
    let root = parse(text.trim_start_matches('\u{FEFF}').trim())?;
    let plane = root.find(&["PROJCS", "PROJCRS", "PROJECTEDCRS"]);
    let degrees = root.find(&[
        "GEOGCS",
        "GEOGCRS",
        "GEODCRS",
        "GEOGRAPHICCRS",
        "BASEGEOGCRS",
        "BASEGEODCRS",
    ])?;
    let datum = datum(degrees);
    let Some(plane) = plane else {
        let unit = degrees
            .find(&["UNIT", "ANGLEUNIT"])
            .and_then(Item::number)
            .is_none_or(|unit| (unit.to_degrees() - 1.0).abs() < 1e-9);
        let says = if unit { datum } else { Says::Other };
        return Some((degrees.name().to_owned(), says));
    };
    let says = match datum {
        Says::Degrees => plane_says(plane),
        Says::Wgs84 => Says::Other,
        old => old,
    };
    Some((plane.name().to_owned(), says))
}

/// What the names of a geographic system and its datum say.
fn datum(degrees: &Item) -> Says {
    let named = degrees
        .find(&["DATUM", "GEODETICDATUM", "ENSEMBLE"])
        .map_or(Says::Other, |datum| said(datum.name()));
    let greenwich = degrees
        .find(&["PRIMEM", "PRIMEMERIDIAN"])
        .and_then(Item::number)
        .is_none_or(|shift| shift == 0.0);
    let says = match (said(degrees.name()), named) {
        (Says::Old, _) | (_, Says::Old) => Says::Old,
        (Says::Shifted, _) | (_, Says::Shifted) => Says::Shifted,
        (Says::Wgs84, _) | (Says::Other, Says::Wgs84) => Says::Wgs84,
        (Says::Cgcs2000 | Says::Degrees, _) | (Says::Other, Says::Cgcs2000 | Says::Degrees) => {
            Says::Degrees
        }
        _ => Says::Other,
    };
    if greenwich { says } else { Says::Other }
}

/// What the parameters of a plane say.
fn plane_says(plane: &Item) -> Says {
    let method = plane
        .find(&["PROJECTION", "METHOD"])
        .map_or(String::new(), |method| {
            method.name().to_lowercase().replace([' ', '-'], "_")
        });
    let is = |names: &[&str], wanted: f64| {
        plane
            .parameter(names)
            .is_none_or(|value| (value - wanted).abs() < 1e-9)
    };
    // The unit of a plane is its own item, not that of its degrees.
    let metres = plane
        .items
        .iter()
        .chain(
            plane
                .items
                .iter()
                .filter(|item| item.keyword == "CS")
                .flat_map(|item| &item.items),
        )
        .filter(|item| matches!(item.keyword.as_str(), "UNIT" | "LENGTHUNIT"))
        .all(|unit| {
            unit.number()
                .is_none_or(|metres| (metres - 1.0).abs() < 1e-12)
        });
    let gauss = matches!(method.as_str(), "gauss_kruger" | "transverse_mercator");
    let straight = is(&["scale_factor", "scale_factor_at_natural_origin"], 1.0)
        && is(&["latitude_of_origin", "latitude_of_natural_origin"], 0.0)
        && is(&["false_northing"], 0.0);
    let meridian = plane.parameter(&["central_meridian", "longitude_of_natural_origin"]);
    let easting = plane.parameter(&["false_easting"]);
    let (true, true, true, Some(meridian), Some(easting)) =
        (gauss, straight, metres, meridian, easting)
    else {
        return Says::Other;
    };
    // A city's own plane has its own meridian or easting.
    let (Some(meridian), Some(zone)) = (whole(meridian), whole((easting - 500_000.0) / 1e6)) else {
        return Says::Other;
    };
    if meridian % 3 != 0 {
        return Says::Other;
    }
    let width = match zone {
        0 => match said(plane.name()) {
            Says::Plane { width, .. } => width,
            _ => None,
        },
        zone => match width_of(zone) {
            Some(width) if meridian_of(width, zone) == meridian => Some(width),
            _ => return Says::Other,
        },
    };
    if width == Some(ZoneWidth::Six) && meridian % 6 != 3 {
        return Says::Other;
    }
    Says::Plane {
        width,
        meridian: Some(meridian),
        prefixed: Some(zone != 0),
    }
}

/// A number as a small whole one, if it is.
fn whole(value: f64) -> Option<u16> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float cast saturates, and the difference is looked at"
    )]
    let whole = value.round() as u16;
    ((f64::from(whole) - value).abs() < 1e-9).then_some(whole)
}

/// Parses a definition; none if the text has not the form of one.
fn parse(text: &str) -> Option<Item> {
    let mut rest = text;
    let item = item(&mut rest, DEPTH)?;
    rest.trim().is_empty().then_some(item)
}

/// An item that starts at `rest`, which moves past it.
fn item(rest: &mut &str, depth: usize) -> Option<Item> {
    let deeper = depth.checked_sub(1)?;
    let open = rest.find(['[', '('])?;
    let (keyword, inside) = rest.split_at_checked(open)?;
    let keyword = keyword.trim();
    if keyword.is_empty()
        || !keyword
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_')
    {
        return None;
    }
    let mut item = Item {
        keyword: keyword.to_ascii_uppercase(),
        ..Item::default()
    };
    *rest = inside.get(1..)?.trim_start();
    loop {
        if let Some(after) = rest.strip_prefix([']', ')']) {
            *rest = after.trim_start();
            return Some(item);
        }
        if let Some(quoted) = rest.strip_prefix('"') {
            let (word, after) = quoted.split_once('"')?;
            item.words.push(word.to_owned());
            *rest = after.trim_start();
        } else {
            let end = rest.find(['[', '(', ',', ']', ')'])?;
            if matches!(rest.as_bytes().get(end), Some(b'[' | b'(')) {
                item.items.push(self::item(rest, deeper)?);
            } else {
                let (word, after) = rest.split_at_checked(end)?;
                item.words.push(word.trim().to_owned());
                *rest = after;
            }
        }
        if let Some(after) = rest.strip_prefix(',') {
            *rest = after.trim_start();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEGREES: &str = r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

    fn plane(name: &str, easting: &str, meridian: &str) -> Says {
        let text = format!(
            r#"PROJCS["{name}",{DEGREES},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
        );
        read(&text).unwrap().1
    }

    #[test]
    fn a_plane_is_judged_by_its_parameters_and_not_by_its_name() {
        let zone = |width, prefixed| Says::Plane {
            width,
            meridian: Some(87),
            prefixed: Some(prefixed),
        };
        let three = Some(ZoneWidth::Three);
        let six = Some(ZoneWidth::Six);
        assert_eq!(
            plane("CGCS2000_3_Degree_GK_Zone_29", "29500000.0", "87.0"),
            zone(three, true)
        );
        assert_eq!(plane("unnamed", "29500000", "87"), zone(three, true));
        assert_eq!(plane("unnamed", "15500000", "87"), zone(six, true));
        assert_eq!(
            plane("CGCS2000_3_Degree_GK_CM_87E", "500000.0", "87.0"),
            zone(three, false)
        );
        assert_eq!(
            plane("CGCS2000_GK_CM_87E", "500000.0", "87.0"),
            zone(six, false)
        );
        assert_eq!(plane("unnamed", "500000.0", "87.0"), zone(None, false));
        assert_eq!(
            plane("CGCS2000_3_Degree_GK_Zone_29", "30500000.0", "87.0"),
            Says::Other
        );
        assert_eq!(plane("Urumqi_local", "500000.0", "87.5"), Says::Other);
        assert_eq!(plane("Urumqi_local", "400000.0", "87.0"), Says::Other);
    }

    #[test]
    fn the_new_form_is_read_and_the_unit_of_degrees_is_not_that_of_the_plane() {
        let text = r#"PROJCRS["CGCS2000 / 3-degree Gauss-Kruger zone 29",BASEGEOGCRS["China Geodetic Coordinate System 2000",DATUM["China 2000",ELLIPSOID["CGCS2000",6378137,298.257222101,LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4490]],CONVERSION["3-degree Gauss-Kruger zone 29",METHOD["Transverse Mercator",ID["EPSG",9807]],PARAMETER["Latitude of natural origin",0,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8801]],PARAMETER["Longitude of natural origin",87,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8802]],PARAMETER["Scale factor at natural origin",1,SCALEUNIT["unity",1],ID["EPSG",8805]],PARAMETER["False easting",29500000,LENGTHUNIT["metre",1],ID["EPSG",8806]],PARAMETER["False northing",0,LENGTHUNIT["metre",1],ID["EPSG",8807]]],CS[Cartesian,2],AXIS["northing (X)",north,ORDER[1],LENGTHUNIT["metre",1]],AXIS["easting (Y)",east,ORDER[2],LENGTHUNIT["metre",1]],USAGE[SCOPE["Cadastre."],AREA["China - between 85°30'E and 88°30'E."],BBOX[27.8,85.5,49.18,88.5]],ID["EPSG",4517]]"#;
        let (name, says) = read(text).unwrap();
        assert_eq!(name, "CGCS2000 / 3-degree Gauss-Kruger zone 29");
        assert!(matches!(
            says,
            Says::Plane {
                meridian: Some(87),
                prefixed: Some(true),
                ..
            }
        ));
        assert_eq!(read(DEGREES).unwrap().1, Says::Degrees);
        let grads = DEGREES.replace("0.0174532925199433", "0.015707963267949");
        assert_eq!(read(&grads).unwrap().1, Says::Other);
        let feet = text.replace(
            "LENGTHUNIT[\"metre\",1]],USAGE",
            "LENGTHUNIT[\"metre\",1],LENGTHUNIT[\"foot\",0.3048]],USAGE",
        );
        assert!(read(&feet).is_some());
    }

    #[test]
    fn text_that_is_no_definition_is_none_and_deep_text_no_crash() {
        for text in ["", "EPSG:4517", "GEOGCS[", "GEOGCS[\"a\"", "[]", "A[B]C"] {
            assert!(read(text).is_none(), "{text}");
        }
        assert!(read(&"A[".repeat(100_000)).is_none());
    }
}
