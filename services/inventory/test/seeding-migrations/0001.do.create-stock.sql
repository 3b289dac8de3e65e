-- supplied - sum of what is reserved = quantity, for each product: a person's change of the quantity moves both.
CREATE TABLE stock (
  position bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  product_id text PRIMARY KEY,
  quantity bigint NOT NULL CHECK (quantity >= 0),
  supplied bigint NOT NULL
) WITH (fillfactor = 50);
