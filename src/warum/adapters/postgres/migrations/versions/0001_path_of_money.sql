create schema warum;

-- Times travel as microseconds since 1970 UTC and are stored as timestamptz; both directions are exact.
create function warum.at(us bigint) returns timestamptz
    language sql immutable parallel safe
    return timestamptz '1970-01-01 00:00:00+00' + us * interval '1 microsecond';
create function warum.us(at timestamptz) returns bigint
    language sql immutable parallel safe
    return (extract(epoch from at) * 1000000)::bigint;

create function warum.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: write a new row instead', tg_table_name using errcode = 'restrict_violation';
end $$;

-- Parties ---------------------------------------------------------------------------------------------------------

create table warum.party (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('operator', 'advertiser', 'publisher', 'member')),
    name text not null check (length(name) between 1 and 200),
    created_at timestamptz not null,
    row_version bigint not null default 1
);

create table warum.advertiser (
    id bigint primary key references warum.party,
    code text not null unique,
    name text not null,
    active boolean not null default true,
    reference_basis text check (length(reference_basis) between 1 and 2000),
    reference_basis_at timestamptz,
    token_hash text,
    secret_sealed text,
    created_at timestamptz not null,
    row_version bigint not null default 1,
    check ((reference_basis is null) = (reference_basis_at is null))
);

create table warum.advertiser_host (
    advertiser_id bigint not null references warum.advertiser,
    host text not null,
    challenge text not null,
    proved_at timestamptz,
    proof text,
    row_version bigint not null default 1,
    primary key (advertiser_id, host)
);

create table warum.publisher (
    id bigint primary key references warum.party,
    code text not null unique,
    name text not null,
    kind text not null default 'content',
    active boolean not null default true,
    created_at timestamptz not null,
    row_version bigint not null default 1
);

-- Catalog ---------------------------------------------------------------------------------------------------------

create table warum.program (
    id bigint generated always as identity primary key,
    advertiser_id bigint not null references warum.advertiser,
    code text not null unique,
    name text not null,
    vertical text not null,
    currencies text[] not null check (cardinality(currencies) > 0),
    timezone text not null,
    window_days integer not null check (window_days between 1 and 400),
    hold_days integer not null check (hold_days between 0 and 400),
    validation text not null check (validation in ('automatic', 'manual')),
    status text not null check (status in ('draft', 'running', 'paused', 'ended')),
    starts_at timestamptz,
    ends_at timestamptz,
    click_param text not null default 'wrm' check (click_param ~ '^[A-Za-z][A-Za-z0-9_]{0,31}$'),
    created_at timestamptz not null,
    row_version bigint not null default 1,
    unique (id, advertiser_id),
    check (ends_at is null or starts_at is null or starts_at < ends_at)
);

create table warum.offer (
    id bigint generated always as identity primary key,
    advertiser_id bigint not null,
    program_id bigint not null,
    name text not null,
    allocation_id bigint,
    created_at timestamptz not null,
    row_version bigint not null default 1,
    unique (id, advertiser_id),
    foreign key (program_id, advertiser_id) references warum.program (id, advertiser_id)
);

create table warum.landing_page (
    id bigint generated always as identity primary key,
    advertiser_id bigint not null,
    offer_id bigint not null,
    name text not null,
    url text not null check (url ~ '^https?://'),
    created_at timestamptz not null,
    unique (id, advertiser_id),
    foreign key (offer_id, advertiser_id) references warum.offer (id, advertiser_id)
);

create table warum.allocation (
    id bigint generated always as identity primary key,
    advertiser_id bigint not null,
    offer_id bigint not null,
    created_at timestamptz not null,
    unique (id, advertiser_id),
    foreign key (offer_id, advertiser_id) references warum.offer (id, advertiser_id)
);

create table warum.allocation_arm (
    allocation_id bigint not null,
    advertiser_id bigint not null,
    arm smallint not null check (arm between 0 and 254),
    landing_page_id bigint not null,
    propensity_ppm integer not null check (propensity_ppm between 0 and 1000000),
    primary key (allocation_id, arm),
    foreign key (allocation_id, advertiser_id) references warum.allocation (id, advertiser_id),
    foreign key (landing_page_id, advertiser_id) references warum.landing_page (id, advertiser_id)
);

