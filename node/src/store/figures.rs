//! SQL on what agencies delivered: files, versions of tables, cells with the line each came from.

use std::collections::BTreeMap;

use vrs_protocol::hash::Hash;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Metadata, Table};
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Row, Transaction};
use vrs_runtime::values;

use super::cells;
use crate::national::{AgencyCode, AgencyTable, FileNote};

/// A file to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Who delivered it.
    pub agency: AgencyCode,
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub hash: Hash,
    /// Name and SHA-256 of the mapping it was read through.
    pub mapping: Option<(String, Hash)>,
    /// Rows without the heading.
    pub rows_read: usize,
    /// Rows of them about other states.
    pub rows_of_others: usize,
    /// Rows of the rest that the mapping leaves out.
    pub rows_left_out: usize,
    /// Who took it in.
    pub taken_by: String,
}

/// A version of a table to be recorded.
#[derive(Debug, Clone, Copy)]
pub struct NewTable<'t> {
    /// The figures.
    pub table: &'t Table,
    /// The line of the file each cell came from.
    pub lines: &'t BTreeMap<Key, u64>,
    /// From how many rows of a file of cases each was counted.
    pub rows: &'t BTreeMap<Key, u64>,
    /// Whether the cases behind it are kept and can be told apart.
    pub of_cases: bool,
}

/// A file that was taken in, for lists.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TakenFile {
    /// Number of the import.
    pub id: i64,
    /// Who delivered it.
    pub agency: AgencyCode,
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub hash: Hash,
    /// Rows without the heading.
    pub rows_read: usize,
    /// Who took it in.
    pub taken_by: String,
    /// When.
    pub taken_at: Timestamp,
}

/// Records a file and returns its number.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add_file(tx: &mut Transaction, file: &NewFile, now: u64) -> Result<i64, DatabaseError> {
    let (mapping_name, mapping_hash) = match &file.mapping {
        Some((name, hash)) => (Some(name.as_str()), Some(hash.0)),
        None => (None, None),
    };
    let row = tx
        .row(
            "INSERT INTO intake_file (agency, name, hash, mapping_name, mapping_hash, rows_read, rows_of_others, rows_left_out,
             taken_by, taken_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
            values![
                file.agency.as_str(),
                &file.name,
                file.hash.0,
                mapping_name,
                mapping_hash,
                file.rows_read,
                file.rows_of_others,
                file.rows_left_out,
                &file.taken_by,
                now
            ],
        )
        .await?;
    row.read("id")
}

/// The files taken in last, newest first.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn files(tx: &mut Transaction, most: u32) -> Result<Vec<TakenFile>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT id, agency, name, hash, rows_read, taken_by, taken_at FROM intake_file ORDER BY id DESC LIMIT $1",
            values![most],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(TakenFile {
                id: row.read("id")?,
                agency: row.parse("agency", |code: String| AgencyCode::parse(&code))?,
                name: row.read("name")?,
                hash: Hash(row.read("hash")?),
                rows_read: row.read("rows_read")?,
                taken_by: row.read("taken_by")?,
                taken_at: Timestamp(row.read("taken_at")?),
            })
        })
        .collect()
}

/// Adds a version of an agency's table, which is in force from now on.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add_table(
    tx: &mut Transaction,
    agency: &AgencyCode,
    file: i64,
    new: NewTable<'_>,
) -> Result<i64, DatabaseError> {
    let table = new.table;
    // Metadata holds texts and truth values only, which JSON can always carry.
    let metadata = serde_json::to_string(&table.metadata).unwrap_or_default();
    let row = tx
        .row(
            "INSERT INTO agency_table (agency, form, period, intake_file, metadata, of_cases) VALUES ($1, $2, $3, $4, $5, $6)
             RETURNING id",
            values![
                agency.as_str(),
                table.form.as_str(),
                table.period.to_string(),
                file,
                metadata,
                new.of_cases.then_some(1_i64)
            ],
        )
        .await?;
    let id: i64 = row.read("id")?;
    for (key, cell) in &table.cells {
        let cells::Columns { status, conf, count, below, figure } = cells::write(cell);
        tx.execute_exactly(
            1,
            "INSERT INTO agency_cell (table_id, cell_key, status, conf, count, below, figure, line, rows_counted)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values![
                id,
                cells::key_text(key),
                status,
                conf,
                count,
                below,
                figure,
                new.lines.get(key).copied(),
                new.rows.get(key).copied()
            ],
        )
        .await?;
    }
    Ok(id)
}

