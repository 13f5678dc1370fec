"""A world with known truth: people, publishers, delays, cancellations, seasons, somebody dishonest. Everything follows
from a seed, and nothing here is ever read by what it tests."""
