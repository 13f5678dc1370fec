"""Where money goes: what a channel, publisher or day brings for it, how surely, and which split follows.

``curves`` says how spend becomes response, ``fit`` learns such curves from weeks or days of spend and result, as draws
of a posterior, ``allocate`` splits a budget under linear constraints, ``pacing`` lays it over days, ``occupancy`` over
the nights of a hotel, ``campaign`` forecasts a plan, ``commission`` prices a change of rate. What cannot be answered
is a ``Refusal`` that says what is missing."""
