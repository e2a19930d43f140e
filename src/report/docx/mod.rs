//! Word documents (OOXML): an opinion or a notice for each project, on A4 in the type of office papers.
//!
//! The parts of the package are written here, the body in its own file. Equal runs give equal bytes: nothing
//! in a package has a date. It adds no sentence of its own.

mod body;

use std::io::{self, Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Assessment;
use super::documents::{Kind, Part, each};
use super::layout::xml;
use crate::base::text::Lang;
use body::Body;

const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Writes the documents, each beginning on a new page.
pub(super) fn write(
    run: &Assessment<'_>,
    kind: Kind,
    part: Part,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut body = Body::new(kind, lang);
    let mut foot = "";
    let mut mark = None;
    each(run, kind, part, lang, |document| {
        foot = document.foot;
        mark = mark.or(document.mark);
        body.document(&document);
        Ok(())
    })?;
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", RELS.to_owned()),
        ("docProps/core.xml", core(kind, lang)),
        ("word/document.xml", body.finish()),
        ("word/_rels/document.xml.rels", DOCUMENT_RELS.to_owned()),
        ("word/styles.xml", styles(kind, lang)),
        ("word/settings.xml", settings(lang)),
        ("word/header1.xml", header(mark)),
        ("word/header2.xml", header(None)),
        ("word/footer1.xml", footer(foot, lang)),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, text) in parts {
        zip.start_file(name, options).map_err(io::Error::other)?;
        zip.write_all(HEAD.as_bytes())?;
        zip.write_all(text.as_bytes())?;
    }
    let bytes = zip.finish().map_err(io::Error::other)?;
    out.write_all(bytes.get_ref())
}

const CONTENT_TYPES: &str = concat!(
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">",
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>",
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>",
    "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>",
    "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>",
    "<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>",
    "<Override PartName=\"/word/settings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml\"/>",
    "<Override PartName=\"/word/header1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/>",
    "<Override PartName=\"/word/header2.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/>",
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>",
    "</Types>"
);

const RELS: &str = concat!(
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>",
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>",
    "</Relationships>"
);

const DOCUMENT_RELS: &str = concat!(
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>",
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings\" Target=\"settings.xml\"/>",
    "<Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/header\" Target=\"header1.xml\"/>",
    "<Relationship Id=\"rId4\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/header\" Target=\"header2.xml\"/>",
    "<Relationship Id=\"rId5\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer\" Target=\"footer1.xml\"/>",
    "</Relationships>"
);

fn core(kind: Kind, lang: Lang) -> String {
    let (zh, en) = kind.title();
    format!(
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>hegui</dc:creator><dc:language>{}</dc:language></cp:coreProperties>",
        xml(lang.pick(zh, en)),
        lang.pick("zh-CN", "en")
    )
}

fn settings(lang: Lang) -> String {
    format!(
        "<w:settings xmlns:w=\"{MAIN}\"><w:defaultTabStop w:val=\"420\"/><w:characterSpacingControl w:val=\"compressPunctuation\"/><w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat><w:themeFontLang w:val=\"{}\" w:eastAsia=\"zh-CN\"/></w:settings>",
        lang.pick("zh-CN", "en-GB")
    )
}

/// A typeface for Chinese beside one for Latin text.
fn face(chinese: &str) -> String {
    format!(
        "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:cs=\"Times New Roman\" w:eastAsia=\"{chinese}\"/>"
    )
}

