//! The body of a release: metadata and cells, column by column.
//!
//! ```text
//! body = version(1 byte: 1) ‖ plain length(u32 BE) ‖ packed length(u32 BE) ‖ zstd frame ‖ zero bytes
//! ```
//! padded with zeros to the next of [`BODY_STEPS`], so that its length tells little. The plain bytes are deterministic
//! CBOR: `{0: form, 1: period, 2: metadata, 3: columns}`, and the columns are an array of seven: `[[dimension…], states,
//! counts, bounds, fees, steps, narratives]`. A dimension is `[codes, rows]`: the codes that occur, sorted, and for each
//! cell the place of its code. `states` has one byte a cell: 0–7 a value with that status, 16 fewer, 17 not collected, 18
//! not known, 19 not applicable, 20 counted elsewhere, 21 suppressed. The other columns hold, in cell order, what the
//! states call for.
//! Cells are sorted by key and no key stands twice.
//!
//! Few packed bytes unpack to many plain ones, and those to values that take still more room. So every list is bounded
//! while it is read, and not when it is judged.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Decoder, Encode};

use crate::cell::{COUNT_MAX, Cell, Fee, Figure, Narrative, SUM_MAX, Status, Step, TEXT_BYTES_MAX};
use crate::codec;
use crate::id::{Code, FormCode};
use crate::period::Period;
use crate::table::{CELLS_MAX, DIMENSIONS_MAX, Key, Metadata, Table};

/// The lengths a body may have: powers of four from 4 KiB to 4 MiB.
pub const BODY_STEPS: [usize; 6] = [4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20];
/// Most bytes a body may unpack to: 50,000 cells at 16 bytes with texts stay below it.
const PLAIN_BYTES_MAX: usize = 8 << 20;
/// Version, plain length and packed length.
const HEAD_BYTES: usize = 9;
/// Level 6 packs counts about as well as the highest levels at a fraction of their time.
const PACKING_LEVEL: i32 = 6;

/// Why bytes are not a body, or a table cannot become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not one of [`BODY_STEPS`], or a longer step than needed.
    #[error("a body of {0} bytes is not padded as it should be")]
    Length(usize),
    /// Version other than 1.
    #[error("body version {0} is not known")]
    Version(u8),
    /// Bytes after the packed frame are not zero.
    #[error("the padding is not zero")]
    Padding,
    /// The packed frame is damaged or unpacks to another length.
    #[error("the body does not unpack to its stated length")]
    Packing,
    /// The table is too large for any step.
    #[error("the table is too large: {0} bytes packed")]
    TooLarge(usize),
    /// The plain bytes are not deterministic CBOR of a body.
    #[error("the body is not strict CBOR: {0}")]
    Encoding(String),
    /// The columns do not fit together.
    #[error("the columns of the body do not fit together: {0}")]
    Columns(&'static str),
    /// A cell that does not leave the node.
    #[error("the cell {0} is {1} and does not leave the node")]
    Inside(String, &'static str),
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Column {
    #[cbor(n(0), decode_with = "codec::at_most::<CELLS_MAX, _, _>")]
    codes: Vec<Code>,
    #[cbor(n(1), decode_with = "codec::at_most::<CELLS_MAX, _, _>")]
    rows: Vec<u32>,
}

#[derive(Encode, Decode, Default)]
#[cbor(array)]
struct Columns {
    #[cbor(n(0), decode_with = "codec::at_most::<DIMENSIONS_MAX, _, _>")]
    dimensions: Vec<Column>,
    #[cbor(n(1), with = "minicbor::bytes")]
    states: Vec<u8>,
    #[cbor(n(2), decode_with = "codec::at_most::<CELLS_MAX, _, _>")]
    counts: Vec<u64>,
    #[cbor(n(3), decode_with = "codec::at_most::<CELLS_MAX, _, _>")]
    bounds: Vec<u16>,
    #[cbor(n(4), decode_with = "read_fees")]
    fees: Vec<Fee>,
    #[cbor(n(5), decode_with = "codec::at_most::<CELLS_MAX, _, _>")]
    steps: Vec<Step>,
    #[cbor(n(6), decode_with = "read_narratives")]
    narratives: Vec<Narrative>,
}

fn read_fees<'b, C>(decoder: &mut Decoder<'b>, context: &mut C) -> Result<Vec<Fee>, minicbor::decode::Error> {
    read_choices(decoder, context, |fee: &Fee| fee.included.len() + fee.payment.len())
}

fn read_narratives<'b, C>(
    decoder: &mut Decoder<'b>,
    context: &mut C,
) -> Result<Vec<Narrative>, minicbor::decode::Error> {
    read_choices(decoder, context, |narrative: &Narrative| narrative.choices.len())
}

