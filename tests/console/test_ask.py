"""Ask: four questions, each answered at an address that can be passed on."""

from __future__ import annotations

from html import unescape

import pytest

from console.conftest import Browser, World
from console.seeded import Seeded


def read(browser: Browser, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def test_all_four_can_be_asked_from_one_page(browser: Browser, seeded: Seeded) -> None:
    page = read(browser, "/ask")
    for name in ("creative", "experiment", "policy", "rule"):
        assert f'action="/ask/{name}"' in page
    assert seeded.offer["seeblick"] in page and seeded.program["seeblick"] in page


@pytest.mark.parametrize("inquiry", ["creative", "policy"])
def test_an_answer_has_its_claim_its_reasons_and_its_rows(browser: Browser, seeded: Seeded, inquiry: str) -> None:
    page = read(browser, f"/ask/{inquiry}?offer={seeded.offer['seeblick']}")
    assert 'id="answer"' in page
    assert "The figures behind it" in page
    assert f"offer={seeded.offer['seeblick']}" in page and "/conversions?" in page


def test_no_difference_is_told_where_arms_were_not_shown_as_drawn(browser: Browser, seeded: Seeded) -> None:
    # Of the three arms of this offer only two were ever counted, and each hour went to one of them.
    page = read(browser, f"/ask/experiment?offer={seeded.offer['hafenladen']}")
    assert "not sound" in page and "points" not in page.split('id="answer"')[1].split("</main>")[0]


def test_a_rule_is_priced_to_the_cent(browser: Browser, seeded: Seeded) -> None:
    page = read(browser, f"/ask/rule?program={seeded.program['hafenladen']}&value=7,5")
    assert "this rule would have cost" in page and "Computed to the cent" in page
    assert "Publishers would perhaps have behaved differently" in page
    assert f"publisher={seeded.publisher['Küstenkompass']}" in page


def test_the_same_answer_as_a_mail_and_as_a_card(browser: Browser, seeded: Seeded) -> None:
    path = f"/ask/rule?program={seeded.program['hafenladen']}&kind=percent&percent=7.5"
    mail = read(browser, f"{path}&length=mail")
    assert 'id="mail-subject"' in mail and "What the rule would have cost at Hafenladen (exact)" in mail
    assert "http://127.0.0.1:8701/ask/rule?program=" in mail
    assert 'id="card-text"' in read(browser, f"{path}&length=card")


def test_own_shares_are_asked_for_in_percent(browser: Browser, seeded: Seeded) -> None:
    path = f"/ask/policy?offer={seeded.offer['seeblick']}"
    assert 'id="answer"' in read(browser, f"{path}&share-0=30&share-1=70")
    assert "together they make 100" in read(browser, f"{path}&share-0=30&share-1=30", 422)
    assert 'id="answer"' in read(browser, f"{path}&which=1")
    again = read(browser, f"{path}&propensities=0.3,0.7")
    assert 'name="share-0" value="30"' in again and 'name="share-1" value="70"' in again


def test_what_cannot_be_asked_says_so_beside_the_question(browser: Browser, seeded: Seeded) -> None:
    offer = f"/ask/creative?offer={seeded.offer['seeblick']}"
    backwards = read(browser, f"{offer}&since=2026-05-02&until=2026-05-01", 422)
    assert "swap the two days" in backwards and 'id="answer"' not in backwards
    assert "yet to come" in read(browser, f"{offer}&since=2099-05-02&until=2099-06-01", 422)
    assert "Give a number" in read(browser, f"/ask/rule?program={seeded.program['seeblick']}&value=much", 422)
    assert browser.get("/ask/creative?offer=off_999999").status_code == 404
    assert browser.get("/ask/whatever").status_code == 404


def test_a_question_that_is_not_whole_waits(browser: Browser, seeded: Seeded) -> None:
    assert "Nothing asked yet" in read(browser, "/ask/creative")
    assert "Nothing asked yet" in read(browser, f"/ask/rule?program={seeded.program['seeblick']}")


def test_days_without_anything_are_an_answer_of_their_own(browser: Browser, seeded: Seeded) -> None:
    page = read(browser, f"/ask/creative?offer={seeded.offer['seeblick']}&since=2020-01-01&until=2020-02-01")
    assert "nobody saw this offer" in page and "not known yet" in page and "What would help" in page


def test_a_program_leads_to_its_questions(browser: Browser, seeded: Seeded) -> None:
    page = read(browser, f"/programs/{seeded.program['seeblick']}")
    assert f"/ask/creative?offer={seeded.offer['seeblick']}" in page
    assert f"/ask/rule?program={seeded.program['seeblick']}" in page


def test_german_is_spoken(world: World, seeded: Seeded) -> None:
    browser = world.operator(**{"accept-language": "de"})
    page = read(browser, f"/ask/rule?program={seeded.program['hafenladen']}&value=7,5")
    assert "hätte diese Regel" in page and "Auf den Cent genau" in page
