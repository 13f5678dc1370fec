-- Contests. What was said stands in the log alone, under the publisher's key, so that erasing the key erases the words.
create table warum.contest (
    id bigint generated always as identity primary key,
    advertiser_id bigint not null references warum.advertiser,
    publisher_id bigint not null references warum.publisher,
    conversion_id bigint references warum.conversion,
    partnership_id bigint references warum.partnership,
    opened_at timestamptz not null,
    due date not null,
    verdict text check (verdict in ('upheld', 'changed')),
    answered_at timestamptz,
    row_version bigint not null default 1,
    check ((conversion_id is null) <> (partnership_id is null)),
    check ((verdict is null) = (answered_at is null))
);
create index contest_conversion on warum.contest (conversion_id) where conversion_id is not null;
create index contest_partnership on warum.contest (partnership_id) where partnership_id is not null;
create index contest_publisher on warum.contest (publisher_id, id);
create index contest_due on warum.contest (due, id) where answered_at is null;
-- One open contest about a thing.
create unique index contest_open_conversion on warum.contest (conversion_id)
    where answered_at is null and conversion_id is not null;
create unique index contest_open_partnership on warum.contest (partnership_id)
    where answered_at is null and partnership_id is not null;
