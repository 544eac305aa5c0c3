-- What a database holds, as text that two databases with the same content give alike.
SELECT 'column', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace IN ('public'::regnamespace, 'audit'::regnamespace) AND c.relkind IN ('r', 'v', 'p', 'm')
ORDER BY c.oid::regclass::text COLLATE "C", a.attnum;
SELECT 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace IN ('public'::regnamespace, 'audit'::regnamespace)
ORDER BY conrelid::regclass::text COLLATE "C", conname COLLATE "C";
SELECT 'index', indexdef FROM pg_indexes WHERE schemaname IN ('public', 'audit')
ORDER BY indexname COLLATE "C";
SELECT 'enum', enumtypid::regtype, enumlabel FROM pg_enum ORDER BY enumtypid::regtype::text COLLATE "C", enumsortorder;
SELECT 'table', oid::regclass, obj_description(oid) FROM pg_class WHERE relkind = 'r'
AND relnamespace IN ('public'::regnamespace, 'audit'::regnamespace) ORDER BY oid::regclass::text COLLATE "C";
SELECT 'sequence', sequencename, last_value FROM pg_sequences ORDER BY 2;
SELECT format('SELECT %L, t::text FROM %s t ORDER BY t::text COLLATE "C"', 'row of ' || oid::regclass, oid::regclass)
FROM pg_class WHERE relkind = 'r'
AND relnamespace IN ('public'::regnamespace, 'audit'::regnamespace) ORDER BY oid::regclass::text COLLATE "C" \gexec
