"""What every other room builds on: money, ids, time, canonical bytes, refusals. Standard library only."""