alter table warum.offer
    add foreign key (allocation_id, advertiser_id) references warum.allocation (id, advertiser_id);

create table warum.partnership (
    id bigint generated always as identity primary key,
    advertiser_id bigint not null,
    publisher_id bigint not null references warum.publisher,
    program_id bigint not null,
    status text not null check (status in ('applied', 'approved', 'declined', 'ended')),
    application text not null default '',
    reason text,
    applied_at timestamptz not null,
    decided_at timestamptz,
    row_version bigint not null default 1,
    unique (program_id, publisher_id),
    unique (id, advertiser_id, publisher_id, program_id),
    foreign key (program_id, advertiser_id) references warum.program (id, advertiser_id),
    check (status <> 'declined' or reason is not null)
);

create table warum.link (
    id bigint generated always as identity primary key,
    code text not null unique,
    advertiser_id bigint not null,
    publisher_id bigint not null,
    program_id bigint not null,
    partnership_id bigint not null,
    offer_id bigint not null,
    name text not null default '',
    retired_at timestamptz,
    created_at timestamptz not null,
    row_version bigint not null default 1,
    foreign key (partnership_id, advertiser_id, publisher_id, program_id)
        references warum.partnership (id, advertiser_id, publisher_id, program_id),
    foreign key (offer_id, advertiser_id) references warum.offer (id, advertiser_id)
);

create table warum.commission_rule (
    id bigint generated always as identity primary key,
    advertiser_id bigint not null,
    publisher_id bigint references warum.publisher,
    program_id bigint not null,
    commission_group text not null default '',
    kind text not null check (kind in ('percent', 'fixed', 'per_click')),
    rate_ppm integer not null default 0 check (rate_ppm between 0 and 1000000),
    amount_minor bigint not null default 0 check (amount_minor >= 0),
    currency text check (currency ~ '^[A-Z]{3}$'),
    version integer not null check (version > 0),
    valid_from timestamptz not null,
    created_at timestamptz not null,
    unique nulls not distinct (program_id, publisher_id, commission_group, version),
    foreign key (program_id, advertiser_id) references warum.program (id, advertiser_id),
    check ((kind = 'percent') = (currency is null)),
    check (kind = 'percent' or rate_ppm = 0),
    check (kind <> 'percent' or amount_minor = 0)
);
create trigger commission_rule_append_only before update or delete on warum.commission_rule
    for each row execute function warum.refuse_change();
create trigger allocation_append_only before update or delete on warum.allocation
    for each row execute function warum.refuse_change();
create trigger allocation_arm_append_only before update or delete on warum.allocation_arm
    for each row execute function warum.refuse_change();

-- Conversions -----------------------------------------------------------------------------------------------------

create table warum.conversion (
    id bigint generated by default as identity primary key,
    advertiser_id bigint not null references warum.advertiser,
    publisher_id bigint references warum.publisher,
    program_id bigint not null references warum.program,
    partnership_id bigint references warum.partnership,
    link_id bigint references warum.link,
    allocation_id bigint,
    arm smallint,
    credit text not null check (credit in ('token', 'reference', 'none')),
    credit_why text not null,
    click_at timestamptz,
    click_stream smallint,
    click_segment integer,
    click_number integer,
    order_id text,
    event_type text not null,
    commission_group text not null default '',
    mode smallint not null check (mode in (0, 1)),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    booked_at timestamptz not null,
    rule_id bigint references warum.commission_rule,
    status text not null check (status in ('pending', 'approved', 'declined', 'paid')),
    reason text,
    sale_minor bigint not null check (sale_minor >= 0),
    retained_minor bigint not null check (retained_minor >= 0),
    commission_minor bigint not null check (commission_minor >= 0),
    check_in date,
    check_out date,
    release_at timestamptz,
    status_raw text not null,
    seq integer not null check (seq > 0),
    check (status <> 'declined' or reason is not null),
    check ((publisher_id is null) = (credit = 'none'))
);
create unique index conversion_order on warum.conversion (advertiser_id, mode, order_id, event_type)
    where order_id is not null;
create unique index conversion_click on warum.conversion
    (advertiser_id, mode, click_stream, click_segment, click_number, event_type) where order_id is null;
