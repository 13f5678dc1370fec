"""From counts by arm to the next allocation, near real time.

``observe`` checks counts and turns them into events for an objective, ``learn`` makes a prior of earlier campaigns,
``believe`` is what is known of each arm, and ``allocate`` the shares of the next exposures: every arm keeps its floor,
and the shares are exactly the propensities that arms are drawn with. Nothing here reads a clock or draws a number, so
equal arguments give equal allocations."""
