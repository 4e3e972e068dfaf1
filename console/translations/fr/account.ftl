# Connexion, comptes et rôles.

role-contributor = contributeur
role-focal_point = point focal
role-approver = approbateur
role-administrator = administrateur
role-auditor = auditeur
role-operator = opérateur
account-or = ou
account-a-second = une seconde
account-seconds = { $count } secondes
account-minutes = { $count } minutes
account-too-many-tries = Trop d’essais. Patientez { $span }, puis réessayez.
account-too-many-tries-nothing-changed = Trop d’essais. Patientez { $count } secondes, puis réessayez. Rien n’a été modifié.
account-no-such-language = Cette console ne parle pas cette langue.
account-password-refused = Ce nouveau mot de passe ne peut pas être accepté : { $cause }. Rien n’a été modifié.
account-password-too-short = le mot de passe compte moins de { $least } caractères
account-password-too-long = le mot de passe dépasse { $most } octets
account-password-one-character = le mot de passe répète un seul caractère
account-this-needs-the-role-which = Cette opération exige le rôle { $wanted }, que votre compte n’a pas.
account-sign-in = Se connecter
account-you-have-signed-out-what = Vous êtes déconnecté. Ce que vous avez enregistré est conservé.
account-name-and-password-do-not = Le nom et le mot de passe ne correspondent pas, ou le compte est désactivé.
account-my-account = Mon compte
account-the-password-is-changed-your = Le mot de passe est modifié. Vos autres sessions sont closes.
account-the-new-password-was-not = Le nouveau mot de passe n’a pas été saisi deux fois de la même façon. Rien n’a été modifié.
account-the-current-password-is-not = Le mot de passe actuel n’est pas exact. Rien n’a été modifié.
account-the-session-has-ended = La session est close.
account-that-session-had-ended-already = Cette session était déjà close.
login-name = Nom
login-password = Mot de passe
login-accounts-are-made-by-the = Les comptes sont créés par l’administrateur ({ $kind }). Un mot de passe oublié est lui aussi remplacé par l’administrateur ; rien n’est envoyé par courrier électronique.
me-account = Compte
me-roles = Rôles
me-none = aucun
me-agency = Service
me-change-the-password = Modifier le mot de passe
me-current-password = Mot de passe actuel
me-new-password = Nouveau mot de passe
me-at-least-characters-a-sentence = Au moins { $characters_min } caractères. Une phrase se retient mieux qu’une énigme.
me-new-password-again = Nouveau mot de passe, une seconde fois
me-where-you-are-signed-in = Où vous êtes connecté
me-your-sessions-on-this-console = Vos sessions sur cette console
me-since = Depuis
me-last-used = Dernière utilisation
me-from = À partir de
me-action = Action
me-this-session = cette session
me-end = Clore
me-the-session-since = la session ouverte le { $since }
me-end-all-others = Terminer toutes les autres
me-sessions-end-by-themselves = Une session se termine après 30 minutes sans utilisation et 12 heures après la connexion.
account-other-sessions-ended = { $count ->
        [0] Il n’y avait pas d’autre session.
        [one] { $count } autre session est terminée.
       *[other] { $count } autres sessions sont terminées.
    }
