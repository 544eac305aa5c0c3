BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0123456789ab

CREATE TABLE department (
    id SERIAL NOT NULL, 
    head_id INTEGER, 
    PRIMARY KEY (id)
);

CREATE TABLE employee (
    id SERIAL NOT NULL, 
    department_id INTEGER NOT NULL, 
    PRIMARY KEY (id)
);

INSERT INTO alembic_version (version_num) VALUES ('0123456789ab') RETURNING alembic_version.version_num;

COMMIT;

