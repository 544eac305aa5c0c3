BEGIN;

-- Running downgrade 0123456789ab -> 

DROP TABLE employee;

DELETE FROM alembic_version WHERE alembic_version.version_num = '0123456789ab';

COMMIT;

