"""The consumer of the journal: what the edge saw becomes counts, conversions and postings.

`batch` is one batch in one transaction; `plan` decides, purely, over what was loaded; `consumer` follows all streams
and keeps one bad record from stopping the rest."""

from warum.app.ingest.batch import BATCH_MAX, Consumed, Ingest, ingest
from warum.app.ingest.consumer import Consumer, ConsumerStopped

__all__ = ["BATCH_MAX", "Consumed", "Consumer", "ConsumerStopped", "Ingest", "ingest"]
