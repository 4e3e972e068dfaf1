# Le second facteur.

factor-second-factor = Second facteur
factor-your-role-needs-one = Votre rôle exige un second facteur. Configurez-le maintenant ; rien d’autre ne s’ouvre avant.
factor-qr-code = Code QR avec le secret pour votre authentificateur
factor-scan-it = Lisez ce code avec un authentificateur, un programme de votre téléphone qui affiche six chiffres changeant toutes les 30 secondes.
factor-or-type-it = Sans appareil photo, saisissez-y ce secret :
factor-code = Code
factor-six-digits = Les six chiffres qu’il affiche maintenant.
factor-or-a-recovery-code = Les six chiffres affichés maintenant par votre authentificateur, ou l’un de vos codes de secours.
factor-set-it-up = Configurer
factor-it-is-set-up = Le second facteur est configuré. Vos autres sessions sont terminées.
factor-the-code-is-not-right = Le code est erroné ou a déjà servi. Attendez le suivant ; l’heure de votre appareil doit être juste.
factor-recovery-codes = Codes de secours
factor-keep-these-codes = Chacun de ces codes vous connecte une fois sans votre appareil. Ils ne sont affichés que maintenant : imprimez-les ou notez-les, et gardez-les séparés de l’appareil.
factor-i-have-kept-them = Je les ai conservés
factor-is-there = Un second facteur est configuré : chaque connexion et chaque approbation demande son code.
factor-is-not-there = Aucun second facteur n’est configuré.
factor-codes-left = { $count ->
        [0] Il ne reste aucun code de secours ; retirez le second facteur et configurez-le à nouveau.
        [one] Il reste { $count } code de secours.
       *[other] Il reste { $count } codes de secours.
    }
factor-take-it-away = Retirer
factor-removing-signs-out = Vous serez déconnecté partout et pourrez en configurer un autre, comme pour un nouveau téléphone.
factor-your-role-keeps-it = Votre rôle exige un second facteur. Pour un nouvel appareil, demandez à l’administrateur de le réinitialiser ; la connexion suivante le configure à nouveau.
factor-lost-both = Appareil et codes de secours perdus : un administrateur réinitialise le second facteur.
factor-manage = Configurer ou changer
