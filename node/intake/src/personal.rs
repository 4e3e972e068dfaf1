//! Columns that look like they identify a person. The node takes counts; a file that carries a name, a passport number
//! or a birth date is refused whole, before a row of it is read, so that nothing of it can reach a database, a log or
//! a message. This reads headings only: it stops a mistake, not somebody who renames the column.

/// Headings that identify by themselves, in the languages that officers write them, without signs and case.
const HEADINGS: [(&str, &str); 77] = [
    ("name", NAME),
    ("names", NAME),
    ("fullname", NAME),
    ("firstname", NAME),
    ("lastname", NAME),
    ("middlename", NAME),
    ("givenname", NAME),
    ("givennames", NAME),
    ("familyname", NAME),
    ("surname", NAME),
    ("surnames", NAME),
    ("forename", NAME),
    ("maidenname", NAME),
    ("personname", NAME),
    ("migrantname", NAME),
    ("suspectname", NAME),
    ("nameofperson", NAME),
    ("fathername", NAME),
    ("fathersname", NAME),
    ("mothername", NAME),
    ("mothersname", NAME),
    ("alias", NAME),
    ("nom", NAME),
    ("prenom", NAME),
    ("nomdefamille", NAME),
    // Alone, "nombre" is "name" in Spanish and "number" in French, where it is the usual heading of counts.
    ("nombrecompleto", NAME),
    ("nombreyapellido", NAME),
    ("nombreyapellidos", NAME),
    ("nombresyapellidos", NAME),
    ("primernombre", NAME),
    ("apellido", NAME),
    ("apellidos", NAME),
    ("cognome", NAME),
    ("vorname", NAME),
    ("nachname", NAME),
    ("имя", NAME),
    ("фамилия", NAME),
    ("الاسم", NAME),
    ("姓名", NAME),
    ("dob", BIRTH),
    ("birth", BIRTH),
    ("birthday", BIRTH),
    ("birthdate", BIRTH),
    ("dateofbirth", BIRTH),
    ("born", BIRTH),
    ("yearofbirth", BIRTH),
    ("birthyear", BIRTH),
    ("placeofbirth", BIRTH),
    ("birthplace", BIRTH),
    ("datedenaissance", BIRTH),
    ("fechadenacimiento", BIRTH),
    ("geburtsdatum", BIRTH),
    ("датарождения", BIRTH),
    ("تاريخالميلاد", BIRTH),
    ("出生日期", BIRTH),
    ("passport", DOCUMENT),
    ("pasaporte", DOCUMENT),
    ("passeport", DOCUMENT),
    ("reisepass", DOCUMENT),
    ("паспорт", DOCUMENT),
    ("护照", DOCUMENT),
    ("ssn", DOCUMENT),
    ("nationalid", DOCUMENT),
    ("personalid", DOCUMENT),
    ("idcard", DOCUMENT),
    ("idnumber", DOCUMENT),
    ("mrz", DOCUMENT),
    ("phone", CONTACT),
    ("telephone", CONTACT),
    ("mobile", CONTACT),
    ("email", CONTACT),
    ("mail", CONTACT),
    ("address", CONTACT),
    ("homeaddress", CONTACT),
    ("photo", BODY),
    ("portrait", BODY),
    ("signature", BODY),
];
/// Beginnings and endings that identify wherever they stand in a heading.
const PARTS: [(&str, &str); 16] = [
    ("passportno", DOCUMENT),
    ("passportnr", DOCUMENT),
    ("passportnum", DOCUMENT),
    ("passportid", DOCUMENT),
    ("documentno", DOCUMENT),
    ("documentnr", DOCUMENT),
    ("documentnum", DOCUMENT),
    ("visano", DOCUMENT),
    ("visanum", DOCUMENT),
    ("socialsecurity", DOCUMENT),
    ("dateofbirth", BIRTH),
    ("birthdate", BIRTH),
    ("fingerprint", BODY),
    ("biometric", BODY),
    ("phonenum", CONTACT),
    ("emailaddress", CONTACT),
];

const NAME: &str = "a person's name";
const BIRTH: &str = "a date or place of birth";
const DOCUMENT: &str = "the number of a person's document";
const CONTACT: &str = "an address or number of a person";
const BODY: &str = "a picture or a biometric trait";

/// What a heading seems to identify a person by, if anything.
pub fn identifies(heading: &str) -> Option<&'static str> {
    let plain: String =
        heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).map(unaccented).collect();
    let whole = HEADINGS.iter().find(|(word, _)| *word == plain);
    let part = || PARTS.iter().find(|(word, _)| plain.contains(word));
    whole.or_else(part).map(|(_, what)| *what)
}

/// The letter without the accent, for the accents that occur in the words above.
fn unaccented(c: char) -> char {
    match c {
        'é' | 'è' | 'ê' => 'e',
        'ó' | 'ô' => 'o',
        'á' | 'à' => 'a',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_that_identify_a_person_are_seen_however_they_are_written() {
        for heading in [
            "Name",
            "LAST_NAME",
            "first name",
            "Prénom",
            "Apellidos",
            "passport",
            "Passport No.",
            "passport_number",
            "Date of Birth",
            "DOB",
            "birth-date",
            "SSN",
            "E-mail",
            "Fingerprint ID",
            "Travel document no",
            "姓名",
            "Nombre y apellidos",
            "Nombre completo",
        ] {
            assert!(identifies(heading).is_some(), "{heading}");
        }
    }

    #[test]
    fn headings_of_statistics_are_left_alone() {
        for heading in [
            "citizenship",
            "country_name",
            "reporting_country",
            "agency name",
            "age_group",
            "sex",
            "country of birth",
            "document type",
            "issuing country",
            "persons",
            "region",
            "nationality",
            "visa_type",
            "mode",
            "value",
            "status",
            "quarter_end",
            "Nombre",
            "nombres",
            "Nombre de personnes",
            "Effectif",
            "Nombre total",
            "Número",
            "Número de personas",
            "Cantidad",
            "Numero",
            "Numero di persone",
            "Anzahl",
            "Anzahl der Personen",
            "Insgesamt",
            "Liczba",
            "Liczba osób",
            "Ogółem",
            "Total",
        ] {
            assert_eq!(identifies(heading), None, "{heading}");
        }
    }
}
