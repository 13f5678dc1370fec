-- A released record waits for the consumer until it is consumed; when it fails again, released_at goes back to null.
alter table warum.quarantine add column consumed boolean not null default false;
alter table warum.quarantine add check (not consumed or released_at is not null);
create index quarantine_released on warum.quarantine (released_at) where released_at is not null and not consumed;

grant update on warum.quarantine to warum_worker;
