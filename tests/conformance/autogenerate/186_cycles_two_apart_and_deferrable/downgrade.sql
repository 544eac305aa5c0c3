BEGIN;

-- Running downgrade 0123456789ab -> 

DROP TABLE south_of;

DROP TABLE "between";

DROP TABLE west;

DROP TABLE south;

DROP TABLE north;

DROP TABLE east;

DELETE FROM alembic_version WHERE alembic_version.version_num = '0123456789ab';

COMMIT;

