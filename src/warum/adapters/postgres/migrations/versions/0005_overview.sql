-- Coarser counts beside ``rollup_hour``, written by the same statement: a year's overview reads thousands of rows, not
-- millions. ``clicks`` are all of them; ``clicks_bare`` are those among them that nobody can be credited for.

create table warum.rollup_program (
    hour timestamptz not null,
    advertiser_id bigint not null,
    program_id bigint not null,
    mode smallint not null,
    impressions bigint not null default 0,
    clicks bigint not null default 0,
    clicks_bare bigint not null default 0,
    conversions bigint not null default 0,
    primary key (hour, program_id, mode)
);
create index rollup_program_advertiser on warum.rollup_program (advertiser_id, hour);

create table warum.rollup_publisher_day (
    day date not null,
    advertiser_id bigint not null,
    publisher_id bigint not null,
    program_id bigint not null,
    mode smallint not null,
    impressions bigint not null default 0,
    clicks bigint not null default 0,
    clicks_bare bigint not null default 0,
    conversions bigint not null default 0,
    primary key (day, program_id, publisher_id, mode)
);

-- Where one publisher is looked at, its hours are read.
create index rollup_hour_publisher on warum.rollup_hour (publisher_id, hour);

-- Conversions by when they were booked, and what was booked in the ledger by when.
create index conversion_booked on warum.conversion (booked_at);
create index conversion_event_at on warum.conversion_event (at);
create index txn_at on warum.txn (at);

select set_config('warum.role', 'system', true);
insert into warum.rollup_program
    select hour, advertiser_id, program_id, mode, sum(impressions),
        sum(clicks_token + clicks_reference + clicks_bare), sum(clicks_bare), sum(conversions)
    from warum.rollup_hour group by hour, advertiser_id, program_id, mode;
insert into warum.rollup_publisher_day
    select (hour at time zone 'UTC')::date, advertiser_id, publisher_id, program_id, mode, sum(impressions),
        sum(clicks_token + clicks_reference + clicks_bare), sum(clicks_bare), sum(conversions)
    from warum.rollup_hour group by 1, advertiser_id, publisher_id, program_id, mode;
