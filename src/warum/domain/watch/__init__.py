"""The judgement of the watch: what has gone wrong among links, few findings, the dearest first.

``watch`` is the door; ``records`` says what it reads and what it tells; ``expected`` is what would have been ordinary.
The bot of the same name tells findings to people."""

from warum.domain.watch.judge import watch
from warum.domain.watch.records import Code, Finding, Hint, Level, Link, Traffic, Watched

__all__ = ["Code", "Finding", "Hint", "Level", "Link", "Traffic", "Watched", "watch"]
