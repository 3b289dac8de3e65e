INSERT INTO products (id, name, price_cents)
SELECT * FROM (VALUES
  ('product1', 'Product 1', 1099),
  ('product2', 'Product 2', 2999),
  ('product3', 'Product 3', 549)
) AS seed
WHERE NOT EXISTS (SELECT FROM products);
