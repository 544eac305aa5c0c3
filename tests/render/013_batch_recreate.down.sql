CREATE UNLOGGED TABLE _alembic_tmp_person (
    name VARCHAR(20), 
    age VARCHAR DEFAULT '1', 
    id SERIAL NOT NULL, 
    PRIMARY KEY (id), 
    CONSTRAINT ck_id CHECK (id > 0)
)
 TABLESPACE fast;

COMMENT ON TABLE _alembic_tmp_person IS 'new';

COMMENT ON COLUMN _alembic_tmp_person.name IS 'it''s';

INSERT INTO _alembic_tmp_person (name, age, id) SELECT person.name, person.age, person.id 
FROM person;

DROP TABLE person;

ALTER TABLE _alembic_tmp_person RENAME TO person;
