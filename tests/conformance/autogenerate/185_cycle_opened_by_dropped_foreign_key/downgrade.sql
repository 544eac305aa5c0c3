BEGIN;

-- Running downgrade 0123456789ab -> 

ALTER TABLE department ADD CONSTRAINT department_head_id_fkey FOREIGN KEY(head_id) REFERENCES employee (id);

DELETE FROM alembic_version WHERE alembic_version.version_num = '0123456789ab';

COMMIT;

