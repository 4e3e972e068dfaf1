# Les chiffres saisis dans le questionnaire.

sheet-enter-figures = Saisir des chiffres
sheet-heading = Saisir des chiffres : { $form }, { $period }
sheet-whose-figures = Chiffres de
sheet-no-such-agency = Ce service n’est pas parmi ceux dont vous livrez les chiffres.
sheet-nobody-to-deliver-for = Votre compte ne livre les chiffres d’aucun service. L’administrateur dit pour lequel.
sheet-of-agency = Chiffres de { $name } ({ $code }).
sheet-delivered-before = Des chiffres ont déjà été livrés ; ce qui est achevé ici les remplace.
sheet-how-to-type = Saisissez un nombre entier ; zéro s’écrit 0, et un champ vide n’est pas une réponse. Après un nombre, P signifie provisoire et E estimé. À la place d’un nombre :
sheet-or-why-none = Ou pourquoi aucun
sheet-row = Ligne
sheet-the-figure = Total
sheet-accepted = Accepté : { $accepted }.
sheet-not-complete = La feuille est enregistrée, mais elle n’est pas encore complète.
sheet-chosen = { $count ->
        [0] aucun choix
        [one] { $count } choix
       *[other] { $count } choix
    }
sheet-add-rows = Ajouter des lignes
sheet-remove-row = Supprimer cette ligne
sheet-move-up = Monter
sheet-move-down = Descendre
sheet-sum-of-the-rows = Somme des lignes :
sheet-total-typed = total saisi :
sheet-difference = écart :
sheet-unit = Unité comptée
sheet-source = Source
sheet-legal-basis = Base juridique nationale
sheet-definition-followed = La définition est-elle suivie ?
sheet-deviation = En quoi la définition diffère
sheet-coverage = Couverture : tout le pays, ou quels services et quelles frontières
sheet-double-counting = Des personnes sont-elles comptées deux fois ?
sheet-period-deviation = En quoi la période diffère, comme une année budgétaire
sheet-comment = Commentaire
sheet-comment-hint = Qui peut lire le tableau le lit aussi. Pas de noms, pas de numéros de dossier, pas d’adresses exactes.
sheet-note = Note qui reste dans ce nœud
sheet-note-hint = Pour celles et ceux qui travaillent ici avec les chiffres. Elle ne part avec aucune publication.
sheet-rows-of = Lignes comme en { $period }
sheet-answers-of = Reprendre de { $period }
sheet-taken-over = { $count ->
        [0] Rien ne restait à reprendre de { $period }.
        [one] Une ligne a été reprise de { $period }. Veuillez la vérifier.
       *[other] { $count } lignes ont été reprises de { $period }. Veuillez les vérifier.
    }{ $left ->
        [0] {""}
        [one] {" "}Il n’y a pas de place pour une autre.
       *[other] {" "}Il n’y a pas de place pour { $left } autres ; apportez un fichier.
    }
sheet-route-gap = une étape non précisée
sheet-add-route = Ajouter une origine
sheet-route-citizenship = Nationalité des migrants
sheet-route-step = Étape
sheet-route-of = Itinéraire { $rank } depuis { $country }
sheet-route-new = Un itinéraire d’une autre origine
sheet-route-add-step = Ajouter une étape au-dessous
sheet-route-add-same = Ajouter un itinéraire de cette origine
sheet-route-up = Monter l’itinéraire
sheet-route-down = Descendre l’itinéraire
sheet-route-remove = Supprimer l’itinéraire
sheet-route-same = Comme en { $period }.
sheet-route-other-rank = En { $period }, c’était l’itinéraire { $rank }.
sheet-route-changed = Modifié ; en { $period } : { $line }.
sheet-route-is-new = Nouveau depuis { $period }.
sheet-routes-dropped = Itinéraires de la période précédente qui ne figurent pas ici :
sheet-routes-on-the-map = Les itinéraires sur une carte de carrés
sheet-notes-of-agencies = Notes des services, qui restent dans ce nœud
sheet-noted = Notée
sheet-whole-table = Tout le tableau
sheet-list-complete = La liste est complète : ce qui n’y figure pas est zéro
sheet-not-said = non précisé
sheet-save = Enregistrer
sheet-mark-complete = Déclarer complet
sheet-drop = Oublier la saisie
sheet-dropped = La saisie est oubliée. Les chiffres livrés sont restés tels quels.
sheet-what-complete-means = Les chiffres complets sont dès lors ceux du service. Rien ne quitte le pays par là : il faut une diffusion, et une deuxième personne.
sheet-complete = Les chiffres sont repris.
sheet-complete-nothing-new = Les chiffres sont complets ; ils sont les mêmes qu’avant.
sheet-saved = Enregistré { $at } par { $by }
sheet-nothing-typed-yet = Rien n’est encore saisi
sheet-typing = Saisie en cours …
sheet-not-saved = Non enregistré : le nœud ne répond pas. Nouvel essai en cours ; gardez cette page ouverte.
sheet-overtaken = { $by } a enregistré cette feuille { $at }, pendant votre saisie. Votre texte est ci-dessous et n’est pas enregistré ; l’enregistrer remplace le sien.
sheet-being-typed = En cours de saisie
sheet-entry = Saisie
sheet-enter-figures-for = Saisir des chiffres pour une autre période
sheet-periods-are-written = S’écrit 2026, 2026-S1, 2026-Q1 ou 2026-03
sheet-show-the-questionnaire = Afficher le questionnaire

sheet-column-value = Nombre
sheet-column-min = Au moins
sheet-column-typical = Habituel
sheet-column-max = Au plus
sheet-column-currency = Monnaie
sheet-column-basis = Payé par
sheet-column-includes = Comprend
sheet-column-paid = Moment du paiement
sheet-column-country = Pays
sheet-column-type = Type
sheet-column-mode = Mode vers le suivant
sheet-column-comment = Commentaire
sheet-column-choices = Réponse
sheet-column-text = Texte
sheet-choice-PERSON = chaque personne
sheet-choice-GROUP = le groupe
sheet-choice-ORIGIN = Origine
sheet-choice-TRANSIT = Transit
sheet-choice-DESTINATION = Destination
word-yes = oui
word-no = non
sheet-about-this-form = À propos de ce formulaire
