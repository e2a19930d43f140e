//! The 拐点坐标 text in all its variants: what is read, what is said, what is underlined.

#![expect(clippy::float_cmp, reason = "coordinates and areas that are exact")]

use hegui::base::source::{Place, Sources};
use hegui::overlay::claim::{Claim, code_of};
use hegui::overlay::formats::{Input, boundary};
use hegui::overlay::projection::plane_area;
use hegui::overlay::reading::{self, Outcome, Usable};

const HEAD: &str = "[属性描述]
格式版本号=1.01版本
数据产生单位=某测绘院
数据产生日期=2024-5-1
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=29
精度=0.001
转换参数=,,,,,,
[地块坐标]
";

/// A parcel of 200 m × 100 m with a hole of 40 m × 40 m.
const PARCEL: &str = "10,1.8400,650104-001,一号地块,面,K-45-1,工业用地,0601,@
J1,1,4862000.000,29548000.000
J2,1,4862000.000,29548200.000
J3,1,4862100.000,29548200.000
J4,1,4862100.000,29548000.000
J1,1,4862000.000,29548000.000
J5,2,4862020.000,29548050.000
J6,2,4862060.000,29548050.000
J7,2,4862060.000,29548090.000
J8,2,4862020.000,29548090.000
J5,2,4862020.000,29548050.000
";

fn read_bytes(bytes: Vec<u8>, crs: &str) -> (Vec<Usable>, Outcome, Sources) {
    let mut sources = Sources::default();
    let input = Input::memory("界址点.txt", bytes).with_source(&mut sources, 1 << 20);
    let stated = (!crs.is_empty()).then(|| Claim::named(crs, Place::Nowhere));
    let (shapes, outcome) = reading::read(&input, stated.as_ref(), Place::Nowhere);
    (shapes, outcome, sources)
}

/// The codes of the problems, with what each underlines.
fn problems(outcome: &Outcome, sources: &Sources) -> Vec<(&'static str, String)> {
    let problems = outcome.problems.iter();
    problems
        .map(|p| (p.code, sources.text_at(p.place()).unwrap_or("").to_owned()))
        .collect()
}

/// Reads a text and holds the areas of its parcels and its system against what they should be.
#[track_caller]
fn reads(text: &str, areas: &[f64], code: u32) -> Vec<Usable> {
    reads_bytes(text.as_bytes().to_vec(), areas, code)
}

#[track_caller]
fn reads_bytes(bytes: Vec<u8>, areas: &[f64], code: u32) -> Vec<Usable> {
    let (shapes, outcome, sources) = read_bytes(bytes, "");
    assert_eq!(problems(&outcome, &sources), vec![]);
    let found: Vec<f64> = shapes
        .iter()
        .map(|usable| usable.shape.polygons.iter().map(plane_area).sum())
        .collect();
    assert_eq!(found, areas);
    for usable in &shapes {
        assert_eq!(code_of(usable.system), Some(code));
    }
    shapes
}

#[test]
fn lines_may_end_as_old_macs_end_them() {
    let text = format!("{HEAD}{PARCEL}").replace('\n', "\r");
    reads(&text, &[18_400.0], 4517);
}

#[track_caller]
fn says(text: &str, expected: &[(&str, &str)]) {
    let (_, outcome, sources) = read_bytes(text.as_bytes().to_vec(), "");
    let found = problems(&outcome, &sources);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(code, at)| (*code, at.as_str()))
        .collect();
    assert_eq!(found, expected);
}

fn whole() -> String {
    format!("{HEAD}{PARCEL}")
}

#[test]
fn a_parcel_with_a_hole_is_read_with_all_its_line_says() {
    let shapes = reads(&whole(), &[18_400.0], 4517);
    let shape = &shapes[0].shape;
    let named: Vec<(&str, &str)> = shape
        .attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        named,
        [
            ("界址点数", "10"),
            ("地块面积", "1.8400"),
            ("地块编号", "650104-001"),
            ("地块名称", "一号地块"),
            ("图形属性", "面"),
            ("图幅号", "K-45-1"),
            ("地块用途", "工业用地"),
            ("地类编码", "0601"),
        ]
    );
    assert_eq!(boundary::declared_area(shape), Some(18_400.0));
    // Northing comes first in the file, easting in the shape.
    assert_eq!(shape.polygons[0].rings[0][1].x, 29_548_200.0);
}

