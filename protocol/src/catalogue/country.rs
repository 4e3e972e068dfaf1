//! Countries and areas: UN names in six languages and the codes they go by. Names follow the UN lists and imply no
//! position on the status of any territory.

/// A country or area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-3, the storage key.
    pub iso3: String,
    /// ISO 3166-1 alpha-2.
    pub iso2: String,
    /// UN M49 number, three digits; empty where there is none.
    pub m49: String,
    /// UN short name in English.
    pub name_en: String,
    /// UN short names in French, Spanish, Arabic, Chinese and Russian, in this order.
    pub names: [String; 5],
    /// M49 region.
    pub region: String,
    /// M49 subregion.
    pub subregion: String,
}