/// The figures in force of every agency for a form and period, by agency.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn tables(tx: &mut Transaction, form: &FormCode, period: Period) -> Result<Vec<AgencyTable>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT t.id, t.agency, t.metadata, t.intake_file, t.of_cases, f.name, f.taken_by, f.taken_at
             FROM agency_table t JOIN intake_file f ON f.id = t.intake_file
             WHERE t.id IN (SELECT MAX(id) FROM agency_table WHERE form = $1 AND period = $2 GROUP BY agency)
             ORDER BY t.agency",
            values![form.as_str(), period.to_string()],
        )
        .await?;
    let mut tables = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut own = head(row, form, period)?;
        let cells = tx
            .rows(
                "SELECT cell_key, status, conf, count, below, figure, line, rows_counted FROM agency_cell
                 WHERE table_id = $1",
                values![own.id],
            )
            .await?;
        for cell in &cells {
            let key = cell.parse("cell_key", |text: String| cells::read_key(&text))?;
            if let Some(line) = cell.read("line")? {
                own.lines.insert(key.clone(), line);
            }
            if let Some(rows) = cell.read("rows_counted")? {
                own.rows.insert(key.clone(), rows);
            }
            own.table.cells.insert(key, cells::read(cell)?);
        }
        tables.push(own);
    }
    Ok(tables)
}

fn head(row: &Row, form: &FormCode, period: Period) -> Result<AgencyTable, DatabaseError> {
    let mut table = Table::new(form.clone(), period);
    table.metadata = read_metadata(row)?;
    Ok(AgencyTable {
        id: row.read("id")?,
        agency: row.parse("agency", |code: String| AgencyCode::parse(&code))?,
        table,
        lines: BTreeMap::new(),
        rows: BTreeMap::new(),
        of_cases: row.read::<Option<i64>>("of_cases")?.is_some(),
        file: FileNote {
            import: row.read("intake_file")?,
            name: row.read("name")?,
            taken_at: Timestamp(row.read("taken_at")?),
            taken_by: row.read("taken_by")?,
        },
    })
}

/// How an agency counted each of its tables in force.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn metadata(
    tx: &mut Transaction,
    agency: &AgencyCode,
) -> Result<BTreeMap<(FormCode, Period), Metadata>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT id, form, period, metadata FROM agency_table
             WHERE id IN (SELECT MAX(id) FROM agency_table WHERE agency = $1 GROUP BY form, period)",
            values![agency.as_str()],
        )
        .await?;
    rows.iter().map(|row| Ok((subject(row)?, read_metadata(row)?))).collect()
}

fn read_metadata(row: &Row) -> Result<Metadata, DatabaseError> {
    row.parse("metadata", |text: String| serde_json::from_str(&text))
}

/// The tables in force that come from cases which can be told apart, with their agencies.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn of_cases(tx: &mut Transaction) -> Result<BTreeMap<(FormCode, Period), Vec<AgencyCode>>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT form, period, agency FROM agency_table
             WHERE of_cases = 1 AND id IN (SELECT MAX(id) FROM agency_table GROUP BY agency, form, period)
             ORDER BY form, period, agency",
            values![],
        )
        .await?;
    let mut tables: BTreeMap<(FormCode, Period), Vec<AgencyCode>> = BTreeMap::new();
    for row in &rows {
        let agency = row.parse("agency", |code: String| AgencyCode::parse(&code))?;
        tables.entry(subject(row)?).or_default().push(agency);
    }
    Ok(tables)
}

/// Every form and period for which an agency has delivered.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn subjects(tx: &mut Transaction) -> Result<Vec<(FormCode, Period)>, DatabaseError> {
    let rows = tx.rows("SELECT DISTINCT form, period FROM agency_table ORDER BY form, period", values![]).await?;
    rows.iter().map(subject).collect()
}

/// The form and period of a row.
pub(super) fn subject(row: &Row) -> Result<(FormCode, Period), DatabaseError> {
    Ok((
        row.parse("form", |text: String| FormCode::parse(&text))?,
        row.parse("period", |text: String| Period::parse(&text))?,
    ))
}
