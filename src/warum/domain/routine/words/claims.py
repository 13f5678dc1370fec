"""Answering a publisher that misses a sale: for each reason, what was found and what the publisher can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.bots.words import Language

_Words = Mapping[Language, str]

_FRAME: Final[Mapping[str, _Words]] = {
    "claim.subject": {
        "de": "Ihre Nachbuchungsanfrage {claim}",
        "en": "Your claim {claim} for a missing sale",
    },
    "claim.opening": {
        "de": "vielen Dank für Ihre Anfrage {claim} vom {asked}. Sie vermissen eine Bestellung vom {claimed_day} über "
        "{claimed_amount}. Das haben wir geprüft.",
        "en": "Thank you for your claim {claim} of {asked}. You are missing an order of {claimed_day} for "
        "{claimed_amount}. We have looked into it.",
    },
    "claim.opening_day": {
        "de": "vielen Dank für Ihre Anfrage {claim} vom {asked}. Sie vermissen eine Bestellung vom {claimed_day}. Das "
        "haben wir geprüft.",
        "en": "Thank you for your claim {claim} of {asked}. You are missing an order of {claimed_day}. We have looked "
        "into it.",
    },
    "claim.opening_bare": {
        "de": "vielen Dank für Ihre Anfrage {claim} vom {asked}. Wir haben sie geprüft.",
        "en": "Thank you for your claim {claim} of {asked}. We have looked into it.",
    },
    "claim.booked": {
        "de": "Wir buchen den Verkauf mit {retained} nach; Ihre Provision beträgt {commission}. Er steht zunächst auf "
        "„offen“, bis der Werbetreibende ihn bestätigt hat.",
        "en": "We are adding the sale with {retained}; your commission is {commission}. It is pending until the "
        "advertiser has confirmed it.",
    },
    "claim.booked_part": {
        "de": "Von {sale} sind nach einer Änderung der Bestellung {retained} geblieben. Damit buchen wir den Verkauf "
        "nach; Ihre Provision beträgt {commission}. Er steht zunächst auf „offen“, bis der Werbetreibende ihn "
        "bestätigt "
        "hat.",
        "en": "Of {sale}, {retained} remained after the order was changed. We are adding the sale with that amount; "
        "your commission is {commission}. It is pending until the advertiser has confirmed it.",
    },
}

_FOUND: Final[Mapping[str, _Words]] = {
    "proven_by_order": {
        "de": "Die Bestellung liegt beim Werbetreibenden vor, und mit ihr ist der Klick auf Ihren Link {link} vom "
        "{click} gespeichert. Der Verkauf gehört Ihnen.",
        "en": "The advertiser has the order, and the click on your link {link} of {click} is stored with it. The sale "
        "is yours.",
    },
    "proven_by_voucher": {
        "de": "Die Bestellung liegt beim Werbetreibenden vor, und mit ihr wurde Ihr Gutscheincode {code} eingelöst. "
        "Der "
        "Verkauf gehört Ihnen.",
        "en": "The advertiser has the order, and your voucher code {code} was redeemed with it. The sale is yours.",
    },
    "proven_by_click": {
        "de": "Die Bestellung liegt beim Werbetreibenden vor, und Ihr Klick auf den Link {link} vom {click} ist "
        "nachgewiesen. Ein anderer Klick ist zu ihr nicht bekannt.",
        "en": "The advertiser has the order, and your click on the link {link} of {click} is proven. No other click is "
        "known for it.",
    },
    "order_unknown": {
        "de": "Eine Bestellung mit dieser Nummer ist beim Werbetreibenden nicht bekannt.",
        "en": "The advertiser knows no order with this number.",
    },
    "already_credited": {
        "de": "Diesen Verkauf haben Sie schon: {conversion}, Provision {credited}, Status „{status}“.",
        "en": "You have this sale already: {conversion}, commission {credited}, status “{status}”.",
    },
    "declined": {
        "de": "Der Verkauf war Ihnen als {conversion} gutgeschrieben und wurde abgelehnt. Der Grund: {reason}.",
        "en": "The sale was credited to you as {conversion} and has been declined. The reason: {reason}.",
    },
    "credited_to_another": {
        "de": "Diese Bestellung ist nach der Regel des Programms bereits einem anderen Partner gutgeschrieben.",
        "en": "Under the program's rule this order is already credited to another partner.",
    },
    "test_order": {
        "de": "Das war eine Testbestellung. Für Tests wird keine Provision gezahlt.",
        "en": "This was a test order. Tests earn no commission.",
    },
    "order_cancelled": {
        "de": "Die Bestellung wurde vollständig storniert oder zurückgegeben. Es bleibt kein Betrag, auf den Provision "
        "gezahlt wird.",
        "en": "The order was cancelled or returned in full. No amount is left on which commission is paid.",
    },
    "currency_not_listed": {
        "de": "Die Bestellung ist in einer Währung bezahlt worden, die zum Programm nicht gehört. Umgerechnet wird "
        "nicht.",
        "en": "The order was paid in a currency that is not part of the program. Nothing is converted.",
    },
    "group_excluded": {
        "de": "Was bestellt wurde, gehört zur Gruppe „{group}“. Auf sie zahlt das Programm keine Provision.",
        "en": "What was ordered belongs to the group “{group}”, on which the program pays no commission.",
    },
    "claimed_late": {
        "de": "Nachbuchungen sind bis {claim_days} {claim_days|Tag|Tage} nach der Bestellung möglich. Ihre Anfrage kam "
        "später.",
        "en": "Missing sales can be claimed up to {claim_days} {claim_days|day|days} after the order. Your claim came "
        "later.",
    },
    "click_of_another": {
        "de": "Der letzte gültige Klick vor dieser Bestellung ging über den Link eines anderen Partners.",
        "en": "The last valid click before this order went through another partner's link.",
    },
    "voucher_of_another": {
        "de": "Mit der Bestellung wurde ein Gutscheincode eingelöst, der einem anderen Partner gehört.",
        "en": "A voucher code that belongs to another partner was redeemed with the order.",
    },
    "outside_window": {
        "de": "Ihr Klick vom {click} liegt zu weit zurück: Das Programm ordnet Bestellungen bis {window} "
        "{window|Tag|Tage} nach dem Klick zu.",
        "en": "Your click of {click} was too long before: the program credits orders up to {window} "
        "{window|day|days} after the click.",
    },
    "click_after_order": {
        "de": "Ihr Klick vom {click} kam erst nach der Bestellung.",
        "en": "Your click of {click} came after the order.",
    },
    "click_not_usable": {
        "de": "Die Bestellung gibt es. Der Klick, den Sie nennen, führt aber zu einem anderen Programm oder darf ohne "
        "Einwilligung nicht zugeordnet werden.",
        "en": "The order exists, but the click that you name leads to another program, or may not be credited without "
        "consent.",
    },
    "not_approved": {
        "de": "Als der Besucher kam, war Ihre Partnerschaft mit dem Programm nicht freigeschaltet.",
        "en": "When the visitor came, your partnership with the program was not approved.",
    },
    "data_broken": {
        "de": "Die Angaben lassen sich so nicht auswerten. Ein Mensch sieht sie sich an.",
        "en": "The details cannot be read as they are. A person is looking at them.",
    },
    "spelled_differently": {
        "de": "Genau diese Nummer kennt der Werbetreibende nicht, aber eine, die sich nur in der Schreibweise "
        "unterscheidet. Ob Sie diese Bestellung meinen, klären wir.",
        "en": "The advertiser does not know exactly this number, but one that differs only in spelling. We are finding "
        "out whether that is the order you mean.",
    },
    "another_order_fits": {
        "de": "Die Nummer passt nicht zu Ihren übrigen Angaben; vielleicht meinen Sie eine andere Bestellung. Das "
        "klären wir.",
        "en": "The number does not go with your other details; perhaps you mean another order. We are finding out.",
    },
    "several_orders": {
        "de": "Zu dieser Nummer gibt es mehr als eine Bestellung. Welche Sie meinen, klären wir.",
        "en": "There is more than one order with this number. We are finding out which you mean.",
    },
    "not_yet_reported": {
        "de": "Der Werbetreibende hat uns die Bestellungen dieses Tages noch nicht vollständig gemeldet. Wir prüfen "
        "erneut, sobald sie da sind.",
        "en": "The advertiser has not yet reported all orders of that day. We will look again once they are there.",
    },
    "records_contradict": {
        "de": "Unsere Aufzeichnungen und die des Werbetreibenden widersprechen sich bei dieser Bestellung. Ein Mensch "
        "klärt das.",
        "en": "Our records and the advertiser's contradict each other on this order. A person is finding out why.",
    },
    "details_missing": {
        "de": "Zu einer Anfrage gehören der Tag und der Betrag der Bestellung; mindestens eines davon fehlt.",
        "en": "A claim needs the day and the amount of the order; at least one of them is missing.",
    },
    "currency_differs": {
        "de": "Ihre Währung ist nicht die der Bestellung. Ein Mensch sieht sich das an.",
        "en": "Your currency is not that of the order. A person is looking at it.",
    },
    "amount_differs": {
        "de": "Ihr Betrag ist nicht der der Bestellung. Ein Mensch sieht sich das an.",
        "en": "Your amount is not that of the order. A person is looking at it.",
    },
    "day_differs": {
        "de": "Ihr Tag ist nicht der der Bestellung. Ein Mensch sieht sich das an.",
        "en": "Your day is not that of the order. A person is looking at it.",
    },
    "click_time_differs": {
        "de": "Der Klick, den Sie nachweisen, war zu einer anderen Zeit, als Sie schreiben. Ein Mensch sieht sich das "
        "an.",
        "en": "The click that you show was at another time than you say. A person is looking at it.",
    },
    "click_missing": {
        "de": "Die Bestellung gibt es, ein Klick von Ihnen ist dazu aber nicht nachgewiesen.",
        "en": "The order exists, but no click of yours is proven for it.",
    },
    "click_unreadable": {
        "de": "Die Bestellung gibt es, die Klick-ID dazu lässt sich aber nicht lesen: Sie ist gekürzt, verändert oder "
        "nicht "
        "von uns.",
        "en": "The order exists, but the click id for it cannot be read: it was cut or changed, or is not ours.",
    },
    "reference_alone": {
        "de": "Die Bestellung gibt es. Was Sie nachweisen, ist der Link eines Tages und kein einzelner Klick; das "
        "allein "
        "genügt nicht. Ein Mensch sieht es sich an.",
        "en": "The order exists. What you show is a day's link and no single click; that alone is not enough. A person "
        "is looking at it.",
    },
    "sub_id_shared": {
        "de": "Die Bestellung gibt es. Die Sub-ID, die Sie nennen, steht bei mehreren Klicks und weist keinen davon "
        "aus.",
        "en": "The order exists. The sub id that you name stands with several clicks and singles out none of them.",
    },
    "click_used": {
        "de": "Die Bestellung gibt es. Der Klick, den Sie nennen, hat aber schon einen anderen Verkauf gebracht. Ein "
        "Mensch "
        "sieht sich das an.",
        "en": "The order exists, but the click that you name has brought another sale already. A person is looking at "
        "it.",
    },
    "order_without_click": {
        "de": "Der Werbetreibende hat die Bestellung gemeldet, ohne dass der Käufer einen Klick mitbrachte. Ob der "
        "Klick, "
        "den Sie nennen, seiner war, klärt ein Mensch.",
        "en": "The advertiser reported the order, and the buyer brought no click along. Whether the click that you "
        "name "
        "was the buyer's, a person is finding out.",
    },
    "claimed_by_others": {
        "de": "Die Bestellung gibt es, sie wird aber auch von anderer Seite beansprucht. Ein Mensch klärt das.",
        "en": "The order exists, but it is claimed by somebody else as well. A person is finding out.",
    },
    "claims_many": {
        "de": "Die Bestellung gibt es, und Ihr Klick ist nachgewiesen. Weil zuletzt viele Ihrer Verkäufe nachgebucht "
        "werden sollten, sieht sich ein Mensch die Ursache an.",
        "en": "The order exists, and your click is proven. Since many of your sales have been claimed lately, a person "
        "is looking at the cause.",
    },
    "no_rule": {
        "de": "Die Bestellung gibt es, für sie ist aber keine Provision hinterlegt. Ein Mensch klärt das.",
        "en": "The order exists, but no commission is on record for it. A person is finding out.",
    },
}

_CONTEST: Final[_Words] = {
    "de": "Deshalb buchen wir nichts nach. Wenn Sie das anders sehen, antworten Sie uns mit dem, was dafür spricht; "
    "ein "
    "Mensch prüft es dann.",
    "en": "We are therefore not adding it. If you see it differently, reply with what speaks for it, and a person will "
    "look into it.",
}
_CLICK_ID: Final[_Words] = {
    "de": "Bitte senden Sie uns die vollständige Klick-ID oder die Sub-ID dieses einen Besuchs, unverändert kopiert. "
    "Dann "
    "prüfen wir erneut.",
    "en": "Please send us the complete click id, or the sub id of this one visit, copied unchanged. We will then look "
    "again.",
}
_CONFIRMATION: Final[_Words] = {
    "de": "Am schnellsten geht es mit der Bestellbestätigung: Nummer, Tag und Betrag genügen. Bitte schwärzen Sie, was "
    "darin den Käufer betrifft.",
    "en": "The order confirmation is the quickest way: number, day and amount are enough. Please black out whatever "
    "concerns the buyer.",
}
_WAIT: Final[_Words] = {
    "de": "Sie brauchen nichts zu tun. Wir melden uns, sobald es geklärt ist.",
    "en": "There is nothing that you need to do. We will write once it is settled.",
}
_GOOD: Final[_Words] = {
    "de": "Sie brauchen nichts zu tun: Der Verkauf erscheint in Ihrem Konto, und seinen Stand sehen Sie dort.",
    "en": "There is nothing that you need to do: the sale will appear in your account, and you will see its status "
    "there.",
}

_DO: Final[Mapping[str, _Words]] = {
    **dict.fromkeys(("proven_by_order", "proven_by_voucher", "proven_by_click"), _GOOD),
    **dict.fromkeys(
        (
            "credited_to_another", "test_order", "order_cancelled", "currency_not_listed", "group_excluded",
            "claimed_late", "click_of_another", "voucher_of_another", "outside_window", "click_after_order",
            "click_not_usable", "not_approved",
        ),
        _CONTEST,
    ),
    "order_unknown": {
        "de": "Deshalb buchen wir nichts nach. Bitte vergleichen Sie die Nummer mit der Bestellbestätigung; mit der "
        "richtigen prüfen wir gern erneut.",
        "en": "We are therefore not adding it. Please compare the number with the order confirmation; with the right "
        "one "
        "we will gladly look again.",
    },
    "already_credited": {
        "de": "Nachzubuchen ist deshalb nichts. Sie finden den Verkauf unter dieser Nummer in Ihrem Konto.",
        "en": "So there is nothing to add. You will find the sale under this number in your account.",
    },
    "declined": {
        "de": "Nachbuchen können wir ihn nicht, aber Sie können der Ablehnung widersprechen: Öffnen Sie {conversion} "
        "in Ihrem "
        "Konto und schreiben Sie, was dagegen spricht. Ein Mensch antwortet Ihnen.",
        "en": "We cannot add it, but you can contest the decline: open {conversion} in your account and say what "
        "speaks "
        "against it. A person will answer.",
    },
    **dict.fromkeys(
        (
            "data_broken", "spelled_differently", "another_order_fits", "several_orders", "details_missing",
            "currency_differs", "amount_differs", "day_differs",
        ),
        _CONFIRMATION,
    ),
    **dict.fromkeys(
        (
            "click_missing", "click_unreadable", "click_time_differs", "reference_alone", "sub_id_shared", "click_used",
            "order_without_click",
        ),
        _CLICK_ID,
    ),
    **dict.fromkeys(
        ("not_yet_reported", "records_contradict", "claimed_by_others", "claims_many", "no_rule"),
        _WAIT,
    ),
}  # fmt: skip

TEMPLATES: Final[Mapping[str, _Words]] = {
    **_FRAME,
    **{f"claim.found.{why}": words for why, words in _FOUND.items()},
    **{f"claim.do.{why}": words for why, words in _DO.items()},
}

TERMS: Final[Mapping[str, _Words]] = {
    "status.pending": {"de": "offen", "en": "pending"},
    "status.approved": {"de": "bestätigt", "en": "approved"},
    "status.declined": {"de": "abgelehnt", "en": "declined"},
    "status.paid": {"de": "ausgezahlt", "en": "paid"},
    "reason.cancelled": {"de": "storniert", "en": "cancelled"},
    "reason.no_show": {"de": "nicht angereist", "en": "no-show"},
    "reason.refunded": {"de": "erstattet", "en": "refunded"},
    "reason.declined_by_advertiser": {
        "de": "vom Werbetreibenden abgelehnt, ohne nähere Angabe",
        "en": "declined by the advertiser, without further details",
    },
}
