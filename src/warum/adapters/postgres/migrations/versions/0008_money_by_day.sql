-- What transactions of a kind did to publishers' money on a UTC day, in live books: what came on their accounts, less
-- what left them. Written where transactions are; ``steps`` are those that were about a conversion.
create table warum.rollup_money_day (
    day date not null,
    advertiser_id bigint not null,
    kind text not null,
    currency text not null,
    steps bigint not null default 0,
    pending_minor bigint not null default 0,
    confirmed_minor bigint not null default 0,
    primary key (day, advertiser_id, kind, currency)
);

select set_config('warum.role', 'system', true);
insert into warum.rollup_money_day
    select (t.at at time zone 'UTC')::date, t.advertiser_id, t.kind, p.currency,
        count(distinct t.id) filter (where t.conversion_id is not null),
        sum(case when c.kind = 'pending' then p.amount_minor when d.kind = 'pending' then -p.amount_minor else 0 end),
        sum(case when c.kind = 'confirmed' then p.amount_minor when d.kind = 'confirmed' then -p.amount_minor else 0 end)
    from warum.txn t
    join warum.posting p on p.txn_id = t.id
    join warum.account c on c.id = p.credit
    join warum.account d on d.id = p.debit
    where p.book in ('live_memo', 'live_gl')
    group by 1, 2, 3, 4;
