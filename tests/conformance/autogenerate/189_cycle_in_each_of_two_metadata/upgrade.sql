BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0123456789ab

CREATE TABLE client (
    id SERIAL NOT NULL, 
    other_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(other_id) REFERENCES offer (id)
);

CREATE TABLE offer (
    id SERIAL NOT NULL, 
    other_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(other_id) REFERENCES client (id)
);

CREATE TABLE item (
    id SERIAL NOT NULL, 
    other_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(other_id) REFERENCES shelf (id)
);

CREATE TABLE shelf (
    id SERIAL NOT NULL, 
    other_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(other_id) REFERENCES item (id)
);

INSERT INTO alembic_version (version_num) VALUES ('0123456789ab') RETURNING alembic_version.version_num;

COMMIT;

