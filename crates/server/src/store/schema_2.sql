-- The portals: organizations, roles, keys of more than one dialect, what is counted and logged.

ALTER TABLE users ADD COLUMN display_name TEXT NOT NULL DEFAULT ''; -- '': first and last name
ALTER TABLE users ADD COLUMN contact_email TEXT NOT NULL DEFAULT ''; -- '': where one signs in
ALTER TABLE users ADD COLUMN last_login_time INTEGER; -- NULL: never
-- Rises with every change that others can see; entity tags are made of it.
ALTER TABLE users ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

CREATE TRIGGER users_changed AFTER UPDATE OF
    email, first_name, last_name, phone, position, description, role, active, display_name
ON users BEGIN
    UPDATE users SET version = version + 1 WHERE id = NEW.id;
END;

CREATE TABLE portal_roles (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role    TEXT NOT NULL CHECK (role IN ('super-admin', 'admin', 'read-only')),
    PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER portal_role_given AFTER INSERT ON portal_roles BEGIN
    UPDATE users SET version = version + 1 WHERE id = NEW.user_id;
END;
CREATE TRIGGER portal_role_taken AFTER DELETE ON portal_roles BEGIN
    UPDATE users SET version = version + 1 WHERE id = OLD.user_id;
END;

CREATE TABLE organizations (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL UNIQUE,
    create_time INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    role            TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
    create_time     INTEGER NOT NULL,
    PRIMARY KEY (user_id, organization_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX memberships_by_organization ON memberships (organization_id, role);

-- Made anew, because a rule of uniqueness cannot be changed: a title is unique in one list of
-- keys, which is that of a user, a dialect and an organization.
CREATE TABLE api_keys_of_all_dialects (
    number          INTEGER PRIMARY KEY, -- orders keys made in the same millisecond
    id              TEXT NOT NULL UNIQUE,
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    dialect         TEXT NOT NULL CHECK (dialect IN ('idmp', 'aimms', 'portal')),
    organization_id TEXT CHECK (organization_id IS NULL OR dialect = 'portal'),
    title           TEXT NOT NULL,
    title_key       TEXT NOT NULL,
    description     TEXT NOT NULL DEFAULT '',
    scopes          TEXT NOT NULL DEFAULT '', -- names with a space between
    secret_hash     BLOB NOT NULL,
    secret_tail     TEXT NOT NULL,
    -- Only where the dialect shows a key again.
    sealed_value    BLOB CHECK ((dialect = 'idmp') = (sealed_value IS NOT NULL)),
    create_time     INTEGER NOT NULL,
    expire_time     INTEGER, -- NULL: never
    revoke_time     INTEGER,
    last_use_time   INTEGER,
    -- Keys of an organization end with the membership, and do not come back with it.
    FOREIGN KEY (user_id, organization_id)
        REFERENCES memberships (user_id, organization_id) ON DELETE CASCADE
) STRICT;

INSERT INTO api_keys_of_all_dialects (number, id, user_id, dialect, title, title_key,
    secret_hash, secret_tail, sealed_value, create_time, expire_time)
SELECT number, id, user_id, 'idmp', title, title_key,
    secret_hash, secret_tail, sealed_value, create_time, expire_time
FROM api_keys;

DROP TABLE api_keys;
ALTER TABLE api_keys_of_all_dialects RENAME TO api_keys;

-- An absent organization is one, too: NULLs would all differ.
CREATE UNIQUE INDEX api_keys_by_title
    ON api_keys (user_id, dialect, ifnull(organization_id, ''), title_key);
CREATE INDEX api_keys_newest_first
    ON api_keys (user_id, dialect, ifnull(organization_id, ''), create_time DESC, number DESC);

-- Requests by key and day; days are counted from 1970-01-01 UTC.
CREATE TABLE api_key_usage (
    key_id TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    day    INTEGER NOT NULL,
    calls  INTEGER NOT NULL,
    PRIMARY KEY (key_id, day)
) STRICT, WITHOUT ROWID;

-- What was made for a request with an Idempotency-Key, for those who ask again.
CREATE TABLE idempotency (
    user_id     TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    path        TEXT NOT NULL,
    key         TEXT NOT NULL,
    sealed      BLOB NOT NULL,
    create_time INTEGER NOT NULL,
    PRIMARY KEY (user_id, path, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_create_time ON idempotency (create_time);

ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN last_use_time INTEGER; -- NULL: not since it was made

CREATE TABLE second_factors (
    user_id       TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed_secret BLOB NOT NULL,
    confirm_time  INTEGER NOT NULL,
    last_step     INTEGER NOT NULL -- of the last code that was taken; none is taken twice
) STRICT;

-- Set up, but not yet confirmed; the one that is in force stays so until then.
CREATE TABLE pending_second_factors (
    user_id       TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed_secret BLOB NOT NULL,
    create_time   INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
    user_id   TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash BLOB NOT NULL,
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE security_log (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    time       INTEGER NOT NULL,
    event      TEXT NOT NULL,
    address    TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    subject    TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX security_log_of_user ON security_log (user_id, number DESC);
