"""What an installation of one's own needs before it runs."""

from __future__ import annotations

import socket

from warum.main.stack import free_port


def test_a_free_port_is_one_that_no_connection_is_given_by_chance_and_never_the_same():
    given = [free_port() for _ in range(200)]
    assert len(set(given)) == len(given)
    for port in given:
        with socket.socket() as server:
            server.bind(("127.0.0.1", port))
    assert max(given) < 32_768, "from there on Linux gives them to outgoing connections"
