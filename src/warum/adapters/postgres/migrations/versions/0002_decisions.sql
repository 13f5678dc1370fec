-- Facts -----------------------------------------------------------------------------------------------------------

-- What a bot saw, under the SHA-256 of its canonical bytes: the same facts are stored once, and cannot be others.
create table warum.facts (
    hash bytea primary key,
    kind text not null,
    advertiser_id bigint not null references warum.advertiser,
    body bytea not null,
    stored_at timestamptz not null,
    check (hash = sha256(body))
);
create trigger facts_append_only before update or delete on warum.facts
    for each row execute function warum.refuse_change();

-- What people set -------------------------------------------------------------------------------------------------

create table warum.policy (
    program_id bigint not null references warum.program,
    bot text not null,
    autonomy text not null check (autonomy in ('observe', 'propose', 'act')),
    shadow_until timestamptz,
    stopped boolean not null,
    floor_ppm integer not null check (floor_ppm between 0 and 500000),
    step_ppm integer not null check (step_ppm between 1 and 1000000),
    act_minor_day bigint not null check (act_minor_day >= 0),
    probability_ppm_min integer not null check (probability_ppm_min between 500000 and 1000000),
    gain_minor_min bigint not null check (gain_minor_min >= 0),
    gain_ppm_min integer not null check (gain_ppm_min >= 0),
    conversions_min integer not null check (conversions_min >= 1),
    days_min integer not null check (days_min >= 1),
    age_hours_max integer not null check (age_hours_max >= 1),
    horizon_days integer not null check (horizon_days between 7 and 91 and horizon_days % 7 = 0),
    row_version bigint not null default 1,
    primary key (program_id, bot)
);

create table warum.goal (
    program_id bigint primary key references warum.program,
    target_minor bigint check (target_minor > 0),
    cost_ppm_max integer check (cost_ppm_max > 0),
    starts_at timestamptz,
    ends_at timestamptz,
    excluded bigint[] not null default '{}',
    row_version bigint not null default 1,
    check (ends_at is null or starts_at is null or starts_at < ends_at)
);

-- What people know is a fact. It is taken back by another row in time, never by forgetting it.
create table warum.note (
    id bigint generated always as identity primary key,
    program_id bigint not null references warum.program,
    author text not null,
    text text not null check (length(text) between 1 and 1000),
    starts_at timestamptz,
    ends_at timestamptz,
    noted_at timestamptz not null,
    check (ends_at is null or starts_at is null or starts_at < ends_at)
);
create index note_program on warum.note (program_id, id);
create trigger note_append_only before update or delete on warum.note
    for each row execute function warum.refuse_change();

-- The kill switch of a bot, in the whole network. A bot without a row may run.
create table warum.bot_switch (
    bot text primary key,
    stopped boolean not null,
    reason text,
    actor text not null,
    at timestamptz not null,
    row_version bigint not null default 1
);

-- What bots say ---------------------------------------------------------------------------------------------------

create table warum.proposal (
    id bigint generated always as identity primary key,
    bot text not null,
    advertiser_id bigint not null,
    program_id bigint not null,
    offer_id bigint not null,
    -- The one in force when it was made; an approval finds it in force still, or is refused.
    allocation_id bigint not null references warum.allocation,
    facts bytea not null references warum.facts,
    seed bigint not null,
    body bytea not null,
    digest bytea not null check (digest = sha256(body)),
    -- open: one of the few that people are asked about; waiting: others have more at stake.
    state text not null check (state in
        ('open', 'waiting', 'shadow', 'applied', 'declined', 'undone', 'superseded', 'expired')),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    stake_minor bigint not null check (stake_minor >= 0),
    stake_day_minor bigint not null check (stake_day_minor >= 0),
    gain_minor bigint not null,
    low_minor bigint not null,
    high_minor bigint not null,
    probability_ppm integer not null,
    conversions bigint not null check (conversions >= 0),
    made_at timestamptz not null,
    expires_at timestamptz not null,
    row_version bigint not null default 1,
    foreign key (program_id, advertiser_id) references warum.program (id, advertiser_id),
    foreign key (offer_id, advertiser_id) references warum.offer (id, advertiser_id)
);
create unique index proposal_asked on warum.proposal (bot, offer_id) where state in ('open', 'waiting');
create index proposal_offer on warum.proposal (offer_id, bot, id);
create index proposal_state on warum.proposal (state, stake_minor desc, id);

-- Why a bot proposed nothing. A row whenever the answer becomes another, and now and then while it stays.
create table warum.abstention (
    id bigint generated always as identity primary key,
    bot text not null,
    advertiser_id bigint not null,
    program_id bigint not null,
    offer_id bigint not null,
    facts bytea not null references warum.facts,
    seed bigint not null,
    body bytea not null,
    digest bytea not null check (digest = sha256(body)),
    code text not null,
    made_at timestamptz not null,
    foreign key (program_id, advertiser_id) references warum.program (id, advertiser_id),
    foreign key (offer_id, advertiser_id) references warum.offer (id, advertiser_id)
);
create index abstention_offer on warum.abstention (offer_id, bot, id);
create trigger abstention_append_only before update or delete on warum.abstention
    for each row execute function warum.refuse_change();

-- What people decided, and what came of it ------------------------------------------------------------------------

create table warum.decision (
    id bigint generated always as identity primary key,
    proposal_id bigint not null references warum.proposal,
    verdict text not null check (verdict in ('approved', 'declined', 'undone')),
    actor_kind text not null check (actor_kind in ('person', 'bot', 'key', 'system')),
    actor text not null,
    reason text,
    note text not null default '',
    seconds_shown integer check (seconds_shown >= 0),
    at timestamptz not null,
    unique (proposal_id, verdict),
    check ((verdict = 'declined') = (reason is not null))
);
create trigger decision_append_only before update or delete on warum.decision
    for each row execute function warum.refuse_change();

create table warum.effect (
    proposal_id bigint primary key references warum.proposal,
    advertiser_id bigint not null,
    offer_id bigint not null,
    allocation_before bigint not null references warum.allocation,
    allocation_after bigint not null references warum.allocation,
    applied_at timestamptz not null,
    allocation_undone bigint references warum.allocation,
    undone_at timestamptz,
    foreign key (offer_id, advertiser_id) references warum.offer (id, advertiser_id),
    check ((undone_at is null) = (allocation_undone is null))
);

-- Measured again and again until too little is undecided to change it; the last row is what counts.
create table warum.outcome (
    id bigint generated always as identity primary key,
    proposal_id bigint not null references warum.proposal,
    facts bytea not null references warum.facts,
    final boolean not null,
    held text not null check (held in ('kept', 'below', 'above', 'open')),
    gain_minor bigint not null,
    low_minor bigint not null,
    high_minor bigint not null,
    promised_minor bigint not null,
    promised_low_minor bigint not null,
    promised_high_minor bigint not null,
    exposures bigint not null,
    pending_ppm integer not null,
    until_at timestamptz not null,
    measured_at timestamptz not null
);
create index outcome_proposal on warum.outcome (proposal_id, id);
create unique index outcome_final on warum.outcome (proposal_id) where final;
create trigger outcome_append_only before update or delete on warum.outcome
    for each row execute function warum.refuse_change();

-- What bots read --------------------------------------------------------------------------------------------------

create index rollup_hour_allocation on warum.rollup_hour (allocation_id, hour);
create index conversion_allocation on warum.conversion (allocation_id, click_at) where allocation_id is not null;
