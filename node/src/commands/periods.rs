//! `period`: closing periods, opening them again, letting an agency deliver late.

use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, columns};

use super::arguments::PeriodCommand;
use super::people;
use crate::error::Result;
use crate::node::Node;

pub(super) async fn run(node: &Node, command: PeriodCommand, output: &Output) -> Result<Exit> {
    match command {
        PeriodCommand::Lock { period, reason, who } => {
            node.lock(period, &reason, &people::operator(node, &who).await?).await?;
            output.answer(&period, || format!("{period} is closed."));
        }
        PeriodCommand::Unlock { period, reason, who } => {
            node.unlock(period, &reason, &people::operator(node, &who).await?).await?;
            output.answer(&period, || format!("{period} is open again."));
        }
        PeriodCommand::Except { period, agency, until, reason, who } => {
            node.except(period, &agency, until, &reason, &people::operator(node, &who).await?).await?;
            output.answer(&period, || format!("{agency} may deliver for {period}."));
        }
        PeriodCommand::List => {
            let locks = node.locks().await?;
            let closed = locks.locks.iter().map(|lock| {
                vec![
                    lock.period.to_string(),
                    "closed".into(),
                    lock.by.clone(),
                    lock.at.to_string(),
                    lock.reason.clone(),
                ]
            });
            let excepted = locks.exceptions.iter().map(|given| {
                let until = format!("{} until {}", given.agency, given.until);
                vec![given.period.to_string(), until, given.by.clone(), given.at.to_string(), given.reason.clone()]
            });
            let rows: Vec<Vec<String>> = closed.chain(excepted).collect();
            output.answer(&locks, || columns(&["period", "what", "by", "at", "reason"], &rows));
        }
    }
    Ok(Exit::Done)
}