create index conversion_release on warum.conversion (release_at) where status = 'pending' and release_at is not null;
create index conversion_publisher on warum.conversion (publisher_id, booked_at);
create index conversion_advertiser on warum.conversion (advertiser_id, booked_at);

create table warum.conversion_event (
    conversion_id bigint not null references warum.conversion,
    seq integer not null check (seq > 0),
    advertiser_id bigint not null,
    publisher_id bigint,
    kind text not null,
    at timestamptz not null,
    seen timestamptz not null,
    stream smallint,
    segment integer,
    number integer,
    canonical bytea not null,
    salt bytea not null check (length(salt) = 32),
    primary key (conversion_id, seq)
);
create trigger conversion_event_append_only before update or delete on warum.conversion_event
    for each row execute function warum.refuse_change();

-- A partner's message counts once. Kept for ever: a month-old repetition must not pay twice.
create table warum.report_seen (
    advertiser_id bigint not null,
    event_id text not null,
    stream smallint not null,
    segment integer not null,
    number integer not null,
    primary key (advertiser_id, event_id)
);

-- Reports that could not be applied: unknown words, updates that came before their order, amounts in doubt. They wait
-- for their order or for a person, with the reason.
create table warum.report_open (
    id bigint generated always as identity primary key,
    advertiser_id bigint not null,
    order_id text,
    event_type text not null,
    mode smallint not null,
    reason text not null,
    message text not null,
    seen timestamptz not null,
    stream smallint not null,
    segment integer not null,
    number integer not null,
    body bytea not null,
    resolved_at timestamptz,
    resolution text,
    unique (stream, segment, number)
);
create index report_open_order on warum.report_open (advertiser_id, mode, order_id, event_type) where resolved_at is null;

-- Ledger ----------------------------------------------------------------------------------------------------------

create table warum.account (
    id bigint generated always as identity primary key,
    book text not null check (book in ('live_memo', 'live_gl', 'test_memo', 'test_gl')),
    kind text not null,
    advertiser_id bigint not null references warum.advertiser,
    publisher_id bigint not null references warum.publisher,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    debits bigint not null default 0 check (debits >= 0),
    credits bigint not null default 0 check (credits >= 0),
    unique (book, kind, advertiser_id, publisher_id, currency),
    unique (id, book, currency),
    -- What may be earned is never less than nothing; what was confirmed may be, until the next settlement nets it.
    constraint pending_not_negative check (kind <> 'pending' or credits >= debits)
);

create table warum.txn (
    id bigint generated by default as identity primary key,
    idempotency_key text not null unique,
    fingerprint bytea not null check (length(fingerprint) = 32),
    kind text not null,
    at timestamptz not null,
    advertiser_id bigint not null,
    publisher_id bigint not null,
    conversion_id bigint references warum.conversion,
    reverses bigint unique references warum.txn
);
create index txn_conversion on warum.txn (conversion_id) where conversion_id is not null;

create table warum.posting (
    id bigint generated always as identity primary key,
    txn_id bigint not null references warum.txn,
    advertiser_id bigint not null,
    publisher_id bigint not null,
    book text not null,
    currency text not null,
    debit bigint not null,
    credit bigint not null,
    amount_minor bigint not null check (amount_minor > 0),
    check (debit <> credit),
    foreign key (debit, book, currency) references warum.account (id, book, currency),
    foreign key (credit, book, currency) references warum.account (id, book, currency)
);
create index posting_txn on warum.posting (txn_id);
create index posting_debit on warum.posting (debit);
create index posting_credit on warum.posting (credit);

create trigger txn_append_only before update or delete on warum.txn
    for each row execute function warum.refuse_change();
create trigger posting_append_only before update or delete on warum.posting
    for each row execute function warum.refuse_change();

-- Tracking --------------------------------------------------------------------------------------------------------

create table warum.rollup_hour (
    hour timestamptz not null,
    advertiser_id bigint not null,
    publisher_id bigint not null,
    program_id bigint not null,
    link_id bigint not null,
    allocation_id bigint not null,
    arm smallint not null,
    mode smallint not null,
    impressions bigint not null default 0,
    clicks_token bigint not null default 0,
    clicks_reference bigint not null default 0,
    clicks_bare bigint not null default 0,
    conversions bigint not null default 0,
    primary key (hour, link_id, allocation_id, arm, mode)
);

