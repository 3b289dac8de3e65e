-- A released reservation stays as a tombstone, so that a late or repeated request cannot take the stock again;
-- one that was released before it was ever made has no product.
CREATE TABLE reservations (
  order_id text PRIMARY KEY,
  product_id text REFERENCES stock,
  quantity bigint CHECK (quantity > 0),
  state text NOT NULL CHECK (state IN ('RESERVED', 'RELEASED')),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (state = 'RELEASED' OR (product_id IS NOT NULL AND quantity IS NOT NULL))
);
