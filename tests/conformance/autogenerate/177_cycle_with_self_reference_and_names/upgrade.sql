BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0123456789ab

CREATE TABLE member (
    id SERIAL NOT NULL, 
    team_id INTEGER, 
    PRIMARY KEY (id), 
    CONSTRAINT fk_member_team FOREIGN KEY(team_id) REFERENCES team (id)
);

CREATE TABLE team (
    id SERIAL NOT NULL, 
    parent_id INTEGER, 
    lead_id INTEGER, 
    PRIMARY KEY (id), 
    CONSTRAINT fk_team_lead FOREIGN KEY(lead_id) REFERENCES member (id), 
    FOREIGN KEY(parent_id) REFERENCES team (id)
);

INSERT INTO alembic_version (version_num) VALUES ('0123456789ab') RETURNING alembic_version.version_num;

COMMIT;

