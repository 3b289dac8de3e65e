import type pg from 'pg'

/**
 * One transaction, as the statements of one query are. The lock lets reservations under way end and the others wait, so that none
 * is missed. Of a product that was oversold nothing is left, and as much counts as supplied as was sold: stock is never negative.
 */
const mend = `
  LOCK TABLE stock IN SHARE ROW EXCLUSIVE MODE;
  UPDATE stock SET quantity = greatest(stock.supplied - fit.reserved, 0), supplied = greatest(stock.supplied, fit.reserved)
  FROM (
    SELECT product_id, coalesce(sum(reservations.quantity) FILTER (WHERE state = 'RESERVED'), 0) AS reserved
    FROM stock LEFT JOIN reservations USING (product_id) GROUP BY product_id
  ) AS fit
  WHERE fit.product_id = stock.product_id AND stock.supplied - fit.reserved <> stock.quantity`

/**
 * Makes the stock fit the reservations, as the runbook of ShopStockInvariantViolated does.
 *
 * @returns how many products did not
 */
export async function mendStock(database: pg.Pool): Promise<number> {
  const answers = (await database.query(mend)) as unknown as pg.QueryResult[]
  return answers.at(-1)!.rowCount!
}
