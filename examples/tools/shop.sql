-- A sample database for examples/tools: a shop, and a login that may only read it.
CREATE TABLE orders (id int PRIMARY KEY, customer text NOT NULL, amount numeric NOT NULL, ordered_on date NOT NULL);
INSERT INTO orders VALUES
  (1, 'Ada', 120.50, '2026-01-05'), (2, 'Grace', 80, '2026-01-07'), (3, 'Ada', 99.50, '2026-02-11'), (4, 'Alan', 300, '2026-02-12');
GRANT SELECT ON orders TO PUBLIC;