create table warum.rollup_drop (
    hour timestamptz not null,
    advertiser_id bigint not null,
    link_id bigint not null,
    reason text not null,
    count bigint not null,
    primary key (hour, advertiser_id, link_id, reason)
);

create table warum.sub_id (
    stream smallint not null,
    segment integer not null,
    number integer not null,
    advertiser_id bigint not null,
    publisher_id bigint not null,
    day integer not null,
    sealed bytea not null,
    primary key (stream, segment, number)
);
create index sub_id_day on warum.sub_id (day);

create table warum.ingest_offset (
    stream smallint primary key,
    segment integer not null,
    position bigint not null,
    number integer not null,
    watermark timestamptz not null
);

create table warum.quarantine (
    stream smallint not null,
    segment integer not null,
    number integer not null,
    type smallint not null,
    body bytea not null,
    reason text not null,
    quarantined_at timestamptz not null,
    released_at timestamptz,
    primary key (stream, segment, number)
);

create table warum.lake_file (
    kind text not null,
    stream smallint not null,
    first_segment integer not null,
    first_number integer not null,
    last_segment integer not null,
    last_number integer not null,
    path text not null unique,
    records integer not null,
    bytes bigint not null,
    primary key (kind, stream, first_segment, first_number)
);

-- The lake reads the journal by itself; its offset moves in the transaction that names its files.
create table warum.lake_offset (
    stream smallint primary key,
    segment integer not null,
    position bigint not null,
    number integer not null
);

-- Deliveries ------------------------------------------------------------------------------------------------------

create table warum.postback_target (
    id bigint generated always as identity primary key,
    publisher_id bigint not null references warum.publisher,
    url_template text not null,
    secret_sealed text not null,
    active boolean not null default true,
    created_at timestamptz not null,
    row_version bigint not null default 1
);
create index postback_target_publisher on warum.postback_target (publisher_id) where active;

create table warum.outbox (
    id bigint generated always as identity primary key,
    target_id bigint not null references warum.postback_target,
    publisher_id bigint not null,
    conversion_id bigint not null references warum.conversion,
    seq integer not null,
    event_id text not null,
    fields jsonb not null,
    due_at timestamptz not null,
    attempts integer not null default 0,
    state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given_up')),
    unique (target_id, conversion_id, seq)
);
create index outbox_due on warum.outbox (due_at) where state = 'waiting';
create index outbox_target_due on warum.outbox (target_id, due_at, id) where state = 'waiting';

create table warum.delivery (
    id bigint generated always as identity primary key,
    outbox_id bigint not null references warum.outbox,
    publisher_id bigint not null,
    attempt integer not null,
    at timestamptz not null,
    answered smallint,
    outcome text not null,
    duration_ms integer not null,
    unique (outbox_id, attempt)
);

create table warum.snapshot_change (
    id bigint generated always as identity primary key,
    kind text not null,
    entry_id bigint not null,
    body bytea not null,
    changed_at timestamptz not null,
    published_at timestamptz
);
create index snapshot_change_open on warum.snapshot_change (id) where published_at is null;

-- Who did what ----------------------------------------------------------------------------------------------------

create table warum.act (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    actor_kind text not null check (actor_kind in ('person', 'bot', 'key', 'system')),
    actor text not null,
    operation text not null,
    subject text not null,
    input_hash bytea not null check (length(input_hash) = 32),
    reason text,
    version_before bigint,
    version_after bigint,
    advertiser_id bigint,
    publisher_id bigint
);
create index act_subject on warum.act (subject, id);
create trigger act_append_only before update or delete on warum.act
    for each row execute function warum.refuse_change();

create table warum.api_key (
    id bigint generated always as identity primary key,
    label text not null,
    hash bytea not null unique check (length(hash) = 32),
    role text not null check (role in ('operator', 'manager', 'auditor', 'advertiser', 'publisher')),
    party_id bigint references warum.party,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    check ((role in ('advertiser', 'publisher')) = (party_id is not null))
);
