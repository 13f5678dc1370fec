"""Replays the choices that nobody was asked about: the arm of every click.

`replay` draws each arm again from where its record stands, and compares. `order` judges what the draw alone cannot
show, that a record names the allocation which was in force: an edge never goes back to an earlier one. `fit` compares
how often each arm was taken with its propensity."""

from warum.app.decisions.draws.fit import Misfit
from warum.app.decisions.draws.replay import Book, DrawReplay, Draws, Raw, mismatches_named, read_book

__all__ = ["Book", "DrawReplay", "Draws", "Misfit", "Raw", "mismatches_named", "read_book"]
