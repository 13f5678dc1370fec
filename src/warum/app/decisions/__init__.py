"""The loop of decisions as people meet it: what bots propose, what was decided, what came of it, what binds them."""