#[test]
fn encodings_line_ends_and_wide_characters_change_nothing() {
    let areas = &[18_400.0];
    let gbk = encoding_rs::GBK.encode(&whole()).0.into_owned();
    reads_bytes(gbk, areas, 4517);
    reads_bytes(format!("\u{FEFF}{}", whole()).into_bytes(), areas, 4517);
    reads(&whole().replace('\n', "\r\n"), areas, 4517);
    reads(&whole().replace(',', "，").replace('@', "＠"), areas, 4517);
    reads(
        &whole()
            .replace('=', "＝")
            .replace('[', "【")
            .replace(']', "】"),
        areas,
        4517,
    );
    reads(&whole().replace(',', " , "), areas, 4517);
    reads(
        &whole().replace("4862000.000", "４８６２０００．０００"),
        areas,
        4517,
    );
    reads(whole().trim_end(), areas, 4517);
}

#[test]
fn a_head_may_say_less_and_eastings_may_leave_out_the_zone() {
    let areas = &[18_400.0];
    reads(&whole().replace("带号=29\n", ""), areas, 4517);
    reads(
        &whole().replace("几度分带=3\n", "几度分带=三度分带\n"),
        areas,
        4517,
    );
    reads(&whole().replace("几度分带=3\n带号=29\n", ""), areas, 4517);
    reads(&whole().replace(",29548", ",548"), areas, 4538);
    reads(
        &whole()
            .replace(",29548", ",548")
            .replace("带号=29", "带号=87"),
        areas,
        4538,
    );
    reads(
        &whole().replace("2000国家大地坐标系", "CGCS2000"),
        areas,
        4517,
    );
    let blocks = format!(
        "[项目信息]\n项目名称=甲\n坐标系=乙\n[扩展信息]\n说明,1,2,3\n{}",
        whole()
    );
    reads(&blocks, areas, 4517);
    reads(&whole().replace("[地块坐标]\n", ""), areas, 4517);
}

#[test]
fn rings_may_be_unclosed_renumbered_or_numbered_on() {
    let areas = &[18_400.0];
    // Ring numbers that begin anew with each ring, points numbered without a letter.
    reads(
        &whole().replace(",2,4862", ",1,4862").replace('J', ""),
        areas,
        4517,
    );
    // A second outer ring under the number 2.
    let second = whole()
        .replace("4862020.000,29548", "4862020.000,29549")
        .replace("4862060.000,29548", "4862060.000,29549");
    reads(&second, &[20_000.0 + 1_600.0], 4517);
    // Counted without the closing points.
    reads(&whole().replace("10,1.84", "8,1.84"), areas, 4517);
    // Not closed, which is said.
    let open = whole()
        .replace("J1,1,4862000.000,29548000.000\nJ5", "J5")
        .replace("J5,2,4862020.000,29548050.000\n", "");
    let open = open.replace("10,1.84", "7,1.84");
    says(
        &open,
        &[(
            "hegui::map::unclosed",
            "7,1.8400,650104-001,一号地块,面,K-45-1,工业用地,0601,@",
        )],
    );
}

#[test]
fn several_parcels_keep_their_own_lines() {
    let next = PARCEL
        .replace("一号地块", "二号地块")
        .replace(",29548", ",29549");
    let shapes = reads(
        &format!("{HEAD}{PARCEL}\n{next}"),
        &[18_400.0, 18_400.0],
        4517,
    );
    assert_eq!(shapes[1].shape.number, 2);
    assert_eq!(shapes[1].shape.attributes[3].1, "二号地块");
}

#[test]
fn longer_parcel_lines_and_areas_with_units_are_kept() {
    let long = whole().replace("0601,@", "0601,高标准农田,2024,甲村,@");
    let shapes = reads(&long, &[18_400.0], 4517);
    assert_eq!(
        shapes[0].shape.attributes[8],
        ("字段9".to_owned(), "高标准农田".to_owned())
    );
    for (written, area) in [
        ("1.8400公顷", Some(18_400.0)),
        ("1.84 公顷", Some(18_400.0)),
        ("18400平方米", Some(18_400.0)),
        ("18400㎡", Some(18_400.0)),
        ("27.6亩", Some(18_400.0)),
        ("1.84顷", None),
        ("", None),
        ("约1.84", None),
    ] {
        let shapes = reads(&whole().replace("1.8400", written), &[18_400.0], 4517);
        let found = boundary::declared_area(&shapes[0].shape);
        assert_eq!(found.map(f64::round), area, "{written}");
    }
}

#[test]
fn a_wrong_count_of_points_is_a_warning_on_the_count() {
    says(
        &whole().replace("10,1.8400", "12,1.8400"),
        &[("hegui::boundary::count", "12")],
    );
}

