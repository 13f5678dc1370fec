"""The way out to partners: HTTP, to public addresses only."""

from __future__ import annotations

from warum.adapters.delivery.http import HttpSender, Resolve, is_public

__all__ = ["HttpSender", "Resolve", "is_public"]
