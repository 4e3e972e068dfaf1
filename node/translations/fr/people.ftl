# Les services, et ce qu’un contributeur voit du sien.

agencies-agencies = Services
agencies-who-delivers-figures = Qui fournit des chiffres, et pour quels formulaires. Un contributeur n’apporte aucun formulaire qui n’est pas attribué à son service.
agencies-code = Code
agencies-name = Nom
agencies-contact = Contact
agencies-forms = Formulaires
agencies-add-an-agency = Ajouter un service
agencies-code-hint = 2 à 16 capitales, chiffres ou tirets bas, une lettre d’abord : POLICE
agencies-contact-hint = À qui s’adresser là-bas ; pas de chiffres.
agencies-forms-it-delivers = Formulaires qu’il fournit
agencies-save = Enregistrer
agencies-added = Le service { $code } est ajouté. Attribuez-lui ses formulaires.
agencies-changed = Le service { $code } est enregistré.
own-forms-assigned = Formulaires attribués à votre service
own-no-form-is-assigned = Aucun formulaire n’est encore attribué à votre service. L’administrateur les attribue sous Services.
own-delivered = Fourni par votre service
own-nothing-delivered-yet = Votre service n’a encore rien fourni.
own-figures-of = Chiffres de { $agency }
own-your-agency-has-not-delivered = Votre service n’a pas fourni de chiffres pour ce formulaire et cette période.
own-the-administrator-names-your-agency = Un contributeur voit les chiffres d’un service, et votre compte n’en nomme aucun. Demandez à l’administrateur de le nommer.