#[test]
fn mistakes_are_underlined_where_they_stand() {
    says(
        &whole().replace("J3,1,4862100.000", "J3,1,486Z100.000"),
        &[("hegui::map::broken", "486Z100.000")],
    );
    says(
        &whole().replace("J3,1,4862100.000,29548200.000", "J3,1"),
        &[("hegui::map::broken", "J3,1")],
    );
    says(
        &whole().replace("J3,1,4862100.000", "J3,1,4862100.000m"),
        &[("hegui::map::broken", "4862100.000m")],
    );
    // Two points swapped: the ring crosses itself.
    let shell: String = whole()
        .lines()
        .take(18)
        .flat_map(|line| [line, "\n"])
        .collect();
    let bow = shell.replace("10,1.8400", "5,1.8400").replace(
        "J2,1,4862000.000,29548200.000\nJ3,1,4862100.000,29548200.000",
        "J2,1,4862100.000,29548200.000\nJ3,1,4862000.000,29548200.000",
    );
    says(
        &bow,
        &[("hegui::shape::crossing", "J1,1,4862000.000,29548000.000")],
    );
    let twice = whole().replace(
        "J3,1,4862100.000,29548200.000",
        "J3,1,4862100.000,29548200.000\nJ3a,1,4862100.000,29548200.000",
    );
    says(
        &twice.replace("10,1.8400", "11,1.8400"),
        &[(
            "hegui::shape::repeated_point",
            "J3a,1,4862100.000,29548200.000",
        )],
    );
    let hole = whole().replace(
        "J7,2,4862060.000,29548090.000",
        "J7,2,4862060.000,29548290.000",
    );
    let (_, outcome, _) = read_bytes(hole.into_bytes(), "");
    assert!(
        outcome
            .problems
            .iter()
            .all(|p| p.code == "hegui::shape::crossing")
    );
    assert_eq!(outcome.unusable, 1);
    says(
        &format!("{HEAD}J1,1,4862000.000,29548000.000\n"),
        &[(
            "hegui::boundary::no_parcel",
            "J1,1,4862000.000,29548000.000",
        )],
    );
    says(
        &whole().replace(",面,", ",线,"),
        &[(
            "hegui::map::no_area",
            "10,1.8400,650104-001,一号地块,线,K-45-1,工业用地,0601,@",
        )],
    );
}

#[test]
fn the_coordinate_system_is_held_against_the_coordinates() {
    let line = "坐标系=2000国家大地坐标系";
    says(
        &whole().replace(",29548", ",30548"),
        &[("hegui::crs::zone", line)],
    );
    says(
        &whole().replace("带号=29", "带号=30"),
        &[("hegui::crs::zone", line)],
    );
    says(
        &whole()
            .replace("几度分带=3", "几度分带=6")
            .replace("带号=29", "带号=15"),
        &[("hegui::crs::zone", line)],
    );
    says(
        &whole()
            .replace("2000国家", "1980西安")
            .replace("大地坐标系", "坐标系"),
        &[("hegui::crs::old_datum", "坐标系=1980西安坐标系")],
    );
    says(
        &whole().replace("计量单位=米", "计量单位=千米"),
        &[("hegui::crs::unknown", line)],
    );
    says(
        &whole().replace("坐标系=2000国家大地坐标系\n", ""),
        &[("hegui::crs::missing", "")],
    );
    // Easting first.
    let swapped: String = whole()
        .lines()
        .map(|line| match line.split(',').collect::<Vec<_>>()[..] {
            [point, ring, x, y] => format!("{point},{ring},{y},{x}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    says(&swapped, &[("hegui::crs::swapped", line)]);
    // What is stated beside the file settles it.
    let bare = whole()
        .replace(",29548", ",548")
        .replace("坐标系=2000国家大地坐标系\n", "");
    let (shapes, outcome, _) = read_bytes(bare.into_bytes(), "EPSG:4538");
    assert_eq!((shapes.len(), outcome.problems), (1, vec![]));
}

#[test]
fn damaged_text_gives_problems_and_never_a_crash() {
    let bytes = whole().into_bytes();
    for cut in 0..bytes.len() {
        read_bytes(bytes[..cut].to_vec(), "");
    }
    for at in 0..bytes.len() {
        for value in [b',', b'\n', b'[', 0xFF, b'9'] {
            let mut bytes = bytes.clone();
            bytes[at] = value;
            read_bytes(bytes, "");
        }
    }
    let (shapes, outcome, _) =
        read_bytes(whole().replace("29548000.000", "1e999").into_bytes(), "");
    assert!(
        shapes.is_empty()
            && outcome
                .problems
                .iter()
                .any(|p| p.code == "hegui::shape::not_finite")
    );
}
