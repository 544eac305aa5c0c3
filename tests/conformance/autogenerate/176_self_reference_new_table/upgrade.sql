BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0123456789ab

CREATE TABLE node (
    id SERIAL NOT NULL, 
    parent_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(parent_id) REFERENCES node (id)
);

CREATE TABLE leaf (
    id SERIAL NOT NULL, 
    node_id INTEGER NOT NULL, 
    PRIMARY KEY (id), 
    FOREIGN KEY(node_id) REFERENCES node (id)
);

INSERT INTO alembic_version (version_num) VALUES ('0123456789ab') RETURNING alembic_version.version_num;

COMMIT;

