BEGIN;

-- Running downgrade 0123456789ab -> 

CREATE TABLE node (
    id SERIAL NOT NULL, 
    parent_id INTEGER, 
    CONSTRAINT node_pkey PRIMARY KEY (id), 
    CONSTRAINT node_parent_id_fkey FOREIGN KEY(parent_id) REFERENCES node (id)
);

DELETE FROM alembic_version WHERE alembic_version.version_num = '0123456789ab';

COMMIT;

