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

-- Erasure. Of an act, what a person wrote can go, and with it the hash of the input: whoever guesses the words could
-- tell by it that they were these (and the token that goes with the hash). Who did what, when and to what stays.
create or replace function warum.only_take_in() returns trigger language plpgsql as $$
declare
    free text[] := case tg_table_name when 'act' then '{entry_id}' else '{entry_id,canonical,salt}' end;
    words text[] := '{reason,input_hash,once}';
begin
    if tg_op = 'UPDATE' and to_jsonb(old) ->> 'entry_id' is null and to_jsonb(new) ->> 'entry_id' is not null
        and to_jsonb(new) - free = to_jsonb(old) - free then
        return new;
    end if;
    if tg_op = 'UPDATE' and tg_table_name = 'act' and to_jsonb(new) ->> 'reason' is null
        and to_jsonb(new) ->> 'once' is null
        and to_jsonb(new) ->> 'input_hash' = '\x' || repeat('00', 32)
        and to_jsonb(new) - words = to_jsonb(old) - words then
        return new;
    end if;
    raise exception '% is append-only: write a new row instead', tg_table_name using errcode = 'restrict_violation';
end $$;

grant update (reason, input_hash, once) on warum.act to warum_app;
grant update (event_id) on warum.report_seen to warum_app;
grant delete on warum.sub_id to warum_app;
