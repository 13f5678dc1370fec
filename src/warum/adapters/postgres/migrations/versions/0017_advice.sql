-- Row-level security binds the owner, too.
select set_config('warum.role', 'system', true);

-- Bots speak of more than the shares of an offer: every answer names its subject, and a proposal its idea. Those of
-- shares are of an offer and an allocation; the others are not.
alter table warum.proposal
    alter column offer_id drop not null,
    alter column allocation_id drop not null,
    add column subject text,
    add column idea text not null default 'shares',
    -- What tells whether an advice came true; empty where it promised nothing.
    add column metric text not null default '';
update warum.proposal set subject = 'off_' || offer_id;
alter table warum.proposal
    alter column subject set not null,
    add check (subject ~ '^[a-z]+_[1-9][0-9]{0,18}$'),
    add check (idea ~ '^[a-z][a-z_]{0,39}$'),
    add check ((idea = 'shares') = (allocation_id is not null)),
    add check ((offer_id is null) = (allocation_id is null));

alter table warum.abstention disable trigger abstention_append_only;
alter table warum.abstention
    alter column offer_id drop not null,
    add column subject text;
update warum.abstention set subject = 'off_' || offer_id;
alter table warum.abstention
    alter column subject set not null,
    add check (subject ~ '^[a-z]+_[1-9][0-9]{0,18}$');
alter table warum.abstention enable trigger abstention_append_only;

drop index warum.proposal_asked;
create unique index proposal_asked on warum.proposal (bot, subject, idea, context) where state in ('open', 'waiting');
create index proposal_subject on warum.proposal (subject, bot, id);
create index abstention_subject on warum.abstention (subject, bot, id);

-- When a bot last looked at a program; bots that see a whole one do not look every few minutes.
create table warum.look (
    program_id bigint not null references warum.program,
    bot text not null,
    looked_at timestamptz not null,
    primary key (program_id, bot)
);

create index rollup_hour_program on warum.rollup_hour (program_id, hour);
create index conversion_program on warum.conversion (program_id, booked_at);

-- What approving an advice performed, in its order, and what performs the opposite; null where nothing does.
create table warum.step (
    proposal_id bigint not null references warum.proposal,
    number integer not null check (number >= 0),
    advertiser_id bigint not null references warum.advertiser,
    operation text not null,
    input jsonb not null,
    subject text not null,
    back_operation text,
    back_input jsonb,
    taken_at timestamptz not null,
    undone_at timestamptz,
    primary key (proposal_id, number),
    check ((back_operation is null) = (back_input is null)),
    check (undone_at is null or back_operation is not null)
);

-- Messages to partners. A bot writes none: they come of a person's hand, or of a draft that a person approved.
create table warum.message (
    id bigint generated always as identity primary key,
    advertiser_id bigint not null,
    program_id bigint not null,
    -- Whom it is for; null: the advertiser.
    publisher_id bigint references warum.publisher,
    language text not null check (language in ('de', 'en')),
    subject text not null check (length(subject) between 1 and 200),
    body text not null check (length(body) between 1 and 10000),
    written_by text not null,
    written_at timestamptz not null,
    read_at timestamptz,
    withdrawn_at timestamptz,
    row_version bigint not null default 1,
    foreign key (program_id, advertiser_id) references warum.program (id, advertiser_id)
);
create index message_program on warum.message (program_id, id);
create index message_publisher on warum.message (publisher_id, id) where publisher_id is not null;
create index message_advertiser on warum.message (advertiser_id, id) where publisher_id is null;
