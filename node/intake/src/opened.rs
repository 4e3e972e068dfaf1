//! A file as it came, opened to its text: a delimited file in the encoding that was said, or one sheet of a workbook. What
//! reads the text does not need to know which it was.

use std::borrow::Cow;

use super::mapping::FileRules;
use super::problems::Problem;
use super::{SourceFile, text, workbook};

/// The text of a file.
#[derive(Debug)]
pub struct Opened<'f> {
    /// Its rows as delimited text.
    pub text: Cow<'f, str>,
    /// What stands between two fields.
    pub delimiter: char,
    /// What was done to read it that a person should know.
    pub remarks: Vec<workbook::Remark>,
}

/// Opens a file by the rules that are said of it.
///
/// # Errors
/// When it is larger than `bytes_max` or cannot be read as what it is said to be.
pub fn open<'f>(file: SourceFile<'f>, rules: &FileRules, bytes_max: usize) -> Result<Opened<'f>, Problem> {
    if workbook::is_workbook(file.bytes) {
        let sheet = workbook::read(file.bytes, rules.sheet.as_deref())?;
        return Ok(Opened { text: Cow::Owned(sheet.text), delimiter: workbook::DELIMITER, remarks: sheet.remarks });
    }
    let text = text::decode_as(file.bytes, rules.encoding, bytes_max)?;
    Ok(Opened { text, delimiter: rules.delimiter.char(), remarks: Vec::new() })
}
