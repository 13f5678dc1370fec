"""Signing in, accounts, settings."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "sign_in.title": Word("Sign in", "Anmelden"),
    "sign_in.email": Word("E-mail", "E-Mail"),
    "sign_in.password": Word("Password", "Passwort"),
    "sign_in.forgot": Word(
        "Forgot your password? Any operator can make you a link for a new one.",
        "Passwort vergessen? Jeder Betreiber kann Ihnen einen Link für ein neues machen.",
    ),
    "sign_in.first": Word(
        "Nobody has an account yet. `warum up` prints a link that makes the first one.",
        "Noch hat niemand ein Konto. `warum up` zeigt einen Link, der das erste anlegt.",
    ),
    "sign_in.expired": Word(
        "Your session ended. Sign in, and you are back where you were.",
        "Ihre Sitzung ist abgelaufen. Melden Sie sich an, dann geht es dort weiter, wo Sie waren.",
    ),
    "sign_in.kept": Word(
        "Your session ended before this was sent. Nothing is lost: sign in, look at it once more, and send it.",
        "Ihre Sitzung ist vor dem Absenden abgelaufen. Es ist nichts verloren: Melden Sie sich an, sehen Sie es noch "
        "einmal durch und senden Sie es ab.",
    ),
    "sign_in.plain": Word(
        "This connection is not encrypted: whoever is in between can read your password. Use https.",
        "Diese Verbindung ist nicht verschlüsselt: Wer dazwischen sitzt, kann Ihr Passwort lesen. Nutzen Sie https.",
    ),
    "sign_in.again": Word(
        "Signed in. What you typed is still here; send it once more.",
        "Angemeldet. Ihre Eingaben sind noch da; senden Sie sie noch einmal ab.",
    ),
    "resume.title": Word("Welcome back", "Willkommen zurück"),
    "resume.text": Word(
        "Your session had ended when you sent this. Send it now?",
        "Ihre Sitzung war abgelaufen, als Sie das abgesendet haben. Jetzt senden?",
    ),
    "resume.send": Word("Send now", "Jetzt senden"),
    "resume.discard": Word("Discard", "Verwerfen"),
    "start.first.title": Word("Make the first account", "Erstes Konto anlegen"),
    "start.first.text": Word(
        "You become the operator: you see everything, and let others in. The link works once.",
        "Sie werden Betreiber: Sie sehen alles und lassen andere herein. Der Link gilt einmal.",
    ),
    "start.password.title": Word("Welcome, {name}", "Willkommen, {name}"),
    "start.password.text": Word(
        "Choose a password for {email}. The link works once.",
        "Wählen Sie ein Passwort für {email}. Der Link gilt einmal.",
    ),
    "start.name": Word("Your name", "Ihr Name"),
    "start.password.hint": Word(
        "At least 12 characters. A sentence is easy to remember and hard to guess.",
        "Mindestens 12 Zeichen. Ein Satz ist leicht zu merken und schwer zu erraten.",
    ),
    "start.send.first": Word("Make the account", "Konto anlegen"),
    "start.send.password": Word("Set the password", "Passwort setzen"),
    "start.spent.title": Word("This link does not work any more", "Dieser Link gilt nicht mehr"),
    "start.spent.text": Word(
        "It was used already, or is too old. If you have an account, sign in; otherwise ask an operator for a new "
        "link. Where there is no operator yet, starting Warum again prints one.",
        "Er wurde schon benutzt oder ist zu alt. Wenn Sie ein Konto haben, melden Sie sich an; sonst bitten Sie einen "
        "Betreiber um einen neuen. Wo es noch keinen Betreiber gibt, zeigt ein neuer Start von Warum einen Link.",
    ),
    "settings.profile": Word("You", "Sie"),
    "settings.profile.name": Word("Name", "Name"),
    "settings.profile.timezone": Word("Time zone", "Zeitzone"),
    "settings.profile.saved": Word("Saved.", "Gespeichert."),
    "settings.password": Word("Password", "Passwort"),
    "settings.password.current": Word("Current password", "Bisheriges Passwort"),
    "settings.password.new": Word("New password", "Neues Passwort"),
    "settings.password.change": Word("Change password", "Passwort ändern"),
    "settings.password.changed": Word(
        "Password changed. Everywhere else you are signed out.",
        "Passwort geändert. Überall sonst sind Sie abgemeldet.",
    ),
    "settings.password.none": Word(
        "You came in with a link and have no password. An operator can make you a link that sets one.",
        "Sie sind mit einem Link hereingekommen und haben kein Passwort. Ein Betreiber kann Ihnen einen Link machen, "
        "der eines setzt.",
    ),
    "settings.sessions": Word("Where you are signed in", "Wo Sie angemeldet sind"),
    "settings.sessions.text": Word(
        ("You are signed in in {n} browser.", "You are signed in in {n} browsers."),
        ("Sie sind in {n} Browser angemeldet.", "Sie sind in {n} Browsern angemeldet."),
    ),
    "settings.sessions.end": Word("Sign out everywhere else", "Überall sonst abmelden"),
    "settings.sessions.ended": Word(
        ("Ended {n} other session.", "Ended {n} other sessions."),
        ("{n} andere Sitzung beendet.", "{n} andere Sitzungen beendet."),
    ),
    "users.title": Word("People", "Personen"),
    "users.intro": Word(
        "Operators do everything. Account managers look after advertisers and publishers. Auditors only read.",
        "Betreiber dürfen alles. Account-Manager betreuen Advertiser und Publisher. Prüfer lesen nur.",
    ),
    "users.name": Word("Name", "Name"),
    "users.email": Word("E-mail", "E-Mail"),
    "users.role": Word("Role", "Rolle"),
    "users.state": Word("State", "Stand"),
    "users.since": Word("Since", "Seit"),
    "users.acts": Word("Actions", "Aktionen"),
    "users.state.active": Word("Active", "Aktiv"),
    "users.state.invited": Word("Invited", "Eingeladen"),
    "users.state.disabled": Word("Disabled", "Gesperrt"),
    "users.you": Word("you", "Sie"),
    "users.invite": Word("Invite somebody", "Jemanden einladen"),
    "users.invite.language": Word("Language of the link's page", "Sprache der Seite zum Link"),
    "users.invite.send": Word("Make the link", "Link anlegen"),
    "users.link.title": Word("Hand over this link", "Geben Sie diesen Link weiter"),
    "users.link.text": Word(
        "It is shown only now. With it {name} sets a password; it works once, until {until}.",
        "Er wird nur jetzt gezeigt. Damit setzt {name} ein Passwort; er gilt einmal, bis {until}.",
    ),
    "users.link.copy": Word("Copy", "Kopieren"),
    "users.link.copied": Word("Copied", "Kopiert"),
    "users.link.new": Word("New link", "Neuer Link"),
    "users.role.change": Word("Change role", "Rolle ändern"),
    "users.role.changed": Word("{name} is now: {role}.", "{name} ist jetzt: {role}."),
    "users.disable": Word("Disable", "Sperren"),
    "users.disabled": Word("{name} is disabled and signed out.", "{name} ist gesperrt und abgemeldet."),
    "users.enable": Word("Enable", "Entsperren"),
    "users.enabled": Word("{name} may sign in again.", "{name} darf sich wieder anmelden."),
}
