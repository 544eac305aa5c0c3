BEGIN;

-- Running downgrade 0123456789ab -> 

DROP TABLE billing.invoice;

DROP TABLE account;

DELETE FROM alembic_version WHERE alembic_version.version_num = '0123456789ab';

COMMIT;

