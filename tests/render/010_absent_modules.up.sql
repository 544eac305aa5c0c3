ALTER TABLE t ADD COLUMN a TEXT;

ALTER TABLE t ADD COLUMN b INTEGER;

SELECT False, 'No module named no_such_package_either';

SELECT False, 5;
