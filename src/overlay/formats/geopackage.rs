//! GeoPackage: the feature tables of an `SQLite` file, in the order of their names and rows.
//!
//! The file is held in memory and read as a database there: only `base` opens files. Views are not read, since a
//! view can be made to run without end.

use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, MAIN_DB};

use super::sink::{Draft, Sink, unreadable};
use super::{Input, Part, wkb};
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::overlay::claim::Claim;
use crate::text;

/// A feature table.
struct Layer {
    table: String,
    column: String,
    organisation: String,
    code: i64,
    definition: String,
}

/// Reads a GeoPackage.
pub(super) fn read(input: &Input, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let name = input.main.name();
    let damaged = |error: rusqlite::Error| {
        let why = text!(
            "数据库无法读取（{error}）",
            "the database cannot be read ({error})"
        );
        unreadable(name, &why)
    };
    let length = usize::try_from(input.main.length()).unwrap_or(usize::MAX);
    let mut connection = Connection::open_in_memory().map_err(damaged)?;
    connection
        .deserialize_read_exact(MAIN_DB, input.main.open()?, length, true)
        .and_then(|()| {
            connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        })
        .map_err(damaged)?;
    let layers = layers(&connection).map_err(damaged)?;
    for layer in &layers {
        if sink.is_stopped() {
            break;
        }
        table(&connection, name, layer, layers.len(), sink).map_err(damaged)?;
    }
    Ok(())
}

fn layers(connection: &Connection) -> rusqlite::Result<Vec<Layer>> {
    let mut statement = connection.prepare(
        "SELECT g.table_name, g.column_name, coalesce(s.organization, ''),
                coalesce(s.organization_coordsys_id, 0), coalesce(s.definition, '')
         FROM gpkg_geometry_columns g
         JOIN sqlite_master m ON m.name = g.table_name AND m.type = 'table'
         LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
         ORDER BY g.table_name",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Layer {
            table: row.get(0)?,
            column: row.get(1)?,
            organisation: row.get(2)?,
            code: row.get(3)?,
            definition: row.get(4)?,
        })
    })?;
    rows.collect()
}

fn table(
    connection: &Connection,
    name: &str,
    layer: &Layer,
    layers: usize,
    sink: &mut Sink<'_>,
) -> rusqlite::Result<()> {
    let part = Arc::new(Part {
        name: if layers == 1 {
            name.to_owned()
        } else {
            format!("{name}/{}", layer.table)
        },
        claim: claim(layer),
    });
    let quoted = layer.table.replace('"', "\"\"");
    let mut statement =
        connection.prepare(&format!("SELECT * FROM \"{quoted}\" ORDER BY rowid"))?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([])?;
    let mut number = 0;
    while let Some(row) = rows.next()? {
        if sink.is_stopped() {
            break;
        }
        number += 1;
        let mut draft = Draft::new(number, Place::Nowhere, None);
        let mut is_whole = Some(());
        for (index, column) in columns.iter().enumerate() {
            let value = match row.get_ref(index)? {
                ValueRef::Blob(bytes) if column.eq_ignore_ascii_case(&layer.column) => {
                    is_whole = geometry(bytes, &mut draft);
                    continue;
                }
                ValueRef::Integer(value) => value.to_string(),
                ValueRef::Real(value) => value.to_string(),
                ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                ValueRef::Null | ValueRef::Blob(_) => continue,
            };
            draft.attributes.push((column.clone(), value));
        }
        if is_whole.is_some() {
            sink.feature(&part, draft);
        } else {
            let why = text!("坐标记录不完整", "its coordinates are incomplete");
            sink.broken(&part, number, Place::Nowhere, &why);
        }
    }
    Ok(())
}

fn claim(layer: &Layer) -> Option<Claim> {
    if layer.organisation.eq_ignore_ascii_case("EPSG") {
        let code = u32::try_from(layer.code).ok()?;
        return Some(Claim::epsg(code, Place::Nowhere));
    }
    // `undefined` is how the format says that nothing is known.
    let definition = layer.definition.trim();
    (!definition.is_empty() && definition != "undefined")
        .then(|| Claim::named(definition, Place::Nowhere))
}

/// Reads a geometry with the head that GeoPackage puts before it.
fn geometry(bytes: &[u8], draft: &mut Draft) -> Option<()> {
    let (head, rest) = bytes.split_first_chunk::<8>()?;
    let [b'G', b'P', _, flags, ..] = *head else {
        return None;
    };
    // The extent before the geometry: none, two, three or four axes.
    let extent = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return None,
    };
    wkb::read(rest.get(extent..)?, draft)
}
