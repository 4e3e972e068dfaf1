//! The demo tells its story: the built `vrs-demo --exit --json`, as a stranger would run it, and every figure of what it prints
//! against the published ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use serde_json::Value;
use vrs_tests::programs::program;

/// What the demo prints.
struct Told(Value);

impl Told {
    fn by_the_demo() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Where it shall stay, for those who look at what left.
        let kept = std::env::var_os("VRS_TEST_DEMO").map(std::path::PathBuf::from);
        let dir = kept.unwrap_or_else(|| folder.path().join("region"));
        let done = Command::new(program("vrs-demo"))
            .args(["--exit", "--json", "--dir"])
            .arg(&dir)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{said}");
        assert!(dir.join("hub").exists() && dir.join("GBR").exists(), "it works in the folder it was given");
        // One object and nothing else.
        Self(serde_json::from_slice(&done.stdout).unwrap())
    }

    fn overview(&self, form: &str, period: &str) -> &Value {
        let all = self.0["overviews"].as_array().unwrap();
        all.iter().find(|one| one["form"] == form && one["period"] == period).unwrap()
    }

    fn open(&self, form: &str, period: &str) -> (Vec<&str>, u64) {
        let open = &self.overview(form, period)["open"];
        let known = open["known"].as_u64().unwrap();
        assert!(open["low"].as_u64().unwrap() >= known, "what is known is never more than the least");
        (words(&open["participants"]), known)
    }

    fn blocks(&self, form: &str, period: &str) -> Vec<(Vec<&str>, u64)> {
        let blocks = self.overview(form, period)["blocks"].as_array().unwrap();
        blocks.iter().map(|block| (words(&block["members"]), block["sum"].as_u64().unwrap())).collect()
    }

    fn not_included(&self, form: &str, period: &str) -> Vec<&str> {
        words(&self.overview(form, period)["not_included"])
    }

    /// Reason and what would unlock it, by who was refused, form and period.
    fn refusals(&self) -> BTreeMap<(&str, &str, &str), (&str, Vec<&str>)> {
        let all = self.0["refusals"].as_array().unwrap().iter();
        all.map(|one| {
            let said = |key: &str| one[key].as_str().unwrap();
            ((said("participant"), said("form"), said("period")), (said("reason"), words(&one["unlock"])))
        })
        .collect()
    }
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

#[test]
fn the_demo_tells_the_story_of_the_published_figures() {
    let told = Told::by_the_demo();

    // Illegal entries 2021: a closed block of three; Hungary is gone; Poland is a bilateral matter; Bulgaria keeps.
    let open = told.open("IE_CIT", "2021");
    assert_eq!(open, (vec!["GBR", "GRC", "ITA", "USA"], 36_813 + 37_255 + 92_080 + 830_870));
    assert_eq!(told.blocks("IE_CIT", "2021"), [(vec!["FRA", "HRV", "SVN"], 5_940 + 12_945 + 8_970)]);
    assert_eq!(told.blocks("IE_CIT", "2021")[0].1, 27_855);
    assert!(told.not_included("IE_CIT", "2021").is_empty());

    // Quarters, and the year derived from them.
    assert_eq!(told.open("IE_TOT", "2021-Q1"), (vec!["GBR", "USA"], 2_751 + 100_082));
    assert_eq!(told.open("IE_TOT", "2021").1, 36_813 + 37_255 + 92_080 + 830_870);

    // Refused entries: one alone with its totals is not included and costs nobody anything; three are a block.
    assert_eq!(told.open("RE_TOT", "2018").0.len(), 9);
    assert_eq!(told.not_included("RE_TOT", "2018"), ["HUN"]);
    assert!(told.blocks("RE_TOT", "2018").is_empty());
    assert_eq!(told.blocks("RE_TOT", "2019"), [(vec!["FRA", "HUN", "USA"], 146_258)]);
    assert_eq!(told.open("RE_TOT", "2019").0.len(), 7);

    // "Not known" everywhere is honest and earns nothing; two are no block; one agency and another are one figure.
    assert!(!told.open("RE_CIT", "2012").0.contains(&"HRV"));
    assert_eq!(told.not_included("IR_CIT", "2018"), ["HRV", "SVN"]);
    assert_eq!(told.open("IR_CIT", "2018-S1"), (vec!["POL"], 2_862 + 6_077));

    let refusals = told.refusals();
    let (opening, _) = &refusals[&("FRA", "RE_TOT", "2019")];
    assert!(opening.contains("RE for 2019"), "{opening}");
    let (_, unlock) = &refusals[&("USA", "IR_CIT", "2018")];
    assert_eq!(*unlock, ["BGR", "FRA", "GBR", "GRC", "HUN", "ITA", "POL"]);
    let (said, unlock) = &refusals[&("HRV", "RE_CIT", "2012")];
    assert!(said.contains("answers no core cell"), "{said}");
    assert_eq!(unlock.len(), 9);
    assert_eq!(refusals[&("HUN", "IE_CIT", "2021")].1, ["GBR", "GRC", "ITA", "USA"]);

    // Every node read the whole ledger and found each serving justified.
    let lines = told.0["ledger"]["lines"].as_u64().unwrap();
    assert_eq!(told.0["ledger"]["root"].as_str().unwrap().len(), 64);
    for kind in ["releases", "servings", "erasures"] {
        let count = told.0[kind].as_u64().unwrap();
        assert!(count > 0 && count < lines, "{kind}: {count} of {lines}");
    }
    let audits = told.0["audits"].as_array().unwrap();
    assert_eq!(audits.len(), 10);
    assert!(audits.iter().all(|audit| audit["justified"] == true && audit["lines"] == lines), "{audits:?}");
}

#[test]
fn a_folder_in_use_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
    let done = Command::new(program("vrs-demo")).arg("--dir").arg(folder.path()).stdin(Stdio::null()).output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&done.stderr).contains("not empty"));
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
}
