-- 0002 was the demo's rows. A PostgreSQL with wal_level minimal that crashed after it hands out their positions again.
LOCK TABLE products IN SHARE MODE;
SELECT setval(pg_get_serial_sequence('products', 'position'), coalesce(max(position), 0) + 1, false) FROM products;
