import type pg from 'pg'

/**
 * The plan of each statement that a pool's one connection has prepared, by name. It is of the tables as they are now, and the same for
 * all parameters, as with `plan_cache_mode=force_generic_plan`.
 */
export async function preparedPlans(pool: pg.Pool): Promise<Map<string, string>> {
  const { rows: prepared } = await pool.query<{ name: string; statement: string }>(
    'SELECT name, statement FROM pg_prepared_statements ORDER BY name',
  )
  const plans = new Map<string, string>()
  for (const { name, statement } of prepared) {
    const { rows } = await pool.query<Record<'QUERY PLAN', string>>(`EXPLAIN (GENERIC_PLAN) ${statement}`)
    plans.set(name, rows.map((row) => row['QUERY PLAN']).join('\n'))
  }
  return plans
}
