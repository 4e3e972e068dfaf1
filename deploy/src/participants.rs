//! Who takes part in the demo, whose published figures stand for whom, and who releases what to whom.
//!
//! The rule it keeps: the table of releases is data, so that it can be compared with the description of the demo line by
//! line. How the releases are made is in `story`.

use crate::sources::{self, Source};

/// A participant of the demo: a test node that works with figures somebody has published about that state.
pub(crate) struct Participant {
    /// Its code.
    pub(crate) code: &'static str,
    /// Who published its figures; these are the "agencies" that deliver at the node.
    pub(crate) publishers: &'static [Publisher],
}

/// A publisher, and what it delivers at a node.
pub(crate) struct Publisher {
    /// Code of the agency.
    pub(crate) code: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// Its files.
    pub(crate) sources: &'static [&'static Source],
}

const EUROSTAT: Publisher = Publisher {
    code: "EUROSTAT",
    name: "Eurostat (published statistics)",
    sources: &[
        &sources::ILLEGAL_ENTRY,
        &sources::REFUSED_TOTALS,
        &sources::REFUSED_BY_CITIZENSHIP,
        &sources::ILLEGALLY_PRESENT,
    ],
};

/// Eurostat holds no illegal entries of the United Kingdom for 2021.
const EUROSTAT_UNTIL_2020: Publisher = Publisher {
    code: "EUROSTAT",
    name: "Eurostat (published statistics)",
    sources: &[&sources::REFUSED_TOTALS, &sources::REFUSED_BY_CITIZENSHIP, &sources::ILLEGALLY_PRESENT],
};

const fn of_eurostat(code: &'static str) -> Participant {
    Participant { code, publishers: &[EUROSTAT] }
}

/// Everybody, in the order of admission.
pub(crate) const PARTICIPANTS: [Participant; 10] = [
    Participant {
        code: "GBR",
        publishers: &[
            Publisher {
                code: "HOME_OFFICE",
                name: "UK Home Office (published statistics)",
                sources: &[&sources::UK_DETECTIONS],
            },
            EUROSTAT_UNTIL_2020,
        ],
    },
    Participant {
        code: "USA",
        publishers: &[
            Publisher {
                code: "CBP",
                name: "U.S. Customs and Border Protection (published statistics)",
                sources: &[&sources::US_ENCOUNTERS],
            },
            Publisher {
                code: "DHS",
                name: "U.S. Department of Homeland Security (published statistics)",
                sources: &[&sources::US_INADMISSIBLE],
            },
        ],
    },
    Participant {
        code: "POL",
        publishers: &[
            EUROSTAT,
            Publisher {
                code: "BORDER_GUARD",
                name: "Border Guard of Poland (published statistics)",
                sources: &[&sources::POLAND_BORDER_GUARD],
            },
            Publisher {
                code: "POLICE",
                name: "Police of Poland (published statistics)",
                sources: &[&sources::POLAND_POLICE],
            },
        ],
    },
    of_eurostat("FRA"),
    of_eurostat("ITA"),
    of_eurostat("GRC"),
    of_eurostat("HUN"),
    of_eurostat("HRV"),
    of_eurostat("SVN"),
    of_eurostat("BGR"),
];

/// A table by form and period.
pub(crate) type Subject = (&'static str, &'static str);

/// Who shares some tables in which way.
pub(crate) struct Shares {
    /// Who.
    pub(crate) who: &'static [&'static str],
    /// In which way, as it is typed at the release desk.
    pub(crate) audience: &'static str,
}

const fn shares(who: &'static [&'static str], audience: &'static str) -> Shares {
    Shares { who, audience }
}

/// A row of the story: tables released together, and by whom to whom.
pub(crate) struct Row {
    /// What the row is about.
    pub(crate) title: &'static str,
    /// Tables released together, one bundle after the other.
    pub(crate) bundles: &'static [&'static [Subject]],
    /// By whom, to whom.
    pub(crate) shares: &'static [Shares],
}

/// Illegal entries, 2021: five in the open, a closed block of three, one bilateral, one at home. Who reports quarters
/// releases its totals by quarter, in the row after this one.
const ILLEGAL_ENTRIES: Row = Row {
    title: "illegal entries 2021, by citizenship",
    bundles: &[&[("IE_CIT", "2021"), ("IE_TOT", "2021")]],
    shares: &[
        shares(&["ITA", "GRC", "HUN"], "contributors"),
        shares(&["FRA", "HRV", "SVN"], "totals"),
        shares(&["POL"], "named:GBR,ITA"),
        shares(&["BGR"], "keep"),
    ],
};

const ILLEGAL_ENTRIES_WITHOUT_TOTALS: Row = Row {
    title: "illegal entries 2021, by citizenship, of those that report totals by quarter",
    bundles: &[&[("IE_CIT", "2021")]],
    shares: &[shares(&["GBR", "USA"], "contributors")],
};

