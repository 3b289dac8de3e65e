-- 0003 was the demo's rows. A PostgreSQL with wal_level minimal that crashed after it hands out their positions again.
LOCK TABLE stock IN SHARE MODE;
SELECT setval(pg_get_serial_sequence('stock', 'position'), coalesce(max(position), 0) + 1, false) FROM stock;
