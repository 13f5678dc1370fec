"""Keys of the API."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "api_keys.title": Word("API keys", "API-Schlüssel"),
    "api_keys.lead": Word(
        "A program shows a key to do here what people do in the console. Of a key only a fingerprint is kept.",
        "Mit einem Schlüssel tut ein Programm hier, was Menschen in der Konsole tun. Aufbewahrt wird nur ein "
        "Fingerabdruck.",
    ),
    "api_keys.settings": Word(
        "Which programs may ask this installation, with which rights, until when.",
        "Welche Programme diese Installation fragen dürfen, mit welchen Rechten, bis wann.",
    ),
    "api_keys.open": Word("Manage keys", "Schlüssel verwalten"),
    "api_keys.look": Word("Look at the keys", "Schlüssel ansehen"),
    "api_keys.reference": Word("What the API can do (OpenAPI)", "Was die API kann (OpenAPI)"),
    "api_keys.new": Word("New key", "Neuer Schlüssel"),
    "api_keys.empty": Word("No program has a key yet", "Noch hat kein Programm einen Schlüssel"),
    "api_keys.empty.text": Word(
        "A shop that validates its conversions, a report that is fetched at night, a publisher who reads the own "
        "figures: each gets a key of its own, so that one can be taken away without the others.",
        "Ein Shop, der seine Conversions bestätigt, ein Bericht, der nachts geholt wird, ein Publisher, der die "
        "eigenen Zahlen liest: Jeder bekommt einen eigenen Schlüssel, damit man ihn nehmen kann und die "
        "anderen bleiben.",
    ),
    "api_keys.empty.read": Word(
        "Operators make keys; here you will see who has which.",
        "Betreiber legen Schlüssel an; hier sehen Sie dann, wer welchen hat.",
    ),
    "api_keys.label": Word("Name of the key", "Name des Schlüssels"),
    "api_keys.label.hint": Word(
        "What uses it, such as “Nightly report”. Everything done with the key carries this name.",
        "Was ihn benutzt, etwa „Nächtlicher Bericht“. Alles, was mit dem Schlüssel geschieht, trägt diesen Namen.",
    ),
    "api_keys.role": Word("What it may do", "Was er darf"),
    "api_keys.scope.operator": Word(
        "Everything, also inviting people and making keys.", "Alles, auch Menschen einladen und Schlüssel anlegen."
    ),
    "api_keys.scope.manager": Word(
        "Everything but people of the house and keys.", "Alles außer Personen des Hauses und Schlüsseln."
    ),
    "api_keys.scope.auditor": Word("Reads everything and changes nothing.", "Liest alles und ändert nichts."),
    "api_keys.scope.advertiser": Word(
        "Reads what is the advertiser's own, validates its conversions, and says what is sold out.",
        "Liest, was dem Advertiser gehört, bestätigt oder lehnt dessen Conversions ab und sagt, was ausverkauft ist.",
    ),
    "api_keys.scope.publisher": Word(
        "Reads what is the publisher's own and changes nothing.",
        "Liest, was dem Publisher gehört, und ändert nichts.",
    ),
    "api_keys.choose": Word("Choose …", "Auswählen …"),
    "api_keys.expires_on": Word("Works until (optional)", "Gilt bis (freiwillig)"),
    "api_keys.expires_on.hint": Word(
        "The day itself still counts. Empty: until somebody revokes it.",
        "Der Tag selbst zählt noch mit. Leer: bis ihn jemand widerruft.",
    ),
    "api_keys.create": Word("Make the key", "Schlüssel anlegen"),
    "api_keys.created": Word("Copy this key now", "Kopieren Sie diesen Schlüssel jetzt"),
    "api_keys.created.text": Word(
        "The key “{label}” is shown only now, and to you alone. A program sends it as a header: Authorization: Bearer, "
        "then the key.",
        "Der Schlüssel „{label}“ wird nur jetzt gezeigt, und nur Ihnen. Ein Programm sendet ihn als Header: "
        "Authorization: Bearer, dann den Schlüssel.",
    ),
    "api_keys.repeated": Word(
        "This form was sent twice and made one key, which was shown the first time. If you have not copied it, revoke "
        "it and make another.",
        "Das Formular kam zweimal und hat einen Schlüssel angelegt; gezeigt wurde er beim ersten Mal. Haben Sie ihn "
        "nicht kopiert, widerrufen Sie ihn und legen Sie einen anderen an.",
    ),
    "api_keys.made": Word("Made", "Angelegt"),
    "api_keys.expires": Word("Expires", "Läuft ab"),
    "api_keys.never": Word("never", "nie"),
    "api_keys.since": Word("Revoked on", "Widerrufen am"),
    "api_keys.state.active": Word("Active", "Aktiv"),
    "api_keys.state.expired": Word("Expired", "Abgelaufen"),
    "api_keys.state.revoked": Word("Revoked", "Widerrufen"),
    "api_keys.whose": Word("Sees the rows of", "Sieht die Daten von"),
    "api_keys.whose.all": Word("everybody", "allen"),
    "api_keys.data_folder": Word("Operator of this data folder", "Betreiber dieses Datenordners"),
    "api_keys.revoke": Word("Revoke", "Widerrufen"),
    "api_keys.revoke.warning": Word(
        "It works at once and for ever: the program that uses this key is turned away from its next request on, and "
        "nothing brings the key back. If the program is still needed, give it a new key first.",
        "Das wirkt sofort und für immer: Das Programm mit diesem Schlüssel wird ab der nächsten Anfrage abgewiesen, "
        "und nichts bringt den Schlüssel zurück. Wird das Programm noch gebraucht, geben Sie ihm zuerst einen neuen.",
    ),
    "api_keys.revoke.data_folder": Word(
        "This key was made with the installation and stands in the data folder (secrets.json). Scripts on this machine "
        "may use it, and no other takes its place.",
        "Dieser Schlüssel entstand mit der Installation und steht im Datenordner (secrets.json). Skripte auf dieser "
        "Maschine können ihn benutzen, und kein anderer tritt an seine Stelle.",
    ),
    "api_keys.revoke.reason": Word("Why", "Warum"),
    "api_keys.revoke.hint": Word(
        "It stands in the record for ever, such as “The laptop was lost”.",
        "Das steht für immer im Protokoll, etwa „Laptop verloren“.",
    ),
    "api_keys.revoke.send": Word("Revoke for ever", "Für immer widerrufen"),
    "api_keys.revoked": Word(
        "“{label}” is revoked. Whoever shows this key is turned away.",
        "„{label}“ ist widerrufen. Wer diesen Schlüssel zeigt, wird abgewiesen.",
    ),
    "api_keys.dead.revoked": Word(
        "This key was revoked. It stays in the list, since what was done with it carries its name.",
        "Dieser Schlüssel wurde widerrufen. Er bleibt in der Liste, denn was mit ihm geschah, trägt seinen Namen.",
    ),
    "api_keys.dead.expired": Word(
        "This key has expired, and whoever shows it is turned away. A program that still needs one gets a new key.",
        "Dieser Schlüssel ist abgelaufen; wer ihn zeigt, wird abgewiesen. Ein Programm, das noch einen braucht, "
        "bekommt einen neuen.",
    ),
    "needs.label": Word(
        "Give the key a name of 1 to 200 characters.", "Geben Sie dem Schlüssel einen Namen mit 1 bis 200 Zeichen."
    ),
    "needs.role": Word("Choose what the key may do.", "Wählen Sie, was der Schlüssel darf."),
    "needs.publisher": Word("Choose a publisher.", "Wählen Sie einen Publisher."),
    "needs.expires_on": Word(
        "Give a day of the calendar, or leave it empty.",
        "Geben Sie einen Kalendertag an oder lassen Sie das Feld leer.",
    ),
}
