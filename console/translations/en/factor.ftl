# The second factor.

factor-second-factor = Second factor
factor-your-role-needs-one = Your role needs a second factor. Set it up now; nothing else can be opened before.
factor-qr-code = QR code with the secret for your authenticator
factor-scan-it = Read this code with an authenticator, a program on your telephone that shows six digits changing every 30 seconds.
factor-or-type-it = Without a camera, type this secret into it:
factor-code = Code
factor-six-digits = The six digits it shows now.
factor-or-a-recovery-code = The six digits your authenticator shows now, or one of your recovery codes.
factor-set-it-up = Set it up
factor-it-is-set-up = The second factor is set up. Your other sessions have ended.
factor-the-code-is-not-right = The code is not right, or was used already. Wait for the next one; the clock of your device must be right.
factor-recovery-codes = Recovery codes
factor-keep-these-codes = Each of these codes signs you in once without your device. They are shown only now: print them or write them down, and keep them apart from the device.
factor-i-have-kept-them = I have kept them
factor-is-there = A second factor is set up: every sign-in and every approval asks for its code.
factor-is-not-there = No second factor is set up.
factor-codes-left = { $count ->
        [0] No recovery code is left; take the second factor away and set it up anew.
        [one] { $count } recovery code is left.
       *[other] { $count } recovery codes are left.
    }
factor-take-it-away = Take it away
factor-removing-signs-out = You will be signed out everywhere and can set up another one, as for a new telephone.
factor-your-role-keeps-it = Your role needs a second factor. For a new device, ask the administrator to reset it; the next sign-in then sets it up anew.
factor-lost-both = Device and recovery codes lost: an administrator resets the second factor.
factor-manage = Set up or change
