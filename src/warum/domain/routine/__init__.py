"""The letters of every week, prepared for a person: reminders to validate, answers to claims, repaired links.

``reminders`` says whether an advertiser is asked to validate, ``claims`` answers a publisher that misses a sale, and
``links`` finds what a broken link should lead to. Each is a pure function over frozen records and says why it writes,
why it does not, or that a person has to look. What it writes is a letter of codes and evidence (``drafts``), from which
the text in German and English follows.

Nothing here can send anything: no port is imported (a contract of the imports holds that), and a draft is a value
without a way out. Whoever sends one is a person, by another way."""
