//! Random histories: who takes part, and what happens. Numbers in a step are taken modulo what there is, so that any list
//! of steps tells some history, and a list that a failure is shrunk to still does.

use proptest::prelude::*;

/// Most participants of a history.
pub(crate) const PARTICIPANTS_MAX: usize = 8;
/// The topics, each with a total and a list by citizenship.
pub(crate) const TOPICS: [&str; 2] = ["IE", "IX"];
/// The periods, shorter ones first, so that a bundle in this order has parts before wholes.
pub(crate) const PERIODS: [&str; 7] = ["2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4", "2021-S1", "2021-S2", "2021"];

/// Who takes part.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// How many are there from the beginning, of [`PARTICIPANTS_MAX`].
    pub(crate) first: usize,
    /// Bit i: participant i belongs to the one before it, if that one belongs to nobody.
    pub(crate) children: u8,
    /// Bit i: participant i is an observer.
    pub(crate) observers: u8,
    /// Least size of a block.
    pub(crate) block_min: u16,
    /// The share of those whose first release of a topic is to `totals`, to contributors, by name; sums to 100.
    pub(crate) totals: u8,
    /// See `totals`.
    pub(crate) open: u8,
}

/// What a table of a list shows: which rows are written, which cell is hidden, whether what is not written is zero.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown(pub(crate) u8);

/// What happens.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Those in the mask who have not yet release a table, each in its kind; `kind` draws the kind of newcomers to the topic.
    Report { who: u8, topic: u8, list: bool, period: u8, kind: u8, shown: u8, derived: bool },
    /// A release is revised with its company, with new figures or the same.
    Revise { who: u8, pick: u8, same: bool, shown: u8, named: u8 },
    /// A release is withdrawn.
    Withdraw { who: u8, pick: u8 },
    /// All releases of a topic change their kind.
    Kind { who: u8, topic: u8, named: u8 },
    /// A participant is suspended, or resumed.
    Suspend { who: u8 },
    /// The next participant is admitted.
    Admit,
    /// An author opens all its releases to all newcomers.
    Extend { who: u8 },
    /// A participant becomes an observer, or ceases to be one.
    Observe { who: u8 },
    /// The Charter asks for other blocks.
    BlockMin { least: u8 },
    /// An edition is compiled.
    Edition { topic: u8 },
    /// Those in the mask are served everything they may be served, after they have erased what they owe, or without.
    Serve { who: u8, erase: bool },
}

/// Any history.
pub(crate) fn histories() -> impl Strategy<Value = (Setup, Vec<Step>)> {
    let mostly_none = prop_oneof![3 => Just(0_u8), 3 => (0..6_u8).prop_map(|bit| 1 << bit), 1 => any::<u8>()];
    let setup = (
        // Small regions as well, where nobody can be spared.
        prop_oneof![1 => 3..=5_usize, 3 => 5..=PARTICIPANTS_MAX],
        mostly_none.clone(),
        mostly_none,
        prop_oneof![6 => Just(3_u16), 1 => Just(4)],
        20..70_u8,
        20..70_u8,
    )
        .prop_map(|(first, children, observers, block_min, totals, open)| Setup {
            first,
            children,
            observers,
            block_min,
            totals,
            open: open.min(100 - totals),
        });
    // Mostly one or two periods and everybody, so that blocks form; the rest is for what nobody thought of.
    let many = prop_oneof![3 => Just(u8::MAX), 2 => any::<u8>(), 1 => (0..8_u8).prop_map(|bit| 1 << bit)];
    let period = prop_oneof![4 => Just(0_u8), 3 => Just(1), 4 => Just(4), 1 => Just(6), 2 => 0..7_u8];
    let topic = prop_oneof![9 => Just(0_u8), 1 => Just(1)];
    let report =
        (many.clone(), topic.clone(), any::<bool>(), period, any::<u8>(), any::<u8>(), proptest::bool::weighted(0.7))
            .prop_map(|(who, topic, list, period, kind, shown, derived)| Step::Report {
                who,
                topic,
                list,
                period,
                kind,
                shown,
                derived,
            });
    let step = prop_oneof![
        10 => report,
        3 => (any::<u8>(), any::<u8>(), any::<bool>(), any::<u8>(), any::<u8>()).prop_map(|(who, pick, same, shown, named)| Step::Revise { who, pick, same, shown, named }),
        2 => (any::<u8>(), any::<u8>()).prop_map(|(who, pick)| Step::Withdraw { who, pick }),
        6 => (any::<u8>(), topic.clone(), any::<u8>()).prop_map(|(who, topic, named)| Step::Kind { who, topic, named }),
        1 => any::<u8>().prop_map(|who| Step::Suspend { who }),
        1 => Just(Step::Admit),
        1 => any::<u8>().prop_map(|who| Step::Extend { who }),
        1 => any::<u8>().prop_map(|who| Step::Observe { who }),
        1 => (3..5_u8).prop_map(|least| Step::BlockMin { least }),
        6 => topic.prop_map(|topic| Step::Edition { topic }),
        5 => (many, any::<bool>()).prop_map(|(who, erase)| Step::Serve { who, erase }),
    ];
    (setup, proptest::collection::vec(step, 6..40))
}
