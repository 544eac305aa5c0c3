BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0123456789ab

CREATE TABLE employee (
    id SERIAL NOT NULL, 
    department_id INTEGER NOT NULL, 
    PRIMARY KEY (id), 
    FOREIGN KEY(department_id) REFERENCES department (id)
);

ALTER TABLE department ADD COLUMN head_id INTEGER;

ALTER TABLE department ADD FOREIGN KEY(head_id) REFERENCES employee (id);

INSERT INTO alembic_version (version_num) VALUES ('0123456789ab') RETURNING alembic_version.version_num;

COMMIT;

