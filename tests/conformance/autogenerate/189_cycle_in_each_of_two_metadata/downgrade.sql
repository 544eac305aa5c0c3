BEGIN;

-- Running downgrade 0123456789ab -> 

DROP TABLE shelf;

DROP TABLE item;

DROP TABLE offer;

DROP TABLE client;

DELETE FROM alembic_version WHERE alembic_version.version_num = '0123456789ab';

COMMIT;

