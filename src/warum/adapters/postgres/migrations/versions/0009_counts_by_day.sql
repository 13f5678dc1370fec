-- By link takes the place of by publisher: a publisher has few links, so these counts tell about both.
create table warum.rollup_link_day (
    day date not null,
    advertiser_id bigint not null,
    publisher_id bigint not null,
    program_id bigint not null,
    link_id bigint not null,
    mode smallint not null,
    impressions bigint not null default 0,
    clicks bigint not null default 0,
    clicks_reference bigint not null default 0,
    clicks_bare bigint not null default 0,
    conversions bigint not null default 0,
    primary key (day, link_id, mode)
);
create index rollup_link_day_link on warum.rollup_link_day (link_id, day);

create table warum.rollup_arm_day (
    day date not null,
    advertiser_id bigint not null,
    allocation_id bigint not null,
    arm smallint not null,
    mode smallint not null,
    impressions bigint not null default 0,
    clicks bigint not null default 0,
    clicks_reference bigint not null default 0,
    clicks_bare bigint not null default 0,
    primary key (allocation_id, day, arm, mode)
);

select set_config('warum.role', 'system', true);
insert into warum.rollup_link_day
    select (hour at time zone 'UTC')::date, min(advertiser_id), min(publisher_id), min(program_id), link_id, mode,
        sum(impressions), sum(clicks_token + clicks_reference + clicks_bare), sum(clicks_reference), sum(clicks_bare),
        sum(conversions)
    from warum.rollup_hour group by 1, link_id, mode;
insert into warum.rollup_arm_day
    select (hour at time zone 'UTC')::date, min(advertiser_id), allocation_id, arm, mode, sum(impressions),
        sum(clicks_token + clicks_reference + clicks_bare), sum(clicks_reference), sum(clicks_bare)
    from warum.rollup_hour group by 1, allocation_id, arm, mode;

drop table warum.rollup_publisher_day;