/// Figures with at most [`CELLS_MAX`] choices in all: each cell may have many, and all of them together may not.
fn read_choices<'b, C, T: Decode<'b, C>>(
    decoder: &mut Decoder<'b>,
    context: &mut C,
    choices_of: impl Fn(&T) -> usize,
) -> Result<Vec<T>, minicbor::decode::Error> {
    let at = decoder.position();
    let (mut figures, mut choices) = (Vec::new(), 0);
    for figure in decoder.array_iter_with::<C, T>(context)? {
        let figure = figure?;
        choices += choices_of(&figure);
        figures.push(figure);
        if figures.len() > CELLS_MAX || choices > CELLS_MAX {
            return Err(minicbor::decode::Error::message("more figures or choices than allowed here").at(at));
        }
    }
    Ok(figures)
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Plain {
    #[n(0)]
    form: FormCode,
    #[n(1)]
    period: Period,
    #[n(2)]
    metadata: Metadata,
    #[n(3)]
    columns: Columns,
}

const FEWER: u8 = 16;
const REASONS: [(u8, Cell); 5] = [
    (17, Cell::NotCollected),
    (18, Cell::NotKnown),
    (19, Cell::NotApplicable),
    (20, Cell::CountedElsewhere),
    (21, Cell::Suppressed),
];

/// The step a packed length is padded to; `None` above the largest.
pub fn padded_len(packed: usize) -> Option<usize> {
    BODY_STEPS.into_iter().find(|step| *step >= packed)
}

/// Packs a table as peers see it. Withheld and embargoed cells are refused: they have no public face.
pub fn encode_body(table: &Table) -> Result<Vec<u8>, BodyError> {
    let plain = Plain {
        form: table.form.clone(),
        period: table.period,
        metadata: table.metadata.clone(),
        columns: columns(table)?,
    };
    let plain = codec::to_bytes(&plain);
    let packed = zstd::bulk::compress(&plain, PACKING_LEVEL).map_err(|_| BodyError::TooLarge(plain.len()))?;
    let len = padded_len(HEAD_BYTES + packed.len())
        .filter(|_| plain.len() <= PLAIN_BYTES_MAX)
        .ok_or(BodyError::TooLarge(packed.len()))?;
    let mut body = Vec::with_capacity(len);
    body.push(1);
    body.extend_from_slice(&(plain.len() as u32).to_be_bytes());
    body.extend_from_slice(&(packed.len() as u32).to_be_bytes());
    body.extend_from_slice(&packed);
    body.resize(len, 0);
    Ok(body)
}

fn columns(table: &Table) -> Result<Columns, BodyError> {
    let arity = table.cells.keys().next().map_or(0, |key| key.0.len());
    if table.cells.len() > CELLS_MAX || arity > DIMENSIONS_MAX || table.cells.keys().any(|key| key.0.len() != arity) {
        return Err(BodyError::Columns("too many cells, or keys of different lengths"));
    }
    let mut columns = Columns::default();
    for d in 0..arity {
        let codes: Vec<Code> =
            table.cells.keys().map(|key| key.0[d].clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let rows = table.cells.keys().map(|key| codes.binary_search(&key.0[d]).map_or(0, |row| row as u32)).collect();
        columns.dimensions.push(Column { codes, rows });
    }
    for (key, cell) in &table.cells {
        columns.states.push(match cell {
            Cell::Value { figure, status } => {
                match figure {
                    Figure::Count(count) => columns.counts.push(*count),
                    Figure::Fee(fee) => columns.fees.push(fee.clone()),
                    Figure::Step(step) => columns.steps.push(step.clone()),
                    Figure::Narrative(narrative) => columns.narratives.push(narrative.clone()),
                }
                *status as u8
            }
            Cell::Fewer { below } => {
                columns.bounds.push(*below);
                FEWER
            }
            Cell::Withheld => return Err(BodyError::Inside(key.to_string(), "withheld")),
            Cell::Embargoed => return Err(BodyError::Inside(key.to_string(), "embargoed")),
            reason => REASONS.iter().find(|(_, cell)| cell == reason).map_or(0, |(state, _)| *state),
        });
    }
    Ok(columns)
}

/// Unpacks a body with bounded memory. Whether the codes are the form's is judged in [`crate::check`].
pub fn decode_body(body: &[u8]) -> Result<Table, BodyError> {
    let plain = unpack(body)?;
    let plain: Plain = codec::decode_strict(&plain).map_err(|error| BodyError::Encoding(error.to_string()))?;
    let mut table = Table { form: plain.form, period: plain.period, metadata: plain.metadata, cells: BTreeMap::new() };
    if table.metadata.texts().any(|text| text.len() > TEXT_BYTES_MAX) {
        return Err(BodyError::Columns("a text is too long"));
    }
    let Columns { dimensions, states, counts, bounds, fees, steps, narratives } = plain.columns;
    let wrong = BodyError::Columns;
    if states.len() > CELLS_MAX || (dimensions.is_empty() && states.len() > 1) {
        return Err(wrong("too many cells"));
    }
    for column in &dimensions {
        let used: BTreeSet<u32> = column.rows.iter().copied().collect();
        if column.rows.len() != states.len()
            || !column.codes.is_sorted_by(|a, b| a < b)
            || !used.iter().copied().eq(0..column.codes.len() as u32)
        {
            return Err(wrong("a dimension"));
        }
    }
    let (mut counts, mut bounds) = (counts.into_iter(), bounds.into_iter());
    // A form holds one kind of figure, so at most one of the four columns of values is in use.
    let in_use = [counts.len() > 0, !fees.is_empty(), !steps.is_empty(), !narratives.is_empty()]
        .into_iter()
        .filter(|used| *used)
        .count();
    if in_use > 1 {
        return Err(wrong("figures of two kinds"));
    }
    let mut others = fees
        .into_iter()
        .map(Figure::Fee)
        .chain(steps.into_iter().map(Figure::Step))
        .chain(narratives.into_iter().map(Figure::Narrative));
    let mut last: Option<Key> = None;
    for (i, state) in states.iter().enumerate() {
        let key = Key(dimensions.iter().map(|column| column.codes[column.rows[i] as usize].clone()).collect());
        if last.as_ref().is_some_and(|last| *last >= key) {
            return Err(wrong("cells are not sorted"));
        }
        let cell = match *state {
            FEWER => Cell::Fewer { below: bounds.next().filter(|below| *below >= 2).ok_or_else(|| wrong("bounds"))? },
            state if (state as usize) < Status::ALL.len() => {
                let figure =
                    counts.next().map(Figure::Count).or_else(|| others.next()).ok_or_else(|| wrong("values"))?;
                if !within_bounds(&figure) {
                    return Err(wrong("a figure is out of bounds"));
                }
                Cell::Value { figure, status: Status::ALL[state as usize] }
            }
            state => REASONS
                .iter()
                .find(|(known, _)| *known == state)
                .map(|(_, cell)| cell.clone())
                .ok_or_else(|| wrong("an unknown state"))?,
        };
        last = Some(key.clone());
        table.cells.insert(key, cell);
    }
    if counts.next().is_some() || bounds.next().is_some() || others.next().is_some() {
        return Err(wrong("values left over"));
    }
    Ok(table)
}

fn within_bounds(figure: &Figure) -> bool {
    match figure {
        // Sums of blocks travel in bodies too; that a count of a release is none is judged with its form.
        Figure::Count(count) => *count <= SUM_MAX,
        Figure::Fee(fee) => [fee.min, fee.typical, fee.max].into_iter().flatten().all(|amount| amount <= COUNT_MAX),
        Figure::Step(step) => step.comment.as_ref().is_none_or(|comment| comment.len() <= TEXT_BYTES_MAX),
        Figure::Narrative(narrative) => narrative.text.len() <= TEXT_BYTES_MAX,
    }
}

/// How many bytes a body says it unpacks to. [`decode_body`] reads no more than that.
pub fn plain_len(body: &[u8]) -> usize {
    head(body).map_or(0, |head| head.plain)
}

struct Head {
    version: u8,
    /// Bytes unpacked.
    plain: usize,
    /// Bytes packed.
    packed: usize,
}

/// `None` where the bytes are fewer than a head has.
fn head(body: &[u8]) -> Option<Head> {
    let head = body.first_chunk::<HEAD_BYTES>()?;
    let number = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]) as usize;
    Some(Head { version: head[0], plain: number(1), packed: number(5) })
}

