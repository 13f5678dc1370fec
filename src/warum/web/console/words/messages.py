"""Messages to partners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.web.console.words.word import Word

WORDS: Final[Mapping[str, Word]] = {
    "messages.title": Word("Messages", "Nachrichten"),
    "messages.lead": Word(
        "What partners were told, by hand or by a draft that somebody approved.",
        "Was Partnern geschrieben wurde, von Hand oder nach einem Entwurf, den jemand freigegeben hat.",
    ),
    "messages.new": Word("Write a message", "Nachricht schreiben"),
    "messages.new.text": Word(
        "The partner finds it at once where it looks up its figures. It can be taken back until it was read.",
        "Der Partner findet sie sofort bei seinen Zahlen. Bis sie gelesen ist, lässt sie sich zurücknehmen.",
    ),
    "messages.send": Word("Send", "Senden"),
    "messages.to": Word("To {name}", "An {name}"),
    "messages.recipient": Word("To", "An"),
    "messages.advertiser": Word("The advertiser", "Den Advertiser"),
    "messages.language": Word("Language", "Sprache"),
    "messages.read": Word("Read it", "Lesen"),
    "messages.written": Word("The message is with the partner.", "Die Nachricht ist beim Partner."),
    "messages.withdraw": Word("Take back", "Zurücknehmen"),
    "messages.withdraw.text": Word("It was not read yet.", "Sie ist noch nicht gelesen."),
    "messages.withdrawn": Word("The message was taken back.", "Die Nachricht ist zurückgenommen."),
    "messages.state.unread": Word("Unread", "Ungelesen"),
    "messages.state.read": Word("Read", "Gelesen"),
    "messages.state.withdrawn": Word("Taken back", "Zurückgenommen"),
    "messages.empty": Word("Nothing was written yet", "Noch nichts geschrieben"),
    "messages.empty.text": Word(
        "Approve a draft that a bot prepared, or write to a partner yourself.",
        "Geben Sie einen Entwurf frei, den ein Bot vorbereitet hat, oder schreiben Sie selbst.",
    ),
    "inbox.messages": Word("Messages to partners", "Nachrichten an Partner"),
}
