BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0123456789ab

CREATE TABLE east (
    id SERIAL NOT NULL, 
    other_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(other_id) REFERENCES west (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE north (
    id SERIAL NOT NULL, 
    other_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(other_id) REFERENCES south (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE south (
    id SERIAL NOT NULL, 
    other_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(other_id) REFERENCES north (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE west (
    id SERIAL NOT NULL, 
    other_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(other_id) REFERENCES east (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE "between" (
    id SERIAL NOT NULL, 
    north_id INTEGER, 
    east_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(east_id) REFERENCES east (id), 
    FOREIGN KEY(north_id) REFERENCES north (id)
);

CREATE TABLE south_of (
    id SERIAL NOT NULL, 
    between_id INTEGER, 
    PRIMARY KEY (id), 
    FOREIGN KEY(between_id) REFERENCES "between" (id)
);

INSERT INTO alembic_version (version_num) VALUES ('0123456789ab') RETURNING alembic_version.version_num;

COMMIT;

