"""The status page stands beside the console, and knows who has signed in there."""

from __future__ import annotations

from console.conftest import BASE, World
from warum.web.api import make_app
from warum.web.console.app import make_console, reader_of
from warum.web.page import Door


def test_who_has_signed_in_sees_what_runs(world: World) -> None:
    app = make_app(world.deps, door=Door(), console=make_console(world.deps), reader=reader_of(world.deps))
    world.app = app
    stranger = world.browser(accept="text/html")
    sent = stranger.get("/status")
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=/status")
    assert 'name="next" value="/status"' in stranger.get(sent.headers["location"]).text
    browser = world.operator(accept="text/html")
    for path in ("/status", "/status/live"):
        assert browser.get(path).status_code == 200
    assert browser.get("/demo/seeblick").status_code == 404
    # A program is asked for its key, as ever, and a session that is over opens nothing.
    assert world.browser(accept="*/*").get("/status").status_code == 401
    assert world.browser(base=BASE, accept="*/*", cookie="warum-80=made-up").get("/status").status_code == 401
    browser.cookies.clear()
    assert browser.get("/status").status_code == 303