/// Type by the custom of office papers: titles in 小标宋, headings in 黑体, text in 仿宋.
fn styles(kind: Kind, lang: Lang) -> String {
    // A letter is set large, as official letters are; an opinion holds tables.
    let (size, line) = match kind {
        Kind::Opinion => (24, 400),
        Kind::Notice => (30, 560),
    };
    let style = |id: &str, name: &str, paragraph: &str, run: &str| {
        let default = if id == "Normal" {
            " w:default=\"1\""
        } else {
            ""
        };
        let based = if id == "Normal" {
            ""
        } else {
            "<w:basedOn w:val=\"Normal\"/>"
        };
        format!(
            "<w:style w:type=\"paragraph\"{default} w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>{based}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        )
    };
    let mut out = format!(
        "<w:styles xmlns:w=\"{MAIN}\"><w:docDefaults><w:rPrDefault><w:rPr>{}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/><w:lang w:val=\"{}\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault></w:docDefaults>",
        face("仿宋"),
        lang.pick("zh-CN", "en-GB")
    );
    out.push_str(&style(
        "Normal",
        "Normal",
        &format!("<w:spacing w:after=\"40\" w:line=\"{line}\" w:lineRule=\"atLeast\"/>"),
        "",
    ));
    out.push_str(&style(
        "Title",
        "Title",
        "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"240\"/><w:jc w:val=\"center\"/>",
        &format!(
            "{}<w:b/><w:sz w:val=\"40\"/><w:szCs w:val=\"40\"/>",
            face("方正小标宋简体")
        ),
    ));
    out.push_str(&style(
        "Heading1",
        "heading 1",
        "<w:keepNext/><w:spacing w:before=\"200\" w:after=\"80\"/><w:outlineLvl w:val=\"0\"/>",
        &format!(
            "{}<w:b/><w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/>",
            face("黑体")
        ),
    ));
    out.push_str(&style(
        "Heading2",
        "heading 2",
        "<w:keepNext/><w:spacing w:before=\"120\" w:after=\"60\"/><w:outlineLvl w:val=\"1\"/>",
        &format!("{}<w:b/>", face("楷体")),
    ));
    for (id, name, size) in [
        ("Table", "Table text", 20),
        ("Dense", "Dense table text", 16),
    ] {
        out.push_str(&style(
            id,
            name,
            "<w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>",
            &format!("<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>"),
        ));
    }
    out.push_str(&style(
        "Footer",
        "footer",
        "<w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/><w:jc w:val=\"center\"/>",
        "<w:color w:val=\"404040\"/><w:sz w:val=\"17\"/><w:szCs w:val=\"17\"/>",
    ));
    out.push_str("</w:styles>");
    out
}

/// The head of a page: empty, or with words across the page behind its text.
fn header(mark: Option<&str>) -> String {
    let drawn = mark.map_or_else(String::new, |mark| {
        format!(
            "<w:r><w:pict><v:shapetype id=\"_x0000_t136\" coordsize=\"21600,21600\" o:spt=\"136\" adj=\"10800\" path=\"m@7,l@8,m@5,21600l@6,21600e\"><v:formulas><v:f eqn=\"sum #0 0 10800\"/><v:f eqn=\"prod #0 2 1\"/><v:f eqn=\"sum 21600 0 @1\"/><v:f eqn=\"sum 0 0 @2\"/><v:f eqn=\"sum 21600 0 @3\"/><v:f eqn=\"if @0 @3 0\"/><v:f eqn=\"if @0 21600 @1\"/><v:f eqn=\"if @0 0 @2\"/><v:f eqn=\"if @0 @4 21600\"/><v:f eqn=\"mid @5 @6\"/><v:f eqn=\"mid @8 @5\"/><v:f eqn=\"mid @7 @8\"/><v:f eqn=\"mid @6 @7\"/><v:f eqn=\"sum @6 0 @5\"/></v:formulas><v:path textpathok=\"t\" o:connecttype=\"custom\" o:connectlocs=\"@9,0;@10,10800;@11,21600;@12,10800\" o:connectangles=\"270,180,90,0\"/><v:textpath on=\"t\" fitshape=\"t\"/></v:shapetype><v:shape id=\"Mark\" o:spid=\"_x0000_s2049\" type=\"#_x0000_t136\" alt=\"{0}\" style=\"position:absolute;margin-left:0;margin-top:0;width:380pt;height:95pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin\" o:allowincell=\"f\" fillcolor=\"#f0f0f0\" stroked=\"f\"><v:textpath style=\"font-family:&quot;SimHei&quot;;font-size:1pt\" string=\"{0}\"/></v:shape></w:pict></w:r>",
            xml(mark)
        )
    });
    format!(
        "<w:hdr xmlns:w=\"{MAIN}\" xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\"><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>{drawn}</w:p></w:hdr>"
    )
}

/// The foot of a page: the words of the document, and the page's number.
fn footer(foot: &str, lang: Lang) -> String {
    let field = |code: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> {code} </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
        )
    };
    let word = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>", xml(text));
    format!(
        "<w:ftr xmlns:w=\"{MAIN}\"><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>{}</w:p><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>{}{}{}{}{}</w:p></w:ftr>",
        word(foot),
        word(lang.pick("第 ", "Page ")),
        field("PAGE"),
        word(lang.pick(" 页，共 ", " of ")),
        field("NUMPAGES"),
        word(lang.pick(" 页", ""))
    )
}
