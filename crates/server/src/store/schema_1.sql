-- Times are Unix milliseconds. `*_key` columns hold the form in which names are compared.
CREATE TABLE users (
    id             TEXT PRIMARY KEY,
    email          TEXT NOT NULL,
    email_key      TEXT NOT NULL UNIQUE,
    login_name_mac BLOB NOT NULL,
    first_name     TEXT NOT NULL,
    last_name      TEXT NOT NULL,
    phone          TEXT NOT NULL DEFAULT '',
    position       TEXT NOT NULL DEFAULT '',
    description    TEXT NOT NULL DEFAULT '',
    role           TEXT NOT NULL,
    password_hash  TEXT, -- NULL: signs in elsewhere
    active         INTEGER NOT NULL DEFAULT 1,
    create_time    INTEGER NOT NULL
) STRICT;

CREATE INDEX users_by_login_name_mac ON users (login_name_mac);

CREATE TABLE sessions (
    id                TEXT PRIMARY KEY,
    user_id           TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    access_token_hash BLOB NOT NULL UNIQUE,
    create_time       INTEGER NOT NULL,
    expire_time       INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expire_time ON sessions (expire_time);

CREATE TABLE api_keys (
    number       INTEGER PRIMARY KEY, -- orders keys made in the same millisecond
    id           TEXT NOT NULL UNIQUE,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title        TEXT NOT NULL,
    title_key    TEXT NOT NULL,
    secret_hash  BLOB NOT NULL,
    secret_tail  TEXT NOT NULL,
    sealed_value BLOB NOT NULL,
    create_time  INTEGER NOT NULL,
    expire_time  INTEGER, -- NULL: never
    UNIQUE (user_id, title_key)
) STRICT;

CREATE INDEX api_keys_newest_first ON api_keys (user_id, create_time DESC, number DESC);

CREATE TABLE avatars (
    user_id    TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    media_type TEXT NOT NULL,
    tag        TEXT NOT NULL,
    bytes      BLOB NOT NULL
) STRICT;

-- Names as they were typed, whether or not such a user exists, so that both cost the same.
CREATE TABLE login_failures (
    login_name_mac BLOB PRIMARY KEY,
    failures       INTEGER NOT NULL,
    next_try_time  INTEGER NOT NULL,
    last_time      INTEGER NOT NULL
) STRICT;
