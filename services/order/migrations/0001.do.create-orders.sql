CREATE TABLE orders (
  position bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  id text PRIMARY KEY,
  idempotency_key text UNIQUE,
  product_id text NOT NULL,
  product_name text NOT NULL,
  quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
  unit_price_cents bigint NOT NULL CHECK (unit_price_cents >= 0),
  status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'CREATED', 'REJECTED')),
  -- units that were left when the order was rejected
  current_stock bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- how often somebody set out to reserve, and when last: recovery takes an order that nobody works on any more
  attempts integer NOT NULL DEFAULT 1,
  attempted_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX orders_pending ON orders (attempted_at) WHERE status = 'PENDING';
