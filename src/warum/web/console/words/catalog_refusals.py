"""What the catalog refuses, in both languages, by its code."""

from __future__ import annotations

from typing import Final

from warum.web.console.words.word import Table, Word

WORDS: Final[Table] = {
    "refusal.code_taken": Word(
        "This code is in use. Choose another, or leave it empty.",
        "Dieser Code ist vergeben. Wählen Sie einen anderen, oder lassen Sie ihn leer.",
    ),
    "refusal.context_unknown": Word(
        "The offer does not tell this context apart (any more). Choose what is told apart first.",
        "Das Angebot unterscheidet diesen Kontext nicht (mehr). Wählen Sie zuerst, was unterschieden wird.",
    ),
    "refusal.contexts_too_many": Word(
        "Together these make more than 12 contexts, and each would see too few visitors. Choose one of them alone.",
        "Zusammen ergeben sie mehr als 12 Kontexte, und jeder sähe zu wenige Besucher. Wählen Sie nur eines davon.",
    ),
    "refusal.dimension_unknown": Word(
        "One of these cannot be told apart. Choose from the list.",
        "Eines davon lässt sich nicht unterscheiden. Wählen Sie aus der Liste.",
    ),
    "refusal.dimensions_too_many": Word(
        "Choose at most two: of more, each context would see too few visitors.",
        "Wählen Sie höchstens zwei: Bei mehr sähe jeder Kontext zu wenige Besucher.",
    ),
    "refusal.vertical_unknown": Word("Choose a kind of business.", "Wählen Sie eine Art von Geschäft."),
    "refusal.flight_backwards": Word(
        "The flight ends before it starts: swap the two.",
        "Die Laufzeit endet vor ihrem Beginn: Tauschen Sie die beiden.",
    ),
    "refusal.host_malformed": Word(
        "Give the host name alone, without https:// and path: www.hotel.example.",
        "Geben Sie nur den Hostnamen an, ohne https:// und Pfad: www.hotel.example.",
    ),
    "refusal.host_known": Word("This host is in the list already.", "Dieser Host steht schon in der Liste."),
    "refusal.host_not_proved": Word(
        "An address lies on a host that the advertiser has not proved. Prove it first, on the advertiser's page.",
        "Eine Adresse liegt auf einem Host, den der Advertiser nicht nachgewiesen hat. Weisen Sie ihn zuerst nach, auf "
        "der Seite des Advertisers.",
    ),
    "refusal.url_malformed": Word(
        "An address begins with https:// and a host name.", "Eine Adresse beginnt mit https:// und einem Hostnamen."
    ),
    "refusal.basis_not_recorded": Word(
        "There is no legal basis recorded, so it is off already.",
        "Es ist keine Rechtsgrundlage hinterlegt, also ist es schon aus.",
    ),
    "refusal.percent_alone": Word(
        "Give a percentage between 0 and 100.", "Geben Sie einen Prozentsatz zwischen 0 und 100 an."
    ),
    "refusal.percent_too_fine": Word(
        "A percentage has at most four decimals.", "Ein Prozentsatz hat höchstens vier Nachkommastellen."
    ),
    "refusal.amount_alone": Word("Give an amount.", "Geben Sie einen Betrag an."),
    "refusal.currency_not_listed": Word(
        "Choose one of the program's currencies.", "Wählen Sie eine der Währungen des Programms."
    ),
    "refusal.valid_from_past": Word(
        "Clicks since then were promised the rules in force. Choose today or later.",
        "Klicks seit damals wurden die geltenden Regeln zugesagt. Wählen Sie heute oder später.",
    ),
    "refusal.valid_from_before_newest": Word(
        "A newer version is planned to begin after that day. Choose its day or later.",
        "Eine neuere Version beginnt nach diesem Tag. Wählen Sie deren Tag oder einen späteren.",
    ),
    "refusal.propensities_count": Word("Give one share for each arm.", "Geben Sie für jeden Arm einen Anteil an."),
    "refusal.propensities_sum": Word(
        "The shares have to sum to exactly 100 %, with at most four decimals each.",
        "Die Anteile müssen zusammen genau 100 % ergeben, mit höchstens vier Nachkommastellen.",
    ),
    "refusal.propensity_too_small": Word(
        "A share below 1 % teaches nothing about its arm; give it more.",
        "Ein Anteil unter 1 % lehrt nichts über seinen Arm; geben Sie ihm mehr.",
    ),
    "refusal.offer_without_allocation": Word(
        "This offer has nothing to share among.", "Dieses Angebot hat nichts, worauf sich verteilen ließe."
    ),
    "refusal.offer_unknown": Word("Choose an offer of this program.", "Wählen Sie ein Angebot dieses Programms."),
    "refusal.program_ended": Word(
        "The program has ended and takes no applications.", "Das Programm ist beendet und nimmt keine Bewerbungen an."
    ),
    "refusal.partnership_exists": Word(
        "There is a partnership with this program already.", "Mit diesem Programm gibt es schon eine Partnerschaft."
    ),
    "refusal.partnership_status": Word(
        "Somebody has decided this already. Look at how it stands now.",
        "Das hat schon jemand entschieden. Sehen Sie sich an, wie es jetzt steht.",
    ),
    "refusal.partnership_not_approved": Word(
        "The partnership is not approved. Approve it first.",
        "Die Partnerschaft ist nicht angenommen. Nehmen Sie sie zuerst an.",
    ),
    "refusal.link_retired": Word("This link was retired already.", "Dieser Link war schon stillgelegt."),
    "refusal.conversion_paid": Word(
        "It was paid; a change now is a reversal, which the next settlement nets.",
        "Sie wurde ausgezahlt; eine Änderung ist jetzt eine Rückbuchung, die die nächste Abrechnung verrechnet.",
    ),
    "refusal.conversion_declined": Word(
        "It was declined and retains nothing, so it cannot be approved.",
        "Sie wurde abgelehnt, und nichts bleibt; bestätigen lässt sie sich nicht.",
    ),
    "refusal.conversion_status": Word(
        "It stands like this already; nothing was changed.", "Sie steht schon so; es wurde nichts geändert."
    ),
    "refusal.step_not_applicable": Word(
        "This reason does not exist in this kind of business.", "Diesen Grund gibt es in diesem Geschäft nicht."
    ),
    "refusal.report_resolved": Word("Somebody has settled this already.", "Das hat schon jemand erledigt."),
    "refusal.order_id_not_yours": Word("Order ids are the advertiser's.", "Bestellnummern gehören dem Advertiser."),
}
