//! The published figures and the mappings that read them, carried inside the program, so that the demo needs no folder
//! beside it. Who published what, under which licence: `deploy/demo/data/README.md`.

/// A file of figures with the mapping that reads it.
pub(crate) struct Source {
    /// Name of the file.
    pub(crate) name: &'static str,
    /// Its bytes.
    pub(crate) bytes: &'static [u8],
    /// Name of the mapping.
    pub(crate) mapping: &'static str,
    /// Its text.
    pub(crate) mapping_bytes: &'static [u8],
    /// Files the mapping wants beside it.
    pub(crate) beside: &'static [(&'static str, &'static [u8])],
}

/// A file of the demo, with the name it has there.
macro_rules! source {
    ($data:literal, $mapping:literal) => {
        source!($data, $mapping, [])
    };
    ($data:literal, $mapping:literal, [$($beside:literal),*]) => {
        Source {
            name: $data,
            bytes: include_bytes!(concat!("../demo/data/", $data)),
            mapping: $mapping,
            mapping_bytes: include_bytes!(concat!("../demo/mappings/", $mapping)),
            beside: &[$(($beside, include_bytes!(concat!("../demo/data/", $beside)))),*],
        }
    };
}

/// Persons found illegally present because of an illegal entry.
pub(crate) static ILLEGAL_ENTRY: Source =
    source!("eurostat-illegally-present-by-reason-and-citizenship.csv", "eurostat-illegal-entry.toml");
/// Refused entries, all citizenships together.
pub(crate) static REFUSED_TOTALS: Source =
    source!("eurostat-refused-entry-totals.csv", "eurostat-refused-entry-totals.toml");
/// Refused entries by citizenship.
pub(crate) static REFUSED_BY_CITIZENSHIP: Source =
    source!("eurostat-refused-entry-by-citizenship.csv", "eurostat-refused-entry-by-citizenship.toml");
/// Persons found illegally present by citizenship; the totals stand in a second file.
pub(crate) static ILLEGALLY_PRESENT: Source = source!(
    "eurostat-illegally-present-by-citizenship.csv",
    "eurostat-illegally-present.toml",
    ["eurostat-illegally-present-by-reason-and-place.csv"]
);
/// Irregular arrivals of the United Kingdom.
pub(crate) static UK_DETECTIONS: Source = source!("uk-detections.csv", "uk-detections.toml");
/// Encounters at the southwest land border of the United States.
pub(crate) static US_ENCOUNTERS: Source = source!("us-cbp-southwest-encounters.csv", "us-cbp-encounters.toml");
/// Aliens determined inadmissible, United States.
pub(crate) static US_INADMISSIBLE: Source =
    source!("us-dhs-inadmissible-by-citizenship.csv", "us-dhs-inadmissible.toml");
/// Irregular stay in Poland, as the Border Guard counts it.
pub(crate) static POLAND_BORDER_GUARD: Source = source!("poland-irregular-stay.csv", "poland-border-guard.toml");
/// Irregular stay in Poland, as the Police counts it.
pub(crate) static POLAND_POLICE: Source = source!("poland-irregular-stay.csv", "poland-police.toml");
