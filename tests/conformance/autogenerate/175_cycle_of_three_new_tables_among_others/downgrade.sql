BEGIN;

-- Running downgrade 0123456789ab -> 

DROP TABLE area;

DROP TABLE address;

DROP TABLE zone;

DROP TABLE tender;

DROP INDEX ix_quote_order_id;

DROP TABLE quote;

DROP TABLE "order";

DELETE FROM alembic_version WHERE alembic_version.version_num = '0123456789ab';

COMMIT;

