alter table warum.policy add column objective text not null default 'value'
    check (objective in ('clicks', 'conversions', 'value', 'margin'));

-- One line a campaign, written anew as it goes on: how plausible its counts make each spread of its arms. No counts, no
-- amounts and no names are in it.
create table warum.lesson (
    offer_id bigint primary key references warum.offer,
    body bytea not null,
    learnt_at timestamptz not null
);
create index lesson_learnt on warum.lesson (learnt_at desc);
