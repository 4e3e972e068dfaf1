//! What a person may do at a node. One person may hold several roles; nobody approves what they prepared.

use vrs_console::accounts::Operator;

use crate::error::{NodeError, Result};
use crate::national::AgencyCode;

/// A role, by the code it has in accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
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

/// Something a person may be able to do or see. What no role has, nobody may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// The dashboard, with what waits for this very person.
    SeeTasks,
    /// The questionnaire and the help, which hold no figure.
    SeeHelp,
    /// Figures of agencies: every agency's, or a contributor's own agency's; see [`figures_of`].
    SeeTables,
    /// Files that were taken in.
    SeeImports,
    /// Deliver figures of an agency, as a file or typed.
    BringFiles,
    /// Decide how the figures of agencies make the national table.
    Decide,
    /// The release desk, with the figures on it.
    SeeDesk,
    /// Prepare a release.
    Prepare,
    /// Approve, withdraw and open to newcomers what somebody else prepared.
    Approve,
    /// Let a release go that has not left: return another's, take back one's own.
    LetGo,
    /// Figures and overviews of the region.
    SeeRegion,
    /// The Charter.
    SeeCharter,
    /// Accept the Charter for the state.
    AcceptCharter,
    /// Ledger, servings, link: who did what in the region, without figures.
    SeeRecords,
    /// The audit trail.
    SeeActs,
    /// Agencies and their forms.
    SeeAgencies,
    /// Add agencies, name them, assign forms.
    ManageAgencies,
    /// Add persons, change their roles, end their sessions.
    ManagePeople,
}

impl Capability {
    /// Who has it: the one table of roles and capabilities. An auditor has nothing that changes something, an administrator
    /// nothing that shows a figure; who needs more holds a further role.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        use Role::{Administrator, Approver, Auditor, Contributor, FocalPoint};
        match self {
            Self::SeeTasks | Self::SeeHelp => &Role::ALL,
            Self::SeeTables => &[Contributor, FocalPoint, Approver, Auditor],
            Self::SeeImports => &[Contributor, FocalPoint, Auditor],
            Self::BringFiles => &[Contributor, FocalPoint],
            Self::Decide | Self::Prepare => &[FocalPoint],
            Self::SeeDesk | Self::SeeRegion => &[FocalPoint, Approver, Auditor],
            Self::Approve => &[Approver],
            Self::LetGo => &[FocalPoint, Approver],
            Self::SeeCharter | Self::SeeRecords => &[FocalPoint, Approver, Administrator, Auditor],
            Self::AcceptCharter => &[Approver, Administrator],
            Self::SeeActs => &[Administrator, Auditor],
            Self::SeeAgencies => &[FocalPoint, Administrator, Auditor],
            Self::ManageAgencies | Self::ManagePeople => &[Administrator],
        }
    }

    /// Whether the person has it by one of their roles.
    #[must_use]
    pub fn is_of(self, who: &Operator) -> bool {
        self.roles().iter().any(|role| who.has_role(role.code()))
    }

    /// The codes of the roles that have it, for sentences.
    #[must_use]
    pub fn codes(self) -> Vec<&'static str> {
        self.roles().iter().map(|role| role.code()).collect()
    }
}

/// Whose figures a person sees before they are released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FiguresOf {
    /// Every agency's, and the national tables.
    Everybody,
    /// Only those of the agency the person works for.
    Agency(AgencyCode),
    /// Nobody's.
    Nobody,
}

/// Whose figures this person sees. A contributor without an agency, or with one that has a code no agency can have, sees none.
#[must_use]
pub fn figures_of(who: &Operator) -> FiguresOf {
    if Capability::SeeDesk.is_of(who) {
        return FiguresOf::Everybody;
    }
    let own = who.agency.as_deref().filter(|_| Capability::SeeTables.is_of(who));
    own.and_then(|code| AgencyCode::parse(code).ok()).map_or(FiguresOf::Nobody, FiguresOf::Agency)
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
    fn an_administrator_sees_no_figure_and_an_auditor_changes_nothing() {
        use Capability as May;
        for shows in [May::SeeTables, May::SeeImports, May::SeeDesk, May::SeeRegion] {
            assert!(!shows.roles().contains(&Role::Administrator), "{shows:?}");
        }
        for changes in [
            May::BringFiles,
            May::Decide,
            May::Prepare,
            May::Approve,
            May::LetGo,
            May::AcceptCharter,
            May::ManageAgencies,
            May::ManagePeople,
        ] {
            assert!(!changes.roles().contains(&Role::Auditor), "{changes:?}");
        }
    }

    #[test]
    fn a_contributor_sees_the_figures_of_the_own_agency_only() {
        let who = |role: Role, agency: Option<&str>| Operator {
            id: 1,
            name: "pia".into(),
            display_name: "Pia".into(),
            roles: [role.code().to_owned()].into(),
            agency: agency.map(str::to_owned),
            language: None,
            second_factor: false,
        };
        let own = FiguresOf::Agency(AgencyCode::parse("BF").unwrap());
        assert_eq!(figures_of(&who(Role::Contributor, Some("BF"))), own);
        assert_eq!(figures_of(&who(Role::Contributor, None)), FiguresOf::Nobody);
        assert_eq!(figures_of(&who(Role::Administrator, Some("BF"))), FiguresOf::Nobody);
        assert_eq!(figures_of(&who(Role::FocalPoint, Some("BF"))), FiguresOf::Everybody);
        assert_eq!(figures_of(&who(Role::Auditor, None)), FiguresOf::Everybody);
    }

    #[test]
    fn who_lacks_the_role_is_told_which_is_needed() {
        let roles = [Role::Approver.code().to_owned()].into();
        let who = Operator {
            id: 1,
            name: "ben".into(),
            display_name: "Ben".into(),
            roles,
            agency: None,
            language: None,
            second_factor: false,
        };
        assert!(require(&who, &[Role::FocalPoint, Role::Approver], "approve").is_ok());
        let refused = require(&who, &[Role::FocalPoint], "prepare releases").unwrap_err().to_string();
        assert_eq!(refused, "ben may not prepare releases: the role focal_point is needed");
    }
}
