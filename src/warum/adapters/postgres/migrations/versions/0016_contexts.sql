-- An offer may distinguish contexts. Each has allocations of its own, in force side by side with those without one.
alter table warum.offer add column dimensions text[] not null default '{}' check (cardinality(dimensions) <= 2);
alter table warum.allocation add column context text not null default '' check (length(context) <= 100);
create index allocation_context on warum.allocation (offer_id, context, id);

-- Bots speak of one context at a time, and people are asked about one change of each.
alter table warum.proposal add column context text not null default '';
alter table warum.abstention add column context text not null default '';
drop index warum.proposal_asked;
create unique index proposal_asked on warum.proposal (bot, offer_id, context) where state in ('open', 'waiting');
