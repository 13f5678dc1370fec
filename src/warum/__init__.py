"""Warum: performance and affiliate marketing that can answer why."""