fn unpack(body: &[u8]) -> Result<Vec<u8>, BodyError> {
    if !BODY_STEPS.contains(&body.len()) {
        return Err(BodyError::Length(body.len()));
    }
    let head = head(body).ok_or(BodyError::Length(body.len()))?;
    if head.version != 1 {
        return Err(BodyError::Version(head.version));
    }
    let rest = &body[HEAD_BYTES..];
    if head.plain > PLAIN_BYTES_MAX || head.packed > rest.len() {
        return Err(BodyError::Packing);
    }
    if padded_len(HEAD_BYTES + head.packed) != Some(body.len()) {
        return Err(BodyError::Length(body.len()));
    }
    let (packed, padding) = rest.split_at(head.packed);
    if padding.iter().any(|byte| *byte != 0) {
        return Err(BodyError::Padding);
    }
    let plain = unpacked(packed, head.plain).map_err(|_| BodyError::Packing)?;
    if plain.len() == head.plain { Ok(plain) } else { Err(BodyError::Packing) }
}

thread_local! {
    /// Making one takes longer than unpacking a small body, so each thread keeps its own.
    static UNPACKER: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Unpacks a frame to at most `max` bytes.
fn unpacked(packed: &[u8], max: usize) -> std::io::Result<Vec<u8>> {
    UNPACKER.with_borrow_mut(|kept| {
        let unpacker = match kept {
            Some(unpacker) => unpacker,
            None => kept.insert(zstd::bulk::Decompressor::new()?),
        };
        unpacker.decompress(packed, max)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::StepRole;

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    fn table() -> Table {
        let mut table = Table::new(FormCode::parse("SM_MOD").unwrap(), Period::parse("2013-S1").unwrap());
        table.metadata.source = Some("Border Guard".into());
        for (mode, country, cell) in [
            ("_T", "_T", Cell::count(77)),
            ("SEA", "IDN", Cell::count(0)),
            ("SEA", "_O", Cell::Suppressed),
            ("AIR", "_T", Cell::NotKnown),
            ("LAND", "_T", Cell::NotApplicable),
            ("AIR", "_U", Cell::Fewer { below: 5 }),
        ] {
            table.cells.insert(Key(vec![code(mode), code(country)]), cell);
        }
        table
    }

    #[test]
    fn every_cell_comes_back_as_it_left() {
        let body = encode_body(&table()).unwrap();
        assert_eq!(body.len(), BODY_STEPS[0]);
        assert_eq!(decode_body(&body).unwrap(), table());
    }

    #[test]
    fn routes_fees_and_text_travel_too() {
        let mut routes = Table::new(FormCode::parse("RT_CTY").unwrap(), Period::parse("2013").unwrap());
        for (n, (country, role)) in [("AFG", StepRole::Origin), ("IRN", StepRole::Transit)].into_iter().enumerate() {
            let figure = Figure::Step(Step { country: code(country), role, mode: Some(code("LAND")), comment: None });
            routes.cells.insert(
                Key(vec![code("AFG"), code("1"), code(&(n + 1).to_string())]),
                Cell::Value { figure, status: Status::Normal },
            );
        }
        assert_eq!(decode_body(&encode_body(&routes).unwrap()).unwrap(), routes);
    }

    #[test]
    fn what_stays_at_home_has_no_bytes() {
        let mut table = table();
        table.cells.insert(Key(vec![code("SEA"), code("AUS")]), Cell::Embargoed);
        assert!(matches!(encode_body(&table), Err(BodyError::Inside(..))));
    }

    #[test]
    fn a_changed_body_is_refused_and_never_panics() {
        let body = encode_body(&table()).unwrap();
        let mut padded = body.clone();
        padded[4095] = 1;
        assert_eq!(decode_body(&padded), Err(BodyError::Padding));
        let mut longer = body.clone();
        longer.resize(BODY_STEPS[1], 0);
        assert_eq!(decode_body(&longer), Err(BodyError::Length(BODY_STEPS[1])));
        assert_eq!(decode_body(&body[..4000]), Err(BodyError::Length(4000)));
        for i in 0..200 {
            let mut changed = body.clone();
            changed[i] ^= 0x41;
            if let Ok(other) = decode_body(&changed) {
                assert_ne!(other, table(), "byte {i}");
            }
        }
    }

    /// A body around any plain bytes.
    fn packed(plain: &[u8]) -> Vec<u8> {
        let packed = zstd::bulk::compress(plain, PACKING_LEVEL).unwrap();
        let number = |n: usize| (n as u32).to_be_bytes();
        let mut body = [&[1][..], &number(plain.len()), &number(packed.len()), &packed].concat();
        body.resize(padded_len(body.len()).unwrap(), 0);
        body
    }

    #[test]
    fn a_small_body_of_millions_of_values_is_refused_before_they_are_read() {
        let plain = codec::to_bytes(&Plain {
            form: FormCode::parse("SM_MOD").unwrap(),
            period: Period::parse("2013").unwrap(),
            metadata: Metadata::default(),
            columns: Columns::default(),
        });
        let before = &plain[..plain.len() - 8];
        assert_eq!(plain[plain.len() - 8..], [0x87, 0x80, 0x40, 0x80, 0x80, 0x80, 0x80, 0x80]);
        // 0x9a and four bytes: a list of four million.
        let list = [0x9a, 0, 0x3d, 0x09, 0];
        let ends: [(&str, &[u8], &[u8]); 5] = [
            ("codes", &[0x87, 0x81, 0x82], b"aa"),
            ("rows", &[0x87, 0x81, 0x82, 0x80], &[0, 0]),
            ("dimensions", &[0x87], &[0, 0]),
            ("counts", &[0x87, 0x80, 0x40], &[0, 0]),
            ("choices", &[0x87, 0x80, 0x40, 0x80, 0x80, 0x80, 0x80, 0x81, 0x82], b"aa"),
        ];
        for (what, head, value) in ends {
            let body = packed(&[before, head, &list, &value.repeat(4_000_000)].concat());
            assert_eq!(body.len(), BODY_STEPS[0], "{what}");
            let refused = decode_body(&body).unwrap_err().to_string();
            assert!(refused.contains("more than the"), "{what}: {refused}");
        }
        // Each narrative is within its bound, and all of them are not.
        let narrative = [&[0x82, 0x98, 100][..], &b"aa".repeat(100), &[0x60]].concat();
        let head = [0x87, 0x80, 0x40, 0x80, 0x80, 0x80, 0x80, 0x99, 0x9c, 0x40];
        let body = packed(&[before, &head, &narrative.repeat(40_000)].concat());
        let refused = decode_body(&body).unwrap_err().to_string();
        assert!(refused.contains("more figures or choices"), "{refused}");
    }

    #[test]
    fn five_thousand_cells_cost_less_than_three_bytes_each() {
        let mut table = Table::new(FormCode::parse("IE_MOD").unwrap(), Period::parse("2013").unwrap());
        let mut seed = 7_u64;
        for mode in 0..20 {
            for country in 0..250 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                table.cells.insert(
                    Key(vec![code(&format!("M{mode:02}")), code(&format!("C{country:03}"))]),
                    Cell::count((seed >> 33) % 5_000),
                );
            }
        }
        let plain = Plain {
            form: table.form.clone(),
            period: table.period,
            metadata: Metadata::default(),
            columns: columns(&table).unwrap(),
        };
        let packed = zstd::bulk::compress(&codec::to_bytes(&plain), PACKING_LEVEL).unwrap();
        assert!(packed.len() < 15_000, "{} bytes", packed.len());
    }
}
