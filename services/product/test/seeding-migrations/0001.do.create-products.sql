CREATE TABLE products (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  price_cents bigint NOT NULL CHECK (price_cents BETWEEN 0 AND 100000000)
);
