-- Where parties hear of their receipts. No outbox: a webhook has a place in the log, and owes what lies behind it.

create table warum.webhook (
    id bigint generated always as identity primary key,
    party_id bigint not null references warum.party,
    advertiser_id bigint references warum.advertiser,
    publisher_id bigint references warum.publisher,
    url text not null check (length(url) between 1 and 2000),
    active boolean not null default true,
    -- Index of the leaf up to which everything was delivered, or was not the party's.
    position bigint not null check (position >= -1),
    -- Indexes of the first and last leaf of the message that is under way or failed: repeated, it has the same id.
    first bigint,
    last bigint,
    -- Leaves under the checkpoint of the message that was delivered last; the next one proves that it continues it.
    size bigint,
    attempts integer not null default 0 check (attempts >= 0),
    due_at timestamptz not null,
    tried_at timestamptz,
    answered smallint,
    outcome text,
    created_at timestamptz not null,
    removed_at timestamptz,
    row_version bigint not null default 1,
    check (num_nonnulls(advertiser_id, publisher_id) = 1),
    check (party_id = coalesce(advertiser_id, publisher_id)),
    check (position < first and first <= last and (first is null) = (last is null)),
    check (removed_at is null or not active)
);
create index webhook_party on warum.webhook (party_id) where removed_at is null;
create index webhook_due on warum.webhook (due_at) where active;
