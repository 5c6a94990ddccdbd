-- Users are found by the name that others know them by.
ALTER TABLE users ADD COLUMN name_key TEXT NOT NULL DEFAULT ''; -- written right after this

-- Made anew: calls belong to the list in which their key was made, and stay counted there when
-- the key is deleted. Days are counted from 1970-01-01 UTC.
CREATE TABLE api_key_usage_of_lists (
    key_id          TEXT NOT NULL,
    day             INTEGER NOT NULL,
    calls           INTEGER NOT NULL,
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    dialect         TEXT NOT NULL,
    organization_id TEXT,
    PRIMARY KEY (key_id, day),
    FOREIGN KEY (user_id, organization_id)
        REFERENCES memberships (user_id, organization_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO api_key_usage_of_lists (key_id, day, calls, user_id, dialect, organization_id)
SELECT key_id, day, calls, user_id, dialect, organization_id
FROM api_key_usage JOIN api_keys ON api_keys.id = api_key_usage.key_id;

DROP TABLE api_key_usage;
ALTER TABLE api_key_usage_of_lists RENAME TO api_key_usage;

CREATE INDEX api_key_usage_of_list
    ON api_key_usage (user_id, dialect, ifnull(organization_id, ''), day);
