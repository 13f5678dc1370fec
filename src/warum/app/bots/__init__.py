"""The bots at work: facts are gathered, answers are told or kept back, what is allowed is done, promises are measured.

A bot itself is a pure function (``domain.bots``); what stands here is everything around it."""

from warum.app.bots.consider import Round, consider_program
from warum.app.bots.run import consider_all

__all__ = ["Round", "consider_all", "consider_program"]
