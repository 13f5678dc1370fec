-- The transparency log. An entry is written with the change that it tells of and waits in the queue; one sequencer gives
-- it a leaf. Nothing of either is ever changed or deleted; what a payload says can be erased with its subject's key.

create table warum.log_series (
    id bigint generated always as identity primary key,
    advertiser_id bigint references warum.advertiser,
    publisher_id bigint references warum.publisher,
    program_id bigint references warum.program,
    key_sealed text not null,
    -- Of the leaves that have their place.
    number_last bigint not null default 0 check (number_last >= 0)
);
create unique index log_series_of on warum.log_series
    (coalesce(advertiser_id, 0), coalesce(publisher_id, 0), coalesce(program_id, 0));

create table warum.log_key (
    id bigint generated always as identity primary key,
    subject_kind text not null,
    subject_id bigint not null,
    key_sealed text,
    erased_at timestamptz,
    check ((key_sealed is null) = (erased_at is not null))
);
create unique index log_key_living on warum.log_key (subject_kind, subject_id) where erased_at is null;
create index log_key_subject on warum.log_key (subject_kind, subject_id);

create table warum.log_entry (
    id bigint generated always as identity primary key,
    series_id bigint not null references warum.log_series,
    key_id bigint not null references warum.log_key,
    advertiser_id bigint,
    publisher_id bigint,
    type text not null,
    actor text not null check (actor in ('person', 'bot', 'key', 'system')),
    about_kind text not null,
    about_id bigint not null,
    about_seq integer not null,
    commitment bytea not null check (length(commitment) = 32),
    sealed bytea,
    -- What the books keep of an erased one: currency, and by how much it changed what is earned and what is pending.
    kept jsonb,
    at timestamptz not null
);
create index log_entry_about on warum.log_entry (about_kind, about_id, about_seq);
create index log_entry_key on warum.log_entry (key_id);

create table warum.log_queue (
    entry_id bigint primary key references warum.log_entry
);

create table warum.log_leaf (
    index bigint primary key check (index >= 0),
    entry_id bigint unique references warum.log_entry,
    series_id bigint references warum.log_series,
    number bigint check (number > 0),
    advertiser_id bigint,
    publisher_id bigint,
    at timestamptz not null,
    body bytea not null,
    hash bytea not null check (length(hash) = 32),
    unique (series_id, number),
    -- What a restored database had forgotten is known by its bytes alone.
    check ((series_id is null) = (number is null)),
    check ((entry_id is null) = (series_id is null))
);
create index log_leaf_at on warum.log_leaf (at);
create index log_leaf_pair on warum.log_leaf (advertiser_id, publisher_id, index);

create table warum.log_head (
    id smallint primary key default 1 check (id = 1),
    size bigint not null check (size >= 0),
    root bytea not null check (length(root) = 32),
    at timestamptz not null
);

create table warum.log_statement (
    series_id bigint not null references warum.log_series,
    month text not null check (month ~ '^\d{4}-\d{2}$'),
    first bigint not null,
    last bigint not null,
    count bigint not null,
    entry_id bigint not null references warum.log_entry,
    advertiser_id bigint not null,
    publisher_id bigint not null,
    totals jsonb not null,
    primary key (series_id, month),
    check (first <= last)
);

create trigger log_leaf_append_only before update or delete on warum.log_leaf
    for each row execute function warum.refuse_change();
create trigger log_statement_append_only before update or delete on warum.log_statement
    for each row execute function warum.refuse_change();

-- Of an entry nothing changes but that its content goes, for ever.
create function warum.only_erase_entry() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.sealed is null
        and to_jsonb(new) - '{sealed,kept}'::text[] = to_jsonb(old) - '{sealed,kept}'::text[] then
        return new;
    end if;
    raise exception '% is append-only: write a new row instead', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger log_entry_append_only before update or delete on warum.log_entry
    for each row execute function warum.only_erase_entry();

create function warum.only_erase_key() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.erased_at is null and new.key_sealed is null
        and to_jsonb(new) - '{key_sealed,erased_at}'::text[] = to_jsonb(old) - '{key_sealed,erased_at}'::text[] then
        return new;
    end if;
    raise exception '% keeps its keys until they are erased', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger log_key_only_erase before update or delete on warum.log_key
    for each row execute function warum.only_erase_key();

-- Empty tree: RFC 6962, section 2.1.
insert into warum.log_head (size, root, at) values (0, sha256(''::bytea), 'epoch');

-- What happened before there was a log is taken in by the worker: then the entry holds the event, and the row lets go of it.
alter table warum.conversion_event alter column canonical drop not null, alter column salt drop not null;
alter table warum.conversion_event add column entry_id bigint references warum.log_entry;
alter table warum.act add column entry_id bigint references warum.log_entry;
create index conversion_event_taken on warum.conversion_event (conversion_id, seq) where entry_id is null;
create index act_taken on warum.act (id) where entry_id is null;

create function warum.only_take_in() returns trigger language plpgsql as $$
declare
    free text[] := case tg_table_name when 'act' then '{entry_id}' else '{entry_id,canonical,salt}' end;
begin
    if tg_op = 'UPDATE' and to_jsonb(old) ->> 'entry_id' is null and to_jsonb(new) ->> 'entry_id' is not null
        and to_jsonb(new) - free = to_jsonb(old) - free then
        return new;
    end if;
    raise exception '% is append-only: write a new row instead', tg_table_name using errcode = 'restrict_violation';
end $$;
drop trigger conversion_event_append_only on warum.conversion_event;
create trigger conversion_event_append_only before update or delete on warum.conversion_event
    for each row execute function warum.only_take_in();
drop trigger act_append_only on warum.act;
create trigger act_append_only before update or delete on warum.act
    for each row execute function warum.only_take_in();
