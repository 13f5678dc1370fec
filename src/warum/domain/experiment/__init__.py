"""Experiments: is the assignment sound, is there an effect, how long would one take to see, what would refute it.

``ratio`` comes first: while the arms' shares are not what was planned, no effect can be read. ``sequences`` may be read
after every period, ``fixed`` once; ``designs`` plans, ``refuters`` attacks. ``reading`` holds them together in the
order in which they have to be asked. What cannot be answered is a ``Refusal`` that says what is missing."""
