-- The trace in which the order was placed, as W3C traceparent, so that a recovery can link to it.
ALTER TABLE orders ADD COLUMN traceparent text;
