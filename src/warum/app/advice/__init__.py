"""Advice of bots: what is told of it, the steps that approving performs, and what came of it."""
