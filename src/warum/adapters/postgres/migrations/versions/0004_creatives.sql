create table warum.creative (
    id bigint generated always as identity primary key,
    advertiser_id bigint not null,
    program_id bigint not null,
    offer_id bigint not null,
    -- Its number in every allocation of the offer, so that what is learned of it stays its own.
    arm smallint not null check (arm between 0 and 254),
    landing_page_id bigint not null,
    name text not null check (length(name) between 1 and 200),
    language text not null check (language in ('de', 'en')),
    headline text not null check (length(headline) between 1 and 120),
    body text not null check (length(body) <= 300),
    image_url text check (image_url ~ '^https?://'),
    image_alt text not null default '' check (length(image_alt) <= 300),
    -- The advertiser's own number of what is offered. Several creatives may offer the same.
    sku text check (length(sku) between 1 and 200),
    price_minor bigint check (price_minor >= 0),
    currency text check (currency ~ '^[A-Z]{3}$'),
    price_until timestamptz,
    availability text not null check (availability in ('in_stock', 'sold_out')),
    availability_at timestamptz not null,
    retired_at timestamptz,
    created_at timestamptz not null,
    row_version bigint not null default 1,
    unique (id, advertiser_id),
    unique (offer_id, arm),
    foreign key (program_id, advertiser_id) references warum.program (id, advertiser_id),
    foreign key (offer_id, advertiser_id) references warum.offer (id, advertiser_id),
    foreign key (landing_page_id, advertiser_id) references warum.landing_page (id, advertiser_id),
    check ((price_minor is null) = (currency is null)),
    check (price_until is null or price_minor is not null)
);
create index creative_sku on warum.creative (advertiser_id, sku) where sku is not null and retired_at is null;

create table warum.slot (
    id bigint generated always as identity primary key,
    code text not null unique,
    advertiser_id bigint not null,
    publisher_id bigint not null,
    program_id bigint not null,
    partnership_id bigint not null,
    offer_id bigint not null,
    -- A link of its own: what the slot brings is counted by it.
    link_id bigint not null unique references warum.link,
    name text not null default '' check (length(name) <= 200),
    format text not null check (format in ('card', 'banner', 'line')),
    retired_at timestamptz,
    created_at timestamptz not null,
    row_version bigint not null default 1,
    foreign key (partnership_id, advertiser_id, publisher_id, program_id)
        references warum.partnership (id, advertiser_id, publisher_id, program_id),
    foreign key (offer_id, advertiser_id) references warum.offer (id, advertiser_id)
);

-- Made because a creative came, went, sold out or is back: nobody set these shares, they follow from those that were.
alter table warum.allocation add column derived boolean not null default false;
alter table warum.allocation_arm
    add column creative_id bigint,
    add foreign key (creative_id, advertiser_id) references warum.creative (id, advertiser_id);
create index allocation_offer on warum.allocation (offer_id, id);
