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
    /// That it was taken back.
    pub back: Option<Back>,
}

/// That an import was taken back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Back {
    /// Who took it back.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A table that came with an import.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FileTable {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// Whether a later import brought other figures of the agency.
    pub replaced: bool,
    /// Whether the agency had delivered figures before it.
    pub has_before: bool,
    /// Whether they were there already, and it said the same.
    pub same: bool,
    /// Whether no import that says them was taken back, or another still says them.
    pub stands: bool,
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
    let sql =
        "SELECT id, agency, name, hash, rows_read, taken_by, taken_at, taken_back_by, taken_back_reason, taken_back_at
         FROM intake_file ORDER BY id DESC LIMIT $1";
    tx.rows(sql, values![most]).await?.iter().map(taken_file).collect()
}

/// A file that was taken in.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn file(tx: &mut Transaction, id: i64) -> Result<Option<TakenFile>, DatabaseError> {
    let sql =
        "SELECT id, agency, name, hash, rows_read, taken_by, taken_at, taken_back_by, taken_back_reason, taken_back_at
         FROM intake_file WHERE id = $1";
    tx.optional_row(sql, values![id]).await?.as_ref().map(taken_file).transpose()
}

fn taken_file(row: &Row) -> Result<TakenFile, DatabaseError> {
    let back = match (row.read("taken_back_by")?, row.read("taken_back_reason")?, row.read("taken_back_at")?) {
        (Some(by), Some(reason), Some(at)) => Some(Back { by, reason, at: Timestamp(at) }),
        _ => None,
    };
    Ok(TakenFile {
        id: row.read("id")?,
        agency: row.parse("agency", |code: String| AgencyCode::parse(&code))?,
        name: row.read("name")?,
        hash: Hash(row.read("hash")?),
        rows_read: row.read("rows_read")?,
        taken_by: row.read("taken_by")?,
        taken_at: Timestamp(row.read("taken_at")?),
        back,
    })
}

/// The tables that came with an import.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn tables_of(tx: &mut Transaction, file: i64) -> Result<Vec<FileTable>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT t.form, t.period,
                (SELECT COUNT(*) FROM agency_table o WHERE o.agency = t.agency AND o.form = t.form AND o.period = t.period
                 AND o.id > t.id AND o.taken_back IS NULL) AS later,
                (SELECT COUNT(*) FROM agency_table o WHERE o.agency = t.agency AND o.form = t.form AND o.period = t.period
                 AND o.id < t.id AND o.taken_back IS NULL) AS earlier,
                t.intake_file, t.taken_back
             FROM agency_table t
             WHERE t.intake_file = $1 OR t.id IN (SELECT table_id FROM intake_same WHERE intake_file = $1) ORDER BY t.id",
            values![file],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let (form, period) = subject(row)?;
            let (later, earlier): (i64, i64) = (row.read("later")?, row.read("earlier")?);
            Ok(FileTable {
                form,
                period,
                replaced: later > 0,
                has_before: earlier > 0,
                same: row.read::<i64>("intake_file")? != file,
                stands: row.read::<Option<i64>>("taken_back")?.is_none(),
            })
        })
        .collect()
}

/// Takes an import back, so that its tables are in force no more; says whether it was not taken back before.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn take_back(
    tx: &mut Transaction,
    file: i64,
    by: &str,
    reason: &str,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let sql = "UPDATE intake_file SET taken_back_by = $1, taken_back_reason = $2, taken_back_at = $3
         WHERE id = $4 AND taken_back_at IS NULL";
    if tx.execute(sql, values![by, reason, now.0, file]).await? == 0 {
        return Ok(false);
    }
    tx.execute(
        "UPDATE agency_table SET taken_back = $1
         WHERE taken_back IS NULL
           AND (intake_file = $2 OR id IN (SELECT table_id FROM intake_same WHERE intake_file = $2))
           AND intake_file IN (SELECT f.id FROM intake_file f WHERE f.taken_back_at IS NOT NULL)
           AND id NOT IN (SELECT s.table_id FROM intake_same s JOIN intake_file f ON f.id = s.intake_file
                          WHERE f.taken_back_at IS NULL)",
        values![now.0, file],
    )
    .await?;
    Ok(true)
}

/// Notes that an import says a version again just as it stands.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn say_again(tx: &mut Transaction, file: i64, table: i64) -> Result<(), DatabaseError> {
    let sql = "INSERT INTO intake_same (intake_file, table_id) VALUES ($1, $2)";
    tx.execute_exactly(1, sql, values![file, table]).await
}

/// Notes that an agency's figures for a form and period are not those of cases that are kept, because those were deleted.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn forget_cases(
    tx: &mut Transaction,
    agency: &AgencyCode,
    form: &FormCode,
    period: Period,
) -> Result<(), DatabaseError> {
    let sql = "UPDATE agency_table SET of_cases = NULL WHERE agency = $1 AND form = $2 AND period = $3";
    tx.execute(sql, values![agency.as_str(), form.as_str(), period.to_string()]).await.map(drop)
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
            "SELECT t.id, t.agency, t.metadata, t.intake_file, t.of_cases, f.name, f.taken_by, f.taken_at,
                (SELECT MIN(g.taken_at) FROM agency_table o JOIN intake_file g ON g.id = o.intake_file
                 WHERE o.form = $1 AND o.period = $2 AND o.agency = t.agency AND o.taken_back IS NULL) AS since
             FROM agency_table t JOIN intake_file f ON f.id = t.intake_file
             WHERE t.id IN (SELECT MAX(id) FROM agency_table WHERE form = $1 AND period = $2 AND taken_back IS NULL
             GROUP BY agency)
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
        since: Timestamp(row.read("since")?),
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
             WHERE id IN (SELECT MAX(id) FROM agency_table WHERE agency = $1 AND taken_back IS NULL GROUP BY form, period)",
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
             WHERE of_cases = 1 AND id IN (SELECT MAX(id) FROM agency_table WHERE taken_back IS NULL
             GROUP BY agency, form, period)
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
    let rows = tx
        .rows(
            "SELECT DISTINCT form, period FROM agency_table WHERE taken_back IS NULL ORDER BY form, period",
            values![],
        )
        .await?;
    rows.iter().map(subject).collect()
}

/// The form and period of a row.
pub(super) fn subject(row: &Row) -> Result<(FormCode, Period), DatabaseError> {
    Ok((
        row.parse("form", |text: String| FormCode::parse(&text))?,
        row.parse("period", |text: String| Period::parse(&text))?,
    ))
}
