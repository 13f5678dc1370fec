"""An explanation in words, by templates in English and German. Every sentence is made from the facts beside it; nothing
is said that they do not hold. Times are given in the program's time zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from warum.app.border import Money
from warum.app.explain.shapes import (
    ClickFacts,
    DeliveryFacts,
    Explanation,
    HoldFacts,
    Lang,
    PostingFacts,
    SectionOut,
    StepFacts,
)
from warum.app.programs import RuleOut
from warum.domain.catalog import CommissionKind
from warum.domain.conversion import Credit, Status
from warum.kernel.ids import public


def tell(lang: Lang, facts: Explanation) -> tuple[SectionOut, ...]:
    """The sections in the order of the way: click, consent, credit, rule, hold, history, ledger, deliveries."""
    speech = SPEECH[lang]
    voice = _Voice(speech, ZoneInfo(facts.timezone))
    parts: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("summary", (_summary(voice, facts),)),
        ("click", (_click(voice, facts.click),)),
        ("consent", (_consent(voice, facts),)),
        ("credit", (_credit(voice, facts),)),
        ("rule", (_rule(voice, facts),)),
        ("hold", (_hold(voice, facts.hold, facts.vertical),)),
        ("history", (*_erased(voice, facts.steps_erased), *(_step(voice, step) for step in facts.steps))),
        ("ledger", tuple(_posting(voice, posting) for posting in facts.postings) or (speech.text["no_postings"],)),
        ("told", tuple(_delivery(voice, line) for line in facts.deliveries) or (speech.text["no_deliveries"],)),
    )
    return tuple(SectionOut(title=speech.titles[key], sentences=sentences) for key, sentences in parts)


@dataclass(frozen=True, slots=True)
class Speech:
    """What one language needs. ``text`` are templates for ``str.format``; the other tables translate codes."""

    moment_format: str
    decimal_point: str
    titles: Mapping[str, str]
    text: Mapping[str, str]
    why: Mapping[str, str]
    status: Mapping[str, str]
    reason: Mapping[str, str]
    step: Mapping[str, str]
    account: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Voice:
    speech: Speech
    zone: ZoneInfo

    def say(self, template: str, **values: object) -> str:
        return self.speech.text[template].format(**values)

    def at(self, moment: datetime) -> str:
        return moment.astimezone(self.zone).strftime(self.speech.moment_format) + f" ({self.zone.key})"

    def money(self, amount: Money) -> str:
        return f"{amount.amount.replace('.', self.speech.decimal_point)} {amount.currency}"

    def number(self, text: str) -> str:
        return text.replace(".", self.speech.decimal_point)


def _summary(voice: _Voice, facts: Explanation) -> str:
    conversion = facts.conversion
    if conversion.status is Status.DECLINED:
        template = "summary_declined"
    else:
        template = "summary_nobody" if facts.credit is Credit.NONE else "summary"
    return voice.say(
        template,
        id=public("conversion", conversion.id),
        order="" if conversion.order_id is None else voice.say("order", order=conversion.order_id),
        program=conversion.program_code,
        advertiser=conversion.advertiser_name,
        status=voice.speech.status[conversion.status.value],
        reason="" if conversion.reason is None else voice.speech.reason[conversion.reason.value],
        publisher=conversion.publisher_name or voice.speech.text["nobody"],
        commission=voice.money(conversion.commission),
        retained=voice.money(conversion.retained),
        sale=voice.money(conversion.sale),
        test=voice.speech.text["test"] if conversion.mode.value == "test" else "",
    )


def _click(voice: _Voice, click: ClickFacts | None) -> str:
    if click is None:
        return voice.speech.text["no_click"]
    taken = voice.say(
        "click" if click.record is not None else "click_day",
        at=voice.at(click.at),
        link=public("link", click.link) + (voice.say("quoted", text=click.link_name) if click.link_name else ""),
        publisher=click.publisher_name,
    )
    if click.propensity is None or click.allocation is None:
        led = voice.speech.text["led_deep"]
    else:
        led = voice.say(
            "led",
            page=click.landing_page or "?",
            arm=click.arm,
            allocation=public("allocation", click.allocation),
            propensity=voice.number(click.propensity),
        )
    place = voice.speech.text["day_only"] if click.record is None else voice.say("by_record", record=click.record)
    return f"{taken} {led} {place}"


def _consent(voice: _Voice, facts: Explanation) -> str:
    match facts.credit:
        case Credit.TOKEN:
            return voice.speech.text["consent_given"]
        case Credit.REFERENCE:
            return voice.say("consent_basis", basis=facts.legal_basis or voice.speech.text["basis_withdrawn"])
        case Credit.NONE:
            return voice.speech.text["consent_none"]


def _credit(voice: _Voice, facts: Explanation) -> str:
    if facts.credit is Credit.NONE:
        return voice.say("credit_none", why=voice.speech.why.get(facts.why, facts.why), window=facts.window_days)
    return voice.say(
        "credit",
        publisher=facts.conversion.publisher_name,
        why=voice.speech.why.get(facts.why, facts.why),
        booked=voice.at(facts.conversion.booked_at),
        window=facts.window_days,
    )


def _rule(voice: _Voice, facts: Explanation) -> str:
    rule = facts.rule
    if rule is None:
        return voice.speech.text["no_rule" if facts.credit is not Credit.NONE else "no_rule_nobody"]
    return voice.say(
        "rule",
        rule=public("rule_version", rule.id),
        version=rule.version,
        price=_price(voice, rule),
        whose=voice.speech.text["rule_own" if rule.publisher is not None else "rule_all"],
        group="" if not rule.group else voice.say("rule_group", group=rule.group),
        valid_from=voice.at(rule.valid_from),
        retained=voice.money(facts.conversion.retained),
        commission=voice.money(facts.conversion.commission),
    )


def _price(voice: _Voice, rule: RuleOut) -> str:
    match rule.kind:
        case CommissionKind.PERCENT:
            return voice.say("percent", percent=voice.number(rule.percent or "0"))
        case CommissionKind.FIXED:
            return voice.say("fixed", amount="?" if rule.amount is None else voice.money(rule.amount))
        case CommissionKind.PER_CLICK:
            return voice.say("per_click", amount="?" if rule.amount is None else voice.money(rule.amount))


def _hold(voice: _Voice, hold: HoldFacts, vertical: str) -> str:
    values = {
        "days": hold.hold_days,
        "at": "" if hold.release_at is None else voice.at(hold.release_at),
        "check_out": hold.check_out or "?",
    }
    template = f"hold_{hold.state}"
    if hold.state == "running" and vertical == "hotel" and hold.check_out is not None:
        template = "hold_running_hotel"
    return voice.say(template, **values)


def _erased(voice: _Voice, steps: int) -> tuple[str, ...]:
    if steps == 0:
        return ()
    return (voice.speech.text["erased_one"] if steps == 1 else voice.say("erased_many", steps=steps),)


def _step(voice: _Voice, step: StepFacts) -> str:
    speech = voice.speech
    after = speech.status[step.status_after.value]
    if step.status_before is None:
        moved = after
    elif step.status_before is step.status_after:
        moved = voice.say("stays", status=after)
    else:
        moved = f"{speech.status[step.status_before.value]} → {after}"
    amounts = voice.money(step.commission_after)
    if step.commission_before is not None and step.commission_before != step.commission_after:
        amounts = f"{voice.money(step.commission_before)} → {amounts}"
    retained = voice.money(step.retained_after)
    if step.retained_before is not None and step.retained_before != step.retained_after:
        retained = f"{voice.money(step.retained_before)} → {retained}"
    return voice.say(
        "step",
        seq=step.seq,
        at=voice.at(step.at),
        what=speech.step[step.kind.value],
        moved=moved,
        retained=retained,
        commission=amounts,
        source=speech.text["by_timer_or_person"] if step.record is None else voice.say("by_record", record=step.record),
        note="" if step.note is None else f" ({step.note})",
    )


def _posting(voice: _Voice, posting: PostingFacts) -> str:
    return voice.say(
        "posting",
        txn=public("txn", posting.txn),
        at=voice.at(posting.at),
        what=voice.speech.step.get(posting.kind, posting.kind),
        amount=voice.money(posting.amount),
        debit=voice.speech.account[posting.debit.value],
        credit=voice.speech.account[posting.credit.value],
    )


def _delivery(voice: _Voice, line: DeliveryFacts) -> str:
    if line.attempt is None or line.at is None:
        return voice.say("delivery_waiting", step=line.step, target=public("postback_target", line.target))
    return voice.say(
        "delivery",
        step=line.step,
        target=public("postback_target", line.target),
        attempt=line.attempt,
        at=voice.at(line.at),
        outcome=line.outcome,
    )


_EN: Final = Speech(
    moment_format="%Y-%m-%d %H:%M",
    decimal_point=".",
    titles={
        "summary": "In short",
        "click": "Click",
        "consent": "Consent",
        "credit": "Credit",
        "rule": "Commission rule",
        "hold": "Hold",
        "history": "History",
        "ledger": "Ledger",
        "told": "Told to the publisher",
    },
    text={
        "nobody": "nobody",
        "test": " This is a test: it never pays.",
        "order": ", order {order}",
        "summary": "{id}{order} of {advertiser} ({program}) is {status}. It earns {publisher} {commission}; of the "
        "sale of {sale}, {retained} is retained.{test}",
        "summary_nobody": "{id}{order} of {advertiser} ({program}) is {status} and credited to nobody; of the sale of "
        "{sale}, {retained} is retained.{test}",
        "summary_declined": "{id}{order} of {advertiser} ({program}) is {status}: {reason}. It earns {publisher} "
        "nothing; of the sale of {sale}, {retained} is retained.{test}",
        "no_click": "No click of ours could be credited.",
        "click": "On {at} a visitor took the link {link} of {publisher}",
        "click_day": "No later than {at} a visitor took the link {link} of {publisher}",
        "quoted": " “{text}”",
        "led": "and was sent to “{page}”: arm {arm} of {allocation}, drawn with probability {propensity}.",
        "led_deep": "and was sent to the page that the publisher chose, so that nothing was drawn.",
        "day_only": "A link reference knows only the day.",
        "consent_given": "The visitor had agreed. The click carried a token, and was credited without looking "
        "anything up about a person.",
        "consent_basis": "The visitor had not agreed, so no identifier was made. The advertiser recorded a legal basis "
        "for crediting without consent: {basis}",
        "basis_withdrawn": "(withdrawn since)",
        "consent_none": "Nothing was credited, so no basis was needed.",
        "credit": "Credited to {publisher} because {why}. Booked on {booked}, within the window of {window} days after "
        "the click.",
        "credit_none": "Credited to nobody because {why}. The program's window is {window} days.",
        "no_rule": "No commission rule was in force at the click, so nothing is earned.",
        "no_rule_nobody": "Credited to nobody, so no rule applies.",
        "rule": "{rule}, version {version}, {whose}{group}: {price}. It was in force at the click (since "
        "{valid_from}). On the retained {retained} that makes {commission}.",
        "rule_own": "for this publisher alone",
        "rule_all": "for everybody in the program",
        "rule_group": ", commission group {group}",
        "percent": "{percent} % of the retained amount, rounded half up",
        "fixed": "{amount} per sale",
        "per_click": "{amount} per click",
        "hold_running": "Pending until {at}: the return period of {days} days, which began with the order.",
        "hold_running_hotel": "Pending until {at}: {days} days after check-out ({check_out}), since nothing is earned "
        "before the stay.",
        "hold_waiting_for_stay": "Pending, and no clock is running: it waits for check-out, and then {days} days.",
        "hold_waiting_for_word": "Pending: the program waits for the advertiser's own word.",
        "hold_over": "The hold is over.",
        "hold_void": "Declined; there is nothing to hold.",
        "stays": "stays {status}",
        "step": "{seq}. {at}: {what}. {moved}; retained {retained}, commission {commission}. {source}{note}",
        "erased_one": "There was a step before; its content was erased.",
        "erased_many": "There were {steps} steps before; their content was erased.",
        "by_record": "From journal record {record}.",
        "by_timer_or_person": "By the clock or a person.",
        "no_postings": "Nothing was booked.",
        "posting": "{txn}, {at}, {what}: {amount} from {debit} to {credit}.",
        "no_deliveries": "Nothing was sent: no postback address, or it is not yours to see.",
        "delivery": "Step {step} to {target}, attempt {attempt} on {at}: {outcome}",
        "delivery_waiting": "Step {step} to {target} waits for its first attempt.",
    },
    why={
        "token": "the conversion brought back the token of this click, the last one within the window",
        "reference": "the conversion brought back the reference of this link and day",
        "no_click": "the report named no click",
        "malformed_click_id": "the click id is not one of ours: it was cut, changed or comes from another system",
        "expired_click_id": "the click id was made with a key that is no longer kept; its window is long over",
        "forged_click_id": "the click id does not verify",
        "link_unknown": "the click's link does not exist",
        "click_of_another_advertiser": "the click belongs to another advertiser",
        "click_of_another_program": "the click belongs to another program",
        "reference_without_basis": "the advertiser has recorded no legal basis for crediting without consent",
        "click_after_conversion": "the click happened after the sale",
        "outside_window": "the click lies outside of the window",
    },
    status={"pending": "pending", "approved": "approved", "declined": "declined", "paid": "paid"},
    reason={
        "cancelled": "the order was cancelled",
        "no_show": "the guest did not come",
        "refunded": "the order was refunded in full",
        "declined_by_advertiser": "the advertiser declined it",
    },
    step={
        "booked": "Booked",
        "amended": "Amended",
        "stayed": "Stay completed",
        "cancelled": "Cancelled",
        "no_show": "No-show",
        "refunded": "Refunded",
        "approved": "Approved",
        "declined": "Declined",
        "released": "Hold ran out",
        "noted": "Noted",
        "clicks": "Paid clicks",
    },
    account={
        "expected": "expected by the advertiser",
        "pending": "pending for the publisher",
        "unbilled": "unbilled to the advertiser",
        "confirmed": "confirmed for the publisher",
    },
)

_DE: Final = Speech(
    moment_format="%d.%m.%Y, %H:%M Uhr",
    decimal_point=",",
    titles={
        "summary": "Kurz gesagt",
        "click": "Klick",
        "consent": "Einwilligung",
        "credit": "Zuordnung",
        "rule": "Provisionsregel",
        "hold": "Wartezeit",
        "history": "Verlauf",
        "ledger": "Buchungen",
        "told": "Meldungen an den Publisher",
    },
    text={
        "nobody": "niemandem",
        "test": " Das ist ein Test: Er wird nie ausgezahlt.",
        "order": ", Bestellung {order},",
        "summary": "{id}{order} von {advertiser} ({program}) ist {status}. {publisher} stehen {commission} zu; vom "
        "Verkauf über {sale} bleiben {retained}.{test}",
        "summary_nobody": "{id}{order} von {advertiser} ({program}) ist {status} und niemandem zugeordnet; vom Verkauf "
        "über {sale} bleiben {retained}.{test}",
        "summary_declined": "{id}{order} von {advertiser} ({program}) ist {status}: {reason}. {publisher} steht nichts "
        "zu; vom Verkauf über {sale} bleiben {retained}.{test}",
        "no_click": "Kein Klick von uns konnte zugeordnet werden.",
        "click": "Am {at} folgte ein Besucher dem Link {link} von {publisher}",
        "click_day": "Spätestens am {at} folgte ein Besucher dem Link {link} von {publisher}",
        "quoted": " „{text}“",
        "led": "und kam auf „{page}“: Arm {arm} von {allocation}, gezogen mit Wahrscheinlichkeit {propensity}.",
        "led_deep": "und kam auf die Seite, die der Publisher gewählt hat; gezogen wurde nichts.",
        "day_only": "Eine Linkreferenz kennt nur den Tag.",
        "consent_given": "Der Besucher hatte eingewilligt. Der Klick trug ein Token und wurde zugeordnet, ohne etwas "
        "über eine Person nachzuschlagen.",
        "consent_basis": "Der Besucher hatte nicht eingewilligt, also entstand keine Kennung. Der Advertiser hat eine "
        "Rechtsgrundlage für die Zuordnung ohne Einwilligung hinterlegt: {basis}",
        "basis_withdrawn": "(inzwischen zurückgezogen)",
        "consent_none": "Nichts wurde zugeordnet, also war keine Grundlage nötig.",
        "credit": "{publisher} zugeordnet, denn {why}. Gebucht am {booked}, innerhalb des Fensters von {window} Tagen "
        "nach dem Klick.",
        "credit_none": "Niemandem zugeordnet, denn {why}. Das Fenster des Programms beträgt {window} Tage.",
        "no_rule": "Zum Zeitpunkt des Klicks galt keine Provisionsregel, also ist nichts verdient.",
        "no_rule_nobody": "Niemandem zugeordnet, also gilt keine Regel.",
        "rule": "{rule}, Version {version}, {whose}{group}: {price}. Sie galt zum Zeitpunkt des Klicks (seit "
        "{valid_from}). Auf die verbleibenden {retained} ergibt das {commission}.",
        "rule_own": "nur für diesen Publisher",
        "rule_all": "für alle im Programm",
        "rule_group": ", Provisionsgruppe {group}",
        "percent": "{percent} % des verbleibenden Betrags, kaufmännisch gerundet",
        "fixed": "{amount} je Verkauf",
        "per_click": "{amount} je Klick",
        "hold_running": "Offen bis {at}: die Rückgabefrist von {days} Tagen, die mit der Bestellung begann.",
        "hold_running_hotel": "Offen bis {at}: {days} Tage nach der Abreise ({check_out}), denn vor dem Aufenthalt ist "
        "nichts verdient.",
        "hold_waiting_for_stay": "Offen, und keine Frist läuft: Es fehlt die Abreise, danach {days} Tage.",
        "hold_waiting_for_word": "Offen: Das Programm wartet auf das Wort des Advertisers.",
        "hold_over": "Die Wartezeit ist vorbei.",
        "hold_void": "Abgelehnt; es gibt nichts abzuwarten.",
        "stays": "bleibt {status}",
        "step": "{seq}. {at}: {what}. {moved}; verbleibend {retained}, Provision {commission}. {source}{note}",
        "erased_one": "Davor gab es einen Schritt; sein Inhalt ist gelöscht.",
        "erased_many": "Davor gab es {steps} Schritte; ihr Inhalt ist gelöscht.",
        "by_record": "Aus Journalsatz {record}.",
        "by_timer_or_person": "Durch die Uhr oder einen Menschen.",
        "no_postings": "Nichts wurde gebucht.",
        "posting": "{txn}, {at}, {what}: {amount} von {debit} an {credit}.",
        "no_deliveries": "Nichts wurde gesendet: Es gibt keine Postback-Adresse, oder sie ist nicht Ihre.",
        "delivery": "Schritt {step} an {target}, Versuch {attempt} am {at}: {outcome}",
        "delivery_waiting": "Schritt {step} an {target} wartet auf den ersten Versuch.",
    },
    why={
        "token": "die Conversion brachte das Token dieses Klicks zurück, des letzten im Fenster",
        "reference": "die Conversion brachte die Referenz dieses Links und Tages zurück",
        "no_click": "die Meldung nannte keinen Klick",
        "malformed_click_id": "die Klick-ID ist keine von uns: gekürzt, verändert oder aus einem anderen System",
        "expired_click_id": "der Schlüssel der Klick-ID wird nicht mehr aufbewahrt; ihr Fenster ist lange vorbei",
        "forged_click_id": "die Klick-ID lässt sich nicht bestätigen",
        "link_unknown": "den Link des Klicks gibt es nicht",
        "click_of_another_advertiser": "der Klick gehört zu einem anderen Advertiser",
        "click_of_another_program": "der Klick gehört zu einem anderen Programm",
        "reference_without_basis": "der Advertiser hat keine Rechtsgrundlage für die Zuordnung ohne Einwilligung "
        "hinterlegt",
        "click_after_conversion": "der Klick geschah nach dem Verkauf",
        "outside_window": "der Klick liegt außerhalb des Fensters",
    },
    status={"pending": "offen", "approved": "bestätigt", "declined": "abgelehnt", "paid": "ausgezahlt"},
    reason={
        "cancelled": "die Bestellung wurde storniert",
        "no_show": "der Gast ist nicht erschienen",
        "refunded": "die Bestellung wurde voll erstattet",
        "declined_by_advertiser": "der Advertiser hat sie abgelehnt",
    },
    step={
        "booked": "Gebucht",
        "amended": "Geändert",
        "stayed": "Aufenthalt beendet",
        "cancelled": "Storniert",
        "no_show": "Nicht erschienen",
        "refunded": "Erstattet",
        "approved": "Bestätigt",
        "declined": "Abgelehnt",
        "released": "Wartezeit abgelaufen",
        "noted": "Vermerkt",
        "clicks": "Bezahlte Klicks",
    },
    account={
        "expected": "„erwartet“ des Advertisers",
        "pending": "„offen“ des Publishers",
        "unbilled": "„nicht abgerechnet“ des Advertisers",
        "confirmed": "„bestätigt“ des Publishers",
    },
)

SPEECH: Final[Mapping[Lang, Speech]] = {Lang.EN: _EN, Lang.DE: _DE}
