SELECT 'SELECT_t.n_|FROM_t_|WHERE_t.id_=_5';

SELECT 'SELECT_DISTINCT_t.id,_t.n,_t."Mixed"_|FROM_t_|WHERE_(t.n_=_''a''_OR_t.n_IS_NULL)_AND_t.id_>_3';

SELECT 'SELECT_t.n,_count(*)_AS_count_1_|FROM_t_JOIN_s.u_ON_s.u.t_id_=_t.id_GROUP_BY_t.n_|HAVING_count(*)_>_1_ORDER_BY_t.n_DESC_|_LIMIT_3_OFFSET_2';

SELECT 'SELECT_t.id_|FROM_t|_LIMIT_ALL_OFFSET_4';

SELECT 'SELECT_t.id_|FROM_t_|_LIMIT_4_FOR_UPDATE';

SELECT 'SELECT_t.id_|FROM_t_ORDER_BY_t.id|_OFFSET_(2)_ROWS|_FETCH_FIRST_(5)_ROWS_ONLY';

SELECT 'SELECT_t.id_|FROM_t_UNION_SELECT_s.u.id_|FROM_s.u_ORDER_BY_id_|_LIMIT_1';

SELECT 'SELECT_t.id_|FROM_t_UNION_ALL_(SELECT_s.u.id_|FROM_s.u_|_LIMIT_2)';

SELECT 'SELECT_sub.top_|FROM_(SELECT_t.id_AS_id,_max(t.n)_AS_top_|FROM_t_GROUP_BY_t.id)_AS_sub_|WHERE_sub.id_IN_(1,_2)';

SELECT 'WITH_c_AS_|(SELECT_t.id_AS_id_|FROM_t_|WHERE_t.n_=_''x''),_|d_AS_|(SELECT_s.u.id_AS_id_|FROM_s.u)|_SELECT_c.id_|FROM_c_JOIN_d_ON_c.id_=_d.id';

SELECT 'SELECT_t.id_|FROM_t_|WHERE_EXISTS_(SELECT_*_|FROM_s.u_|WHERE_s.u.t_id_=_t.id)';

SELECT 'SELECT_t.id_|FROM_t_|WHERE_t.id_IN_(SELECT_s.u.t_id_|FROM_s.u)';

SELECT 'SELECT_t.id,_(SELECT_max(s.u.id)_AS_max_1_|FROM_s.u_|WHERE_s.u.t_id_=_t.id)_AS_m_|FROM_t';

SELECT 'INSERT_INTO_t_(id,_n)_VALUES_(1,_''x'')';

SELECT 'INSERT_INTO_t_(n)_VALUES_(''x'')_RETURNING_t.id';

SELECT 'INSERT_INTO_t_(id,_n)_VALUES_(1,_''x''),_(2,_''y'')';

SELECT 'INSERT_INTO_t_(id)_SELECT_s.u.id_|FROM_s.u_|WHERE_s.u.id_=_1';

SELECT 'INSERT_INTO_t_(id,_n)_VALUES_(1,_''x'')_ON_CONFLICT_(id)_DO_UPDATE_SET_n_=_''y''_WHERE_t.id_>_3';

SELECT 'UPDATE_t_SET_n=''y''_WHERE_t.id_=_1';

SELECT 'UPDATE_t_SET_n=s.u.q_FROM_s.u_WHERE_t.id_=_s.u.t_id';

SELECT 'DELETE_FROM_t_USING_s.u_WHERE_t.id_=_2_AND_t.id_=_s.u.t_id_RETURNING_t.id';

SELECT '_SELECT_1|__FROM_t_WHERE_a_=_''it''''s''_';

SELECT 't.id_=_1_AND_t.n_LIKE_''x_''';

SELECT 'coalesce(t.n,_''x'')';

SELECT 'SELECT_v.a_|FROM_(VALUES_(1),_(2))_AS_v_(a)';

SELECT 'SELECT_CASE_WHEN_(t.id_=_1)_THEN_''a''_ELSE_''b''_END_AS_anon_1,_CAST(t.id_AS_BIGINT)_AS_id_|FROM_t';

SELECT 'SELECT_t."Mixed"_|FROM_tSELECT_t."Mixed"_|FROM_t';

SELECT 'SELECT_t.n_|FROM_t_|WHERE_t.id_=_5';

SELECT 'SELECT_a_t.id_=_s.u.id_a_b';
