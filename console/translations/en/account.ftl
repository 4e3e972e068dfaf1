# Signing in, accounts and roles.

role-contributor = contributor
role-focal_point = focal point
role-approver = approver
role-administrator = administrator
role-auditor = auditor
role-operator = operator
account-or = or
account-a-second = a second
account-seconds = { $count } seconds
account-minutes = { $count } minutes
account-too-many-tries = Too many tries. Wait { $span } and try again.
account-too-many-tries-nothing-changed = Too many tries. Wait { $count } seconds and try again. Nothing was changed.
account-no-such-language = This console does not speak that language.
account-password-refused = This new password cannot be taken: { $cause }. Nothing was changed.
account-password-too-short = the password has fewer than { $least } characters
account-password-too-long = the password is longer than { $most } bytes
account-password-one-character = the password repeats a single character
account-this-needs-the-role-which = This needs the role { $wanted }, which your account does not have.
account-sign-in = Sign in
account-you-have-signed-out-what = You have signed out. What you saved is kept.
account-name-and-password-do-not = Name and password do not belong together, or the account is disabled.
account-my-account = My account
account-the-password-is-changed-your = The password is changed. Your other sessions have ended.
account-the-new-password-was-not = The new password was not typed the same twice. Nothing was changed.
account-the-current-password-is-not = The current password is not right. Nothing was changed.
account-the-session-has-ended = The session has ended.
account-that-session-had-ended-already = That session had ended already.
login-name = Name
login-password = Password
login-accounts-are-made-by-the = Accounts are made by the administrator of this { $kind }. A forgotten password is set anew by the administrator too; nothing is sent by e-mail.
me-account = Account
me-roles = Roles
me-none = none
me-agency = Agency
me-change-the-password = Change the password
me-current-password = Current password
me-new-password = New password
me-at-least-characters-a-sentence = At least { $characters_min } characters. A sentence is easier to remember than a riddle.
me-new-password-again = New password again
me-where-you-are-signed-in = Where you are signed in
me-your-sessions-on-this-console = Your sessions on this console
me-since = Since
me-last-used = Last used
me-from = From
me-action = Action
me-this-session = this session
me-end = End
me-the-session-since = the session since { $since }
me-end-all-others = End all others
me-sessions-end-by-themselves = A session ends after 30 minutes without use and 12 hours after signing in.
account-other-sessions-ended = { $count ->
        [0] There was no other session.
        [one] { $count } other session has ended.
       *[other] { $count } other sessions have ended.
    }
