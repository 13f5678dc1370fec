"""Which publishers a program should look after, and why.

``forecast`` says what a sale of each will be worth, ``ranking`` puts them in order and keeps newcomers their share,
``idle`` finds those who have fallen silent, and ``applications`` sorts who asks to take part. All of it is suggestion:
whether a publisher is accepted, declined or written to is a person's decision."""
