//! Layers, refusals and origins.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde::Deserialize;

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Harbour {
    name: String,
    #[serde(default)]
    berths: u16,
    #[serde(default)]
    pilots: Vec<String>,
    #[serde(default)]
    database: Option<String>,
    #[serde(default)]
    light: Light,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Light {
    on: bool,
    seconds: u64,
    colour: Colour,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Colour {
    White,
    Red,
}

impl Default for Light {
    fn default() -> Self {
        Self { on: true, seconds: 5, colour: Colour::White }
    }
}

struct Place(tempfile::TempDir);

impl Place {
    fn new(toml: &str) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        std::fs::write(place.0.path().join(FILE_NAME), toml).unwrap();
        place
    }

    fn sources(&self, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Sources {
        let pairs = |list: &[(&str, &str)]| list.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Sources {
            dir: self.0.path().to_owned(),
            environment: pairs(environment),
            flags: pairs(flags),
            not_settings: vec!["VRS_PASSWORD_FILE".to_owned()],
        }
    }

    fn refusal(&self, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> String {
        load::<Harbour>(&self.sources(environment, flags)).unwrap_err().to_string()
    }
}

const FILE: &str = "name = 'Tromsø'\nberths = 3\n[light]\nseconds = 7\n";

#[test]
fn later_layers_win_and_every_value_knows_its_origin() {
    let place = Place::new(FILE);
    let environment = [
        ("VRS_BERTHS", "4"),
        ("VRS_LIGHT__ON", "false"),
        ("PATH", "/bin"),
        ("VRS_PASSWORD_FILE", "p"),
        ("VRS_TEST_X", ""),
    ];
    let flags = [("berths", "5"), ("light.colour", "red"), ("pilots", "[\"Nansen\", \"Sverdrup\"]")];
    let loaded = load::<Harbour>(&place.sources(&environment, &flags)).unwrap();
    let expected = Harbour {
        name: "Tromsø".to_owned(),
        berths: 5,
        pilots: vec!["Nansen".to_owned(), "Sverdrup".to_owned()],
        database: None,
        light: Light { on: false, seconds: 7, colour: Colour::Red },
    };
    assert_eq!(loaded.settings, expected);
    let file = Origin::File(place.0.path().join(FILE_NAME));
    let lines: Vec<_> = loaded.values.iter().map(|v| (v.key.as_str(), v.value.as_str(), v.origin.clone())).collect();
    for line in [
        ("name", "Tromsø", file.clone()),
        ("berths", "5", Origin::Flag),
        ("database", "(not set)", Origin::Default),
        ("light.seconds", "7", file),
        ("light.on", "false", Origin::Environment("VRS_LIGHT__ON".to_owned())),
        ("light.colour", "red", Origin::Flag),
        ("pilots", "[\"Nansen\",\"Sverdrup\"]", Origin::Flag),
    ] {
        assert!(lines.contains(&line), "{line:?} in {lines:?}");
    }
    assert_eq!(lines.len(), 7);
}

#[test]
fn a_password_in_an_address_is_not_reported() {
    let place = Place::new("name = 'a'\ndatabase = 'postgres://u:hunter2@h/d'");
    let loaded = load::<Harbour>(&place.sources(&[], &[])).unwrap();
    assert_eq!(loaded.settings.database.as_deref(), Some("postgres://u:hunter2@h/d"));
    assert!(!format!("{:?}", loaded.values).contains("hunter2"));
}

#[test]
fn an_unknown_key_is_refused_with_its_place_and_the_accepted_ones() {
    let at_top = Place::new("name = 'a'\nberth = 3");
    let text = at_top.refusal(&[], &[]);
    assert!(text.contains("setting berth (") && text.contains(FILE_NAME) && text.contains("`berths`"), "{text}");
    let below = Place::new("name = 'a'\n[light]\nsecond = 3");
    let text = below.refusal(&[], &[]);
    assert!(text.contains("setting light.second (") && text.contains("`seconds`"), "{text}");
    let place = Place::new(FILE);
    let text = place.refusal(&[("VRS_LIGHT__SECOND", "3")], &[]);
    assert!(text.contains("environment variable VRS_LIGHT__SECOND") && text.contains("`colour`"), "{text}");
    let text = place.refusal(&[], &[("lamp", "3")]);
    assert!(text.contains("setting lamp (command line)"), "{text}");
}

#[test]
fn an_impossible_value_is_refused_with_its_place() {
    let place = Place::new(FILE);
    for (environment, words) in [
        (("VRS_BERTHS", "many"), ["berths", "VRS_BERTHS"]),
        (("VRS_BERTHS", "70000"), ["berths", "16"]),
        (("VRS_LIGHT__ON", "perhaps"), ["light.on", "VRS_LIGHT__ON"]),
        (("VRS_LIGHT__COLOUR", "green"), ["light.colour", "green"]),
        (("VRS_PILOTS", "Nansen"), ["pilots", "sequence"]),
    ] {
        let text = place.refusal(&[environment], &[]);
        assert!(words.iter().all(|word| text.contains(word)), "{environment:?}: {text}");
    }
}

#[test]
fn a_missing_key_says_where_it_belongs() {
    let text = Place::new("berths = 1").refusal(&[], &[]);
    assert!(text.contains("setting name is missing; write it into"), "{text}");
    let nowhere = tempfile::tempdir().unwrap();
    let sources = Sources { dir: nowhere.path().to_owned(), ..Sources::default() };
    let text = load::<Harbour>(&sources).unwrap_err().to_string();
    assert!(text.contains("there is no") && text.contains(FILE_NAME), "{text}");
}

#[test]
fn without_a_file_the_other_layers_are_enough() {
    let nowhere = tempfile::tempdir().unwrap();
    let environment = vec![("VRS_NAME".to_owned(), "123".to_owned()), ("VRS_BERTHS".to_owned(), String::new())];
    let sources = Sources { dir: nowhere.path().to_owned(), environment, ..Sources::default() };
    let loaded = load::<Harbour>(&sources).unwrap().settings;
    assert_eq!((loaded.name.as_str(), loaded.berths), ("123", 0));
}

#[test]
fn a_file_that_is_not_toml_is_refused_with_its_line() {
    let text = Place::new("name = 'a'\nberths = = 3").refusal(&[], &[]);
    assert!(text.contains(FILE_NAME) && text.contains("line 2"), "{text}");
    let place = Place::new("");
    std::fs::write(place.0.path().join(FILE_NAME), [0xff, 0xfe]).unwrap();
    assert!(place.refusal(&[], &[]).contains("UTF-8"));
    std::fs::write(place.0.path().join(FILE_NAME), vec![b'#'; FILE_BYTES_MAX as usize + 1]).unwrap();
    assert!(place.refusal(&[], &[]).contains("larger than"));
}

#[test]
fn a_secret_is_read_from_its_file_without_the_line_end() {
    let place = Place::new("");
    let (dir, file) = (place.0.path(), Path::new("password"));
    crate::files::write_secret(&dir.join(file), b" correct horse \r\n").unwrap();
    assert_eq!(read_secret_text(dir, file).unwrap().as_str(), " correct horse ");
    crate::files::write_secret(&dir.join(file), &[0xff]).unwrap();
    assert!(read_secret_text(dir, file).unwrap_err().to_string().contains("not text"));
    crate::files::write_public(&dir.join(file), b"open").unwrap();
    assert!(read_secret_text(dir, file).unwrap_err().to_string().contains("chmod 600"));
}
