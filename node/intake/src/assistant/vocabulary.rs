//! Words that headings, titles and labels are made of, in several languages, and what they announce. A word here proposes;
//! it decides nothing.

use vrs_protocol::id::Code;

use super::super::numbers;

/// Words in headings and what they announce, in small letters without accents. The first that fits is taken, so the more
/// special ones stand first.
const HEADINGS: [(&[&str], &str); 21] = [
    (
        &[
            "case no",
            "case number",
            "case ref",
            "case id",
            "reference",
            "dossier",
            "expediente",
            "aktenzeichen",
            "file number",
        ],
        "reference",
    ),
    (
        &["last exit", "last country", "provenance", "came from", "embark", "departure", "procedencia", "last_exit"],
        "last_exit",
    ),
    (&["next destination", "destination", "next country", "destino"], "next_destination"),
    (&["issuing", "issuer", "issued by", "emission", "expedicion"], "issuer"),
    (
        &[
            "citizen",
            "nationalit",
            "nacionalidad",
            "ciudadan",
            "staatsang",
            "obywatel",
            "cittadin",
            "country of origin",
            "origin",
            "гражданств",
            "الجنسية",
            "国籍",
        ],
        "citizenship",
    ),
    (&["gender", "sex", "sexe", "sexo", "genre", "geschlecht", "plec", "пол", "الجنس", "性别"], "sex"),
    (&["age", "edad", "alter", "wiek", "возраст", "العمر", "年龄"], "age"),
    (&["type of border", "border type", "land/sea/air", "mode", "means of entry"], "mode"),
    (&["ground", "reason", "motif", "motivo", "grund"], "ground"),
    (&["fraud kind", "kind of fraud", "type of fraud"], "fraud_kind"),
    (&["type of document", "document type", "document_type", "tipo de documento", "type de document"], "document_type"),
    (&["direction", "entry/exit"], "direction"),
    (&["role", "function", "funcion"], "role"),
    (&["harm"], "harm"),
    (
        &[
            "entry point",
            "border crossing",
            "crossing point",
            "port of entry",
            "paso fronterizo",
            "poste",
            "entry_point",
        ],
        "entry_point",
    ),
    (&["exit point", "port of exit", "exit_point"], "exit_point"),
    (&["country", "pays", "pais", "land", "state", "kraj", "paese", "страна", "الدولة", "国家"], "citizenship"),
    (&["year", "annee", "ano", "anio", "jahr", "rok", "год", "السنة", "年份"], "year"),
    (&["flag", "obs_status", "status"], "flag"),
    (&["indicator", "topic", "event", "measure", "concept", "indicador", "indicateur", "evento"], "topic"),
    (
        &[
            "persons",
            "count",
            "number",
            "value",
            "total",
            "cases",
            "people",
            "personas",
            "effectif",
            "nombre",
            "anzahl",
            "liczba",
            "cantidad",
            "numero",
            "quantity",
            "obs_value",
            "detections",
            "amount",
            "число",
            "количество",
            "العدد",
            "人数",
        ],
        "count",
    ),
];

/// Words that say what a file is about.
const TOPICS: [(&[&str], &str); 8] = [
    (&["convict", "conden", "sentenced"], "CS"),
    (&["smuggler", "facilitator", "passeur", "trafficker", "coyote", "schleuser"], "MS"),
    (&["smuggled"], "SM"),
    (&["refus", "rechaz", "denied entry", "inadmiss", "turned back", "odmow"], "RE"),
    (&["fraud", "forged", "false document", "fake", "falsif"], "FD"),
    (&["illegal exit", "irregular exit", "illegal depart", "salida irregular"], "IX"),
    (
        &[
            "illegally present",
            "illegal stay",
            "irregular stay",
            "irregular situation",
            "irregular_situation",
            "situacion",
            "overstay",
            "illegal residen",
            "pobyt",
        ],
        "IR",
    ),
    (
        &[
            "illegal entr",
            "irregular entr",
            "illegal border",
            "irregular arriv",
            "irregular border",
            "irregular transit",
            "entrada irregular",
            "entrada ilegal",
            "franchissement",
            "apprehen",
            "detections",
            "encounter",
        ],
        "IE",
    ),
];

/// Words that stand for a total, the rest, and what is not known.
const RESERVED: [(&[&str], &str); 3] = [
    (
        &[
            "total",
            "totals",
            "all",
            "all countries",
            "grand total",
            "total general",
            "totaux",
            "ensemble",
            "insgesamt",
            "gesamt",
            "razem",
            "ogolem",
            "totale",
            "всего",
            "итого",
            "المجموع",
            "总计",
            "合计",
        ],
        Code::TOTAL,
    ),
    (
        &[
            "other",
            "others",
            "other countries",
            "other nations",
            "autres",
            "autre",
            "otros",
            "otras",
            "andere",
            "sonstige",
            "inne",
            "altri",
            "другие",
            "أخرى",
            "其他",
        ],
        Code::OTHER,
    ),
    (
        &[
            "unknown",
            "not known",
            "n/k",
            "inconnu",
            "inconnue",
            "desconocido",
            "desconocida",
            "no especificado",
            "unbekannt",
            "nieznane",
            "sconosciuto",
            "неизвестно",
            "غير معروف",
            "未知",
        ],
        Code::UNKNOWN,
    ),
];

/// What a heading announces.
pub(super) fn announced(heading: &str) -> Option<&'static str> {
    let name = plain(heading).replace(['_', '-', '.'], " ");
    let has = |word: &&str| {
        let word = word.replace('_', " ");
        // Short words stand alone: "age" is not in "percentage".
        if word.chars().count() <= 4 { name.split_whitespace().any(|own| own == word) } else { name.contains(&word) }
    };
    HEADINGS.iter().find(|(words, _)| words.iter().any(&has)).map(|(_, what)| *what)
}

/// The topic whose words stand in a text.
pub(super) fn topic_in(text: &str) -> Option<&'static str> {
    let text = plain(text).replace(['_', '-', '.'], " ");
    TOPICS
        .iter()
        .find(|(words, _)| words.iter().any(|word| text.contains(&word.replace('_', " "))))
        .map(|(_, topic)| *topic)
}

/// The reserved code that a word stands for.
pub(super) fn reserved(label: &str) -> Option<&'static str> {
    let label = plain(label);
    RESERVED.iter().find(|(words, _)| words.contains(&label.as_str())).map(|(_, code)| *code)
}

/// What publishers print where there is no count.
pub(super) fn is_mark(value: &str) -> bool {
    value.is_empty()
        || value.starts_with(['<', '≤'])
        || numbers::count(value).is_ok()
        || matches!(value, "-" | "–" | "—" | ":" | "." | ".." | "…" | "n/a" | "N/A" | "na" | "*" | "x")
}

/// Small letters without accents, single spaces.
pub(super) fn plain(text: &str) -> String {
    let small = text.chars().flat_map(char::to_lowercase).map(|c| match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'ę' => 'e',
        'í' | 'î' | 'ï' => 'i',
        'ó' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'û' | 'ü' => 'u',
        'ñ' | 'ń' => 'n',
        'ç' | 'ć' => 'c',
        'ł' => 'l',
        'ż' | 'ź' => 'z',
        'ś' => 's',
        _ => c,
    });
    small.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
