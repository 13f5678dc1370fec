"""The client's reading of answers, however they are cut on their way."""

from __future__ import annotations

import asyncio

import pytest

from warum.main.client import Answer, ConnectionBroken, ask, connect

FIRST = b"HTTP/1.1 302 Found\r\nLocation: https://a.example/?x=1\r\ncontent-length: 0\r\n\r\n"
SECOND = b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello"
THIRD = b"HTTP/1.1 204 No Content\r\n\r\n"


@pytest.mark.parametrize("size", [1, 2, 7, 50, 1_000])
def test_answers_come_in_order_however_they_are_cut(size: int):
    async def story() -> list[tuple[int, Answer]]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readexactly(3 * len(b"GET\n"))
            data = FIRST + SECOND + THIRD
            for start in range(0, len(data), size):
                writer.write(data[start : start + size])
                await writer.drain()
                await asyncio.sleep(0)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        answers: list[tuple[int, Answer]] = []
        async with server:
            port = server.sockets[0].getsockname()[1]
            connection = await connect("127.0.0.1", port, lambda tag, answer: answers.append((tag, answer)))
            for tag in range(3):
                connection.send(b"GET\n", tag)
            assert connection.waiting == [0, 1, 2]
            await connection.ended
            with pytest.raises(ConnectionBroken):
                connection.send(b"GET\n", 3)
        return answers

    answers = asyncio.run(story())
    assert [(tag, answer.status, answer.body) for tag, answer in answers] == [
        (0, 302, b""),
        (1, 202, b"hello"),
        (2, 204, b""),
    ]
    assert answers[0][1].header("location") == "https://a.example/?x=1"
    assert answers[1][1].header("x-a") == "b"
    assert answers[1][1].header("missing") is None


@pytest.mark.parametrize("nonsense", [b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 two\r\n\r\n", b""])
def test_what_is_no_answer_ends_the_connection(nonsense: bytes):
    async def story() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readexactly(1)
            writer.write(nonsense)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            with pytest.raises(ConnectionBroken):
                await ask("127.0.0.1", server.sockets[0].getsockname()[1], b"GET / HTTP/1.1\r\n\r\n")

    asyncio.run(story())
