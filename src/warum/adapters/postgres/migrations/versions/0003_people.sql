-- People of the operator's own house. They sign in with a password; partners get portals of their own.

create table warum.user_account (
    id bigint generated always as identity primary key,
    email text not null check (email = lower(email) and length(email) between 3 and 254),
    name text not null check (length(name) between 1 and 200),
    role text not null check (role in ('operator', 'manager', 'auditor')),
    locale text not null check (locale in ('de', 'en')),
    timezone text not null,
    -- Argon2id in its own text format. Null until the person has set one with a link.
    password_hash text check (password_hash like '$argon2id$%'),
    created_at timestamptz not null,
    disabled_at timestamptz,
    row_version bigint not null default 1,
    unique (email)
);

-- Only the SHA-256 of a session's token is kept: a copy of this table signs nobody in.
create table warum.session (
    hash bytea primary key check (length(hash) = 32),
    user_id bigint not null references warum.user_account,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > created_at)
);
create index session_by_user on warum.session (user_id);

-- A link that works once: makes the first operator, lets a person set a password, or signs in at once (the demo).
create table warum.setup_link (
    id bigint generated always as identity primary key,
    hash bytea not null unique check (length(hash) = 32),
    purpose text not null check (purpose in ('first', 'password', 'enter')),
    user_id bigint references warum.user_account,
    created_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > created_at),
    used_at timestamptz,
    check ((purpose = 'first') = (user_id is null))
);
create index setup_link_user on warum.setup_link (user_id) where used_at is null;
