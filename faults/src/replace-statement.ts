import type pg from 'pg'

/** What a repository takes of the answer to a statement. */
export type Answer = Pick<pg.QueryResult, 'rows' | 'rowCount'>

/**
 * Puts something in the place of one statement of a service, which goes on as if it were that.
 *
 * @param name of the prepared statement
 * @param instead gets the values of the statement's parameters, and what runs the statement itself, with these or other values
 */
export function replaceStatement(
  database: pg.Pool,
  name: string,
  instead: (values: unknown[], run: (values: unknown[]) => Promise<Answer>) => Promise<Answer>,
) {
  const query = database.query.bind(database) as (statement: pg.QueryConfig, ...others: unknown[]) => Promise<Answer>
  const replaced = (statement: pg.QueryConfig, ...others: unknown[]) =>
    statement.name === name
      ? instead(statement.values ?? [], (values) => query({ ...statement, values }))
      : query(statement, ...others)
  database.query = replaced as typeof database.query
}
