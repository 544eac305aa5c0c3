ALTER TABLE person DROP CONSTRAINT uq_na;

CREATE TABLE _alembic_tmp_person (
    id SERIAL NOT NULL, 
    x INTEGER DEFAULT '5' NOT NULL, 
    name VARCHAR(20) CONSTRAINT ck_name CHECK (name <> ''), 
    years INTEGER NOT NULL, 
    team_id INTEGER, 
    y INTEGER, 
    PRIMARY KEY (id), 
    CONSTRAINT uq_na UNIQUE (name, years), 
    CONSTRAINT ck_y CHECK (y > 0), 
    FOREIGN KEY(team_id) REFERENCES team (id) ON DELETE CASCADE
)
 TABLESPACE fast;

COMMENT ON COLUMN _alembic_tmp_person.name IS 'it''s';

INSERT INTO _alembic_tmp_person (id, name, years, team_id, y) SELECT person.id, person.name, CAST(person.age AS INTEGER) AS age, person.team_id, NULL AS anon_1 
FROM person;

DROP TABLE person;

ALTER TABLE _alembic_tmp_person RENAME TO person;

CREATE UNIQUE INDEX ix_age ON person (years);

CREATE INDEX ix_new ON person (x);
