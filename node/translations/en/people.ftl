# Agencies, and what a contributor sees of the own one.

agencies-agencies = Agencies
agencies-who-delivers-figures = Who delivers figures, and of which forms. A contributor brings no form that is not assigned to the own agency.
agencies-code = Code
agencies-name = Name
agencies-contact = Contact
agencies-forms = Forms
agencies-add-an-agency = Add an agency
agencies-code-hint = 2 to 16 capitals, digits or underscores, a letter first: POLICE
agencies-contact-hint = Whom to ask there; no figures.
agencies-forms-it-delivers = Forms it delivers
agencies-save = Save
agencies-added = Agency { $code } is added. Assign its forms.
agencies-changed = Agency { $code } is saved.
own-forms-assigned = Forms assigned to your agency
own-no-form-is-assigned = No form is assigned to your agency yet. The administrator assigns them under Agencies.
own-delivered = Delivered by your agency
own-nothing-delivered-yet = Your agency has delivered nothing yet.
own-figures-of = Figures of { $agency }
own-your-agency-has-not-delivered = Your agency has delivered no figures of this form and period.
own-the-administrator-names-your-agency = A contributor sees the figures of one agency, and your account names none. Ask the administrator to name it.
