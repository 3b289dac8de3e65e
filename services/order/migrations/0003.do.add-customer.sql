-- Whose order it is: `sub` of the token with which it was placed; null where nobody had signed in.
ALTER TABLE orders ADD COLUMN customer text;

CREATE INDEX orders_of_customer ON orders (customer, position) WHERE customer IS NOT NULL;