/// Each quarter is a bundle of its own: half-years and the year follow from the quarter that completes them.
const QUARTERS: Row = Row {
    title: "illegal entries by quarter of 2021, half-years and year derived",
    bundles: &[&[("IE_TOT", "2021-Q1")], &[("IE_TOT", "2021-Q2")], &[("IE_TOT", "2021-Q3")], &[("IE_TOT", "2021-Q4")]],
    shares: &[shares(&["GBR", "USA"], "contributors")],
};

const REFUSED_2018: Row = Row {
    title: "refused entries 2018",
    bundles: &[&[("RE_TOT", "2018")]],
    shares: &[
        shares(&["GBR", "USA", "POL", "FRA", "ITA", "GRC", "HRV", "SVN", "BGR"], "contributors"),
        shares(&["HUN"], "totals"),
    ],
};

const REFUSED_2019: Row = Row {
    title: "refused entries 2019",
    bundles: &[&[("RE_TOT", "2019")]],
    shares: &[
        shares(&["GBR", "POL", "ITA", "GRC", "HRV", "SVN", "BGR"], "contributors"),
        shares(&["HUN", "USA", "FRA"], "totals"),
    ],
};

const REFUSED_2012: Row = Row {
    title: "refused entries 2012, by citizenship",
    bundles: &[&[("RE_CIT", "2012")]],
    shares: &[shares(&["GBR", "USA", "POL", "FRA", "ITA", "GRC", "HUN", "HRV", "SVN", "BGR"], "contributors")],
};

const PRESENT_2018: Row = Row {
    title: "persons found illegally present 2018, by citizenship",
    bundles: &[&[("IR_CIT", "2018")]],
    shares: &[
        shares(&["GBR", "POL", "FRA", "ITA", "GRC", "HUN", "BGR"], "contributors"),
        shares(&["HRV", "SVN"], "totals"),
    ],
};

const PRESENT_IN_POLAND: Row = Row {
    title: "persons found illegally present in the first half of 2018, from two agencies",
    bundles: &[&[("IR_CIT", "2018-S1")]],
    shares: &[shares(&["POL"], "contributors")],
};

/// The releases, in order.
pub(crate) const ROWS: [Row; 8] = [
    ILLEGAL_ENTRIES,
    ILLEGAL_ENTRIES_WITHOUT_TOTALS,
    QUARTERS,
    REFUSED_2018,
    REFUSED_2019,
    REFUSED_2012,
    PRESENT_2018,
    PRESENT_IN_POLAND,
];

/// The overviews that are told at the end.
pub(crate) const OVERVIEWS: [Subject; 8] = [
    ("IE_CIT", "2021"),
    ("IE_TOT", "2021"),
    ("IE_TOT", "2021-Q1"),
    ("RE_TOT", "2018"),
    ("RE_TOT", "2019"),
    ("RE_CIT", "2012"),
    ("IR_CIT", "2018"),
    ("IR_CIT", "2018-S1"),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::collections::BTreeMap;

    use vrs_protocol::audience::AudienceChoice;
    use vrs_protocol::catalogue::Catalogue;
    use vrs_protocol::id::FormCode;
    use vrs_protocol::period::Period;

    use super::*;

    fn who_shares(form: &str, period: &str) -> BTreeMap<&'static str, Vec<&'static str>> {
        let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in ROWS.iter().filter(|row| row.bundles.concat().contains(&subject(form, period))) {
            for shares in row.shares {
                found.entry(shares.audience).or_default().extend(shares.who);
            }
        }
        found
    }
    /// The subject of the table with these words; the rows hold static ones.
    fn subject(form: &str, period: &str) -> Subject {
        let all = ROWS.iter().flat_map(|row| row.bundles.concat());
        all.into_iter().find(|subject| *subject == (form, period)).unwrap()
    }

    #[test]
    fn every_word_of_the_table_is_one_the_programs_know() {
        for row in &ROWS {
            for (form, period) in row.bundles.concat() {
                assert!(Catalogue::bundled().form(&FormCode::parse(form).unwrap()).is_some(), "{form}");
                Period::parse(period).unwrap();
            }
            for shares in row.shares {
                AudienceChoice::parse(shares.audience).unwrap();
                assert!(shares.who.iter().all(|who| PARTICIPANTS.iter().any(|participant| participant.code == *who)));
            }
        }
    }

    #[test]
    fn blocks_have_the_members_they_were_chosen_for() {
        assert_eq!(who_shares("IE_CIT", "2021")["totals"], ["FRA", "HRV", "SVN"]);
        assert_eq!(who_shares("IE_CIT", "2021")["contributors"].len(), 5);
        assert_eq!(who_shares("RE_TOT", "2019")["totals"], ["HUN", "USA", "FRA"]);
        assert_eq!(who_shares("IR_CIT", "2018")["totals"].len(), 2, "two are no block");
    }
}
