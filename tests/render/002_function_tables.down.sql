SELECT "user".id, anon_1.elem 
FROM "user" JOIN LATERAL jsonb_array_elements_text("user".p) AS anon_1 ON true;

SELECT "user".id, k.elem 
FROM "user" JOIN LATERAL jsonb_array_elements_text("user".p) AS k(elem) ON true;

SELECT q_1.elem 
FROM jsonb_array_elements_text("user".p) AS q_1;

SELECT "user".id, u_1.p 
FROM "user", LATERAL "user" AS u_1;
