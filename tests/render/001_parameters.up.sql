UPDATE person SET id = NULL WHERE kind = NULL;

SELECT NULL;

SELECT 1;

SELECT CAST(NULL AS jsonb), NULL::int;

DELETE FROM person WHERE id IN (NULL);

UPDATE person SET id=NULL WHERE person.id = NULL;

SELECT person.id 
FROM person 
WHERE person.id IN (NULL);

SELECT 1;
