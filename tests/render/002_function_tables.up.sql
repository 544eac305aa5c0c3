SELECT "user".id, t_1.elem, t_1.ord 
FROM "user" JOIN LATERAL jsonb_array_elements_text("user".p) WITH ORDINALITY AS t_1(elem, ord) ON true;

SELECT "user".id, q_1.elem 
FROM "user" JOIN LATERAL jsonb_array_elements_text("user".p) AS q_1 ON true;

SELECT "user".id, zz.elem 
FROM "user" JOIN LATERAL jsonb_array_elements_text("user".p) AS zz(elem) ON true;
