INSERT INTO stock (product_id, quantity, supplied)
SELECT id, quantity, quantity
FROM (VALUES ('product1', 100), ('product2', 50), ('product3', 75)) AS seed (id, quantity)
WHERE NOT EXISTS (SELECT FROM stock);
