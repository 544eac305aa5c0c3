BEGIN;

-- Running downgrade 0123456789ab -> 

DROP TABLE leaf;

DROP TABLE node;

DELETE FROM alembic_version WHERE alembic_version.version_num = '0123456789ab';

COMMIT;

