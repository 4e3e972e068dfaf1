//! The person and the place behind what is being done.
//!
//! The rule it keeps: it is set once at each edge (one layer around the console's routes, the beginning of a command) and
//! reaches every act below without a parameter. A task of its own begun in there is the program's own work again, unless
//! the function that acts is handed the person.

use std::sync::OnceLock;

/// Where an act comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whence {
    /// The account, once it is known.
    pub account: Option<String>,
    /// A network address, `command line (OS user)`, or `the program`.
    pub from: String,
}

struct Here {
    from: String,
    account: OnceLock<String>,
}

tokio::task_local! {
    static HERE: Here;
}

/// Does something on behalf of whoever is at this place: an address, or the command line.
pub async fn from<T>(place: String, work: impl Future<Output = T>) -> T {
    HERE.scope(Here { from: place, account: OnceLock::new() }, work).await
}

/// Does something on behalf of whoever gave a command on this machine.
pub async fn command_line<T>(os_user: &str, work: impl Future<Output = T>) -> T {
    from(format!("command line ({os_user})"), work).await
}

/// From here on it is known who acts. Once a request or command has a person, it keeps that person.
pub fn acting(account: &str) {
    let _ = HERE.try_with(|here| here.account.set(account.to_owned()));
}

/// Who acts, as far as it is known here.
#[must_use]
pub fn here() -> Whence {
    let known = HERE.try_with(|here| Whence { account: here.account.get().cloned(), from: here.from.clone() });
    known.unwrap_or_else(|_| Whence { account: None, from: "the program".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_keeps_its_person_and_leaves_nothing_behind() {
        from("192.0.2.7".to_owned(), async {
            assert_eq!(here().account, None);
            acting("ana");
            acting("eve");
            assert_eq!(here(), Whence { account: Some("ana".into()), from: "192.0.2.7".into() });
        })
        .await;
        acting("ana");
        assert_eq!(here(), Whence { account: None, from: "the program".into() });
    }
}
