-- A form carries a token, and the act that it makes keeps it: the same form sent twice makes one act. The same token
-- with another input is another act, since somebody went back and changed what was typed.
alter table warum.act add column once text check (length(once) between 1 and 100);
create unique index act_once on warum.act (once, input_hash) where once is not null;

create index conversion_order_id on warum.conversion (order_id text_pattern_ops) where order_id is not null;
create index conversion_link on warum.conversion (link_id, booked_at) where link_id is not null;
