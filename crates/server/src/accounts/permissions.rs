//! What a caller may do in the admin portal. The rules ask here, and so does the document of
//! capabilities: what it promises is what is done. Through a key of an organization nobody is
//! anything there.

use super::Caller;
use super::error::AccountsError;
use crate::vocabulary::{PortalRole, Scope};

/// The roles that see the users of the admin portal.
const USER_VIEWERS: [PortalRole; 2] = [PortalRole::Admin, PortalRole::SuperAdmin];

impl Caller {
    /// Whether this request is of the admin portal at all.
    pub(crate) fn is_portal_admin(&self) -> bool {
        !self.user.portal_roles.is_empty()
    }

    /// See the users of the admin portal.
    pub(crate) fn may_view_users(&self) -> Result<(), AccountsError> {
        self.check_scope(Scope::Read)?;
        self.check_role(&USER_VIEWERS)
    }

    /// Find all people in a directory, where other dialects have one. Their keys have scopes of
    /// their own: here the role alone decides.
    pub(super) fn sees_everyone(&self) -> bool {
        self.check_role(&USER_VIEWERS).is_ok()
    }

    /// Change their display names, roles and status.
    pub(crate) fn may_edit_users(&self) -> Result<(), AccountsError> {
        self.check_scope(Scope::Write)?;
        self.check_role(&[PortalRole::Admin, PortalRole::SuperAdmin])
    }

    /// Make and delete them, and set their passwords.
    pub(crate) fn may_administer_users(&self) -> Result<(), AccountsError> {
        self.check_scope(Scope::Admin)?;
        self.check_role(&[PortalRole::SuperAdmin])
    }

    /// Give or take a role: only a super-admin makes super-admins.
    pub(crate) fn may_grant(&self, role: PortalRole) -> Result<(), AccountsError> {
        self.may_edit_users()?;
        match role {
            PortalRole::SuperAdmin => self.check_role(&[PortalRole::SuperAdmin]),
            PortalRole::Admin | PortalRole::ReadOnly => Ok(()),
        }
    }

    /// Whether one of these roles counts for this request.
    fn check_role(&self, roles: &[PortalRole]) -> Result<(), AccountsError> {
        if self
            .user
            .portal_roles
            .iter()
            .any(|role| roles.contains(role))
        {
            Ok(())
        } else {
            Err(AccountsError::RoleInsufficient)
        }
    }
}
