INSERT INTO target (a, n, f) SELECT source.a, NULL AS anon_1, now() AS now_1 
FROM source;

INSERT INTO target (a, n, f) SELECT source.a, 'q' AS anon_1, now() AS now_1 
FROM source;

INSERT INTO target (a) SELECT source.a 
FROM source;
