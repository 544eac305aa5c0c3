CREATE TYPE mood AS ENUM ('happy', 'sad');
CREATE TABLE team (id serial PRIMARY KEY, name varchar(80) NOT NULL, slug text, settings jsonb);
CREATE TABLE member (
    id serial PRIMARY KEY,
    team_id integer NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    full_name varchar(200) NOT NULL,
    email varchar(120),
    feeling mood,
    score numeric(10, 2) DEFAULT 0,
    ratio double precision,
    token uuid,
    joined timestamp with time zone DEFAULT '2024-01-02 03:04:05+00',
    born date,
    active boolean NOT NULL DEFAULT true,
    tags text[] DEFAULT '{}',
    extra json,
    secret bytea,
    wait interval,
    CONSTRAINT uq_member_email UNIQUE (email),
    CONSTRAINT ck_member_score CHECK (score >= 0)
);
CREATE INDEX ix_member_name ON member (full_name);
CREATE INDEX ix_member_lower ON member (lower(email)) WHERE active;
CREATE TABLE legacy_setting (key varchar(50) PRIMARY KEY, value text);
CREATE VIEW active_member AS SELECT id, full_name FROM member WHERE active;
COMMENT ON TABLE team IS 'who works together';
CREATE SCHEMA audit;
CREATE TABLE audit.entry (id bigserial PRIMARY KEY, what text NOT NULL, member_id integer REFERENCES member (id));
INSERT INTO team (name, slug, settings) VALUES ('Red Team', NULL, '{"level": 1, "tags": ["a", "b"]}'),
    ('Blue Team', 'blue', NULL), ('Green: Team', NULL, '{}');
INSERT INTO member (team_id, full_name, email, feeling, score, ratio, token, born, active, tags, extra, secret, wait) VALUES
    (1, 'Ada Lovelace', 'ada@example.org', 'happy', 12.50, 0.25, 'c0ffee00-0000-4000-8000-000000000001', '1815-12-10', true, '{math,"with, comma"}', '{"k": [1, 2]}', '\x00ff', '1 day 02:03:04'),
    (1, 'Grace O''Hopper', NULL, NULL, 7, NULL, NULL, NULL, false, NULL, NULL, NULL, NULL),
    (2, 'Alan Turing', 'Alan@Example.org', 'sad', 0, 1e10, NULL, '1912-06-23', true, '{}', '{}', NULL, NULL);
INSERT INTO legacy_setting VALUES ('color', 'red'), ('size', '12'), ('note', '50% of: "all"');
