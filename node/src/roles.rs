//! What a person may do at a node. One person may hold several roles; nobody approves what they prepared.

use vrs_console::accounts::Operator;

use crate::error::{NodeError, Result};

/// A role, by the code it has in accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Delivers one agency's figures.
    Contributor,
    /// Compiles and reconciles, and prepares releases.
    FocalPoint,
    /// Approves releases that somebody else prepared.
    Approver,
    /// Accounts, keys, link.
    Administrator,
    /// Reads everything about acts.
    Auditor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Contributor, Self::FocalPoint, Self::Approver, Self::Administrator, Self::Auditor];

    /// The code it has in accounts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Contributor => "contributor",
            Self::FocalPoint => "focal_point",
            Self::Approver => "approver",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    /// The role of a code.
    ///
    /// # Errors
    /// A sentence with the codes there are.
    pub fn parse(code: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|role| role.code() == code);
        known.ok_or_else(|| format!("{code:?} is not a role; write one of {}", Self::ALL.map(Self::code).join(", ")))
    }
}

/// Goes on only for a person with one of these roles.
///
/// # Errors
/// [`NodeError::NotAllowed`], naming the roles.
pub fn require(who: &Operator, roles: &[Role], act: &str) -> Result<()> {
    if roles.iter().any(|role| who.has_role(role.code())) {
        return Ok(());
    }
    let needed = roles.iter().map(|role| role.code()).collect::<Vec<_>>().join(" or ");
    Err(NodeError::NotAllowed(format!("{} may not {act}: the role {needed} is needed", who.name)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn codes_print_as_they_are_read() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.code()), Ok(role));
        }
        assert!(Role::parse("boss").unwrap_err().contains("focal_point"));
    }

    #[test]
    fn who_lacks_the_role_is_told_which_is_needed() {
        let roles = [Role::Approver.code().to_owned()].into();
        let who =
            Operator { id: 1, name: "ben".into(), display_name: "Ben".into(), roles, agency: None, language: None };
        assert!(require(&who, &[Role::FocalPoint, Role::Approver], "approve").is_ok());
        let refused = require(&who, &[Role::FocalPoint], "prepare releases").unwrap_err().to_string();
        assert_eq!(refused, "ben may not prepare releases: the role focal_point is needed");
    }
}
