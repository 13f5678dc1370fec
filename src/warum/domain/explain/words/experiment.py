"""Whether an experiment was sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warum.domain.explain.words.common import Both

WORDS: Final[Mapping[str, Both]] = {
    "subject.experiment": {
        "de": "War der Vergleich bei {subject} sauber? ({label})",
        "en": "Was the experiment at {subject} sound? ({label})",
    },
    "experiment.sound_above": {
        "de": "Der Vergleich ist sauber und entschieden: {arm} liegt über {control_arm}.",
        "en": "The experiment is sound and settled: {arm} is above {control_arm}.",
    },
    "experiment.sound_below": {
        "de": "Der Vergleich ist sauber und entschieden: {arm} liegt unter {control_arm}.",
        "en": "The experiment is sound and settled: {arm} is below {control_arm}.",
    },
    "experiment.open": {
        "de": "Der Vergleich ist bisher sauber, aber noch offen.",
        "en": "The experiment is sound so far, but still open.",
    },
    "experiment.not_sound": {
        "de": "Der Vergleich ist nicht sauber; auf ein Ergebnis sollte man sich nicht verlassen.",
        "en": "The experiment is not sound; no result of it should be relied on.",
    },
    "experiment.ratio": {
        "de": "Der Vergleich ist nicht sauber: Die Varianten wurden nicht so oft gezeigt, wie sie gelost wurden "
        "(p = {chance_p}). Deshalb wird kein Unterschied genannt.",
        "en": "The experiment is not sound: the arms were not shown as often as they were drawn (p = {chance_p}). "
        "Therefore no difference is told.",
    },
    "experiment.no_exposures": {
        "de": "Das lässt sich nicht sagen: Vom {from_day} bis {until_day} hat niemand dieses Angebot gesehen.",
        "en": "It cannot be told: nobody saw this offer between {from_day} and {until_day}.",
    },
    "experiment.one_arm": {
        "de": "Das lässt sich nicht sagen: Vom {from_day} bis {until_day} wurden keine zwei Varianten gezeigt.",
        "en": "It cannot be told: no two arms were shown between {from_day} and {until_day}.",
    },
    "experiment.thin": {
        "de": "Das lässt sich noch nicht sagen: Vom {from_day} bis {until_day} gibt es {conversions} "
        "{conversions|Conversion|Conversions}, zu wenig für einen Vergleich.",
        "en": "It cannot be told yet: there {conversions|is|are} {conversions} {conversions|conversion|conversions} "
        "between {from_day} and {until_day}, too few for a comparison.",
    },
    "experiment.sure": {
        "de": "Die Spannen halten mit {confidence_ppm} Wahrscheinlichkeit alle zugleich, wie oft man auch nachsieht.",
        "en": "All intervals hold at once with {confidence_ppm} probability, however often one looks.",
    },
    "experiment.sure_ratio": {
        "de": "Zufall erklärt eine solche Abweichung nicht.",
        "en": "Chance does not explain such a deviation.",
    },
    "experiment.pair": {
        "de": "{arm} gegen {control_arm}: {effect_points_ppm} Prozentpunkte, Spanne {low_points_ppm} bis "
        "{high_points_ppm}.",
        "en": "{arm} against {control_arm}: {effect_points_ppm} points, interval {low_points_ppm} to "
        "{high_points_ppm}.",
    },
    "experiment.pair_thin": {
        "de": "{arm} gegen {control_arm}: dazu lässt sich noch nichts sagen.",
        "en": "{arm} against {control_arm}: nothing can be said yet.",
    },
    "experiment.rate": {
        "de": "{arm}: {kept} von {exposures} ({kept_rate_ppm}).",
        "en": "{arm}: {kept} of {exposures} ({kept_rate_ppm}).",
    },
    "experiment.settled": {
        "de": "Entschieden war es am {settled_day}.",
        "en": "It was settled on {settled_day}.",
    },
    "experiment.allocations": {
        "de": "Die Aufteilung wechselte in dem Zeitraum; verglichen wird innerhalb jeder der {allocations} "
        "Aufteilungen.",
        "en": "The allocation changed within the span; arms are compared within each of the {allocations} allocations.",
    },
    "experiment.allocation_kept": {
        "de": "Die Aufteilung blieb die ganze Zeit dieselbe.",
        "en": "The allocation was the same throughout.",
    },
    "experiment.days": {
        "de": "Daten gibt es von {days} {days|Tag|Tagen} und {weekdays} "
        "{weekdays|Wochentag|verschiedenen Wochentagen}.",
        "en": "There is data of {days} {days|day|days}, on {weekdays} {weekdays|weekday|different weekdays}.",
    },
    "experiment.peeking": {
        "de": "Nachsehen ist erlaubt: Die Spannen gelten zu jedem Zeitpunkt.",
        "en": "Peeking is allowed: the intervals hold at any moment.",
    },
    "experiment.held.placebo_treatment": {
        "de": "Gegenprobe, Varianten verlost: Der Unterschied verschwindet, wie er soll (p = {chance_p}).",
        "en": "Refuter, arms shuffled: the difference disappears, as it should (p = {chance_p}).",
    },
    "experiment.shaken.placebo_treatment": {
        "de": "Gegenprobe, Varianten verlost: Zufällig verloste Varianten unterscheiden sich ebenso (p = {chance_p}).",
        "en": "Refuter, arms shuffled: arms assigned by chance differ as much (p = {chance_p}).",
    },
    "experiment.held.random_common_cause": {
        "de": "Gegenprobe, zufällige Ursache: Sie bewegt den Unterschied nicht.",
        "en": "Refuter, random cause: it does not move the difference.",
    },
    "experiment.shaken.random_common_cause": {
        "de": "Gegenprobe, zufällige Ursache: Sie bewegt den Unterschied, obwohl sie es nicht dürfte.",
        "en": "Refuter, random cause: it moves the difference, though it must not.",
    },
    "experiment.held.data_subset": {
        "de": "Gegenprobe, Teile der Daten: Sie sagen dasselbe ({flips_ppm} mit anderem Vorzeichen).",
        "en": "Refuter, parts of the data: they say the same ({flips_ppm} with the other sign).",
    },
    "experiment.shaken.data_subset": {
        "de": "Gegenprobe, Teile der Daten: Sie sagen nicht dasselbe ({flips_ppm} mit anderem Vorzeichen).",
        "en": "Refuter, parts of the data: they do not say the same ({flips_ppm} with the other sign).",
    },
    "experiment.held.halves": {
        "de": "Erste und zweite Hälfte sagen dasselbe: {first_points_ppm} und {second_points_ppm} Prozentpunkte (p = "
        "{chance_p}).",
        "en": "First and second half say the same: {first_points_ppm} and {second_points_ppm} points (p = {chance_p}).",
    },
    "experiment.shaken.halves": {
        "de": "Erste und zweite Hälfte widersprechen sich: {first_points_ppm} und {second_points_ppm} Prozentpunkte "
        "(p = "
        "{chance_p}).",
        "en": "First and second half disagree: {first_points_ppm} and {second_points_ppm} points (p = {chance_p}).",
    },
    "experiment.e_value": {
        "de": "Um den Unterschied wegzuerklären, müsste eine unbekannte Ursache Variante und Conversion je "
        "{times}-fach wahrscheinlicher machen; gelost wird aber unabhängig von allem.",
        "en": "To explain the difference away, an unknown cause would have to make both arm and conversion {times} "
        "times as likely; but arms are drawn regardless of everything.",
    },
    "experiment.help.weeks": {
        "de": "Eine volle Woche: Wochentage unterscheiden sich.",
        "en": "A whole week: weekdays differ.",
    },
    "experiment.help.wait": {
        "de": "Warten: Von den Conversions dürften erst {arrived_ppm} eingegangen sein.",
        "en": "Waiting: about {arrived_ppm} of the conversions will have come in so far.",
    },
    "experiment.help.days_more": {
        "de": "Bleibt der Unterschied so groß wie bisher, ist er in etwa {days} {days|Tag|Tagen} mit {power_ppm} "
        "Wahrscheinlichkeit zu sehen.",
        "en": "If the difference stays as it is, it can be seen in about {days} {days|day|days} with {power_ppm} "
        "probability.",
    },
    "experiment.help.alike": {
        "de": "Der Unterschied ist so klein, dass er sich auch in Jahren nicht zeigen ließe.",
        "en": "The difference is so small that years would not show it.",
    },
    "experiment.help.cause": {
        "de": "Die Ursache der durchgefallenen Probe suchen und danach neu beginnen.",
        "en": "Find the cause of the check that failed, and begin anew after that.",
    },
    "experiment.change.ratio": {
        "de": "Gehen künftig Anzeigen einzelner Varianten verloren, gilt das Ergebnis nicht mehr.",
        "en": "If exposures of some arms get lost from now on, the result no longer holds.",
    },
    "experiment.change.declines": {
        "de": "Werden von {pending} offenen Conversions viele der vorderen Variante abgelehnt, kann sich das ändern.",
        "en": "If many of the {pending} pending conversions are declined for the arm ahead, this may change.",
    },
    "experiment.others": {
        "de": "Gezählt sind Conversions, die nicht abgelehnt wurden; was sie einbringen, ist eine andere Frage.",
        "en": "What is counted is conversions that were not declined; what they bring is another question.",
    },
}
