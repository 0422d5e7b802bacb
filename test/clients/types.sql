-- What each client makes of a server type: its own name of the type, and the type
-- of the value in its language.  doc/bi.md has the same table for people.
CREATE TABLE expected (client text, server_type text, client_type text, value_type text);
INSERT INTO expected VALUES
('jdbc', 'bigint', 'int8', 'java.lang.Long'),
-- a column of a table whose default is the next number of a sequence
('jdbc', 'bigint', 'bigserial', 'java.lang.Long'),
('jdbc', 'integer', 'int4', 'java.lang.Integer'),
('jdbc', 'double precision', 'float8', 'java.lang.Double'),
('jdbc', 'text', 'text', 'java.lang.String'),
('jdbc', 'boolean', 'bool', 'java.lang.Boolean'),
('jdbc', 'timestamp with time zone', 'timestamptz', 'java.sql.Timestamp'),
('jdbc', 'jsonb', 'jsonb', 'org.postgresql.util.PGobject'),
('jdbc', 'regrole', 'regrole', 'org.postgresql.util.PGobject'),
('jdbc', 'text[]', '_text', 'org.postgresql.jdbc.PgArray'),
('jdbc', 'integer[]', '_int4', 'org.postgresql.jdbc.PgArray'),
('jdbc', 'double precision[]', '_float8', 'org.postgresql.jdbc.PgArray'),
('jdbc', 'timestamp with time zone[]', '_timestamptz', 'org.postgresql.jdbc.PgArray'),
('psycopg', 'bigint', 'int8', 'int'),
('psycopg', 'integer', 'int4', 'int'),
('psycopg', 'double precision', 'float8', 'float'),
('psycopg', 'text', 'text', 'str'),
('psycopg', 'boolean', 'bool', 'bool'),
('psycopg', 'timestamp with time zone', 'timestamptz', 'datetime'),
('psycopg', 'jsonb', 'jsonb', 'dict'),
('psycopg', 'jsonb', 'jsonb', 'list'),
('psycopg', 'regrole', 'regrole', 'str'),
('psycopg', 'text[]', 'text[]', 'list'),
('psycopg', 'integer[]', 'int4[]', 'list'),
('psycopg', 'double precision[]', 'float8[]', 'list'),
('psycopg', 'timestamp with time zone[]', 'timestamptz[]', 'list'),
-- node-postgres hands bigint over as a string, because a number of JavaScript is
-- exact up to 2^53 only
('node', 'bigint', 'int8', 'string'),
('node', 'integer', 'int4', 'number'),
('node', 'double precision', 'float8', 'number'),
('node', 'text', 'text', 'string'),
('node', 'boolean', 'bool', 'boolean'),
('node', 'timestamp with time zone', 'timestamptz', 'Date'),
('node', 'jsonb', 'jsonb', 'Object'),
('node', 'jsonb', 'jsonb', 'Array'),
('node', 'regrole', 'regrole', 'string'),
('node', 'text[]', '_text', 'Array'),
('node', 'integer[]', '_int4', 'Array'),
('node', 'double precision[]', '_float8', 'Array'),
('node', 'timestamp with time zone[]', '_timestamptz', 'Array'),
-- psqlODBC gives booleans as text '1' and '0' (BoolsAsChar=0 makes them bits), and
-- what it does not know as text
('odbc', 'bigint', 'int', 'int'),
('odbc', 'integer', 'int', 'int'),
('odbc', 'double precision', 'float', 'float'),
('odbc', 'text', 'str', 'str'),
('odbc', 'boolean', 'str', 'str'),
('odbc', 'timestamp with time zone', 'datetime', 'datetime'),
('odbc', 'jsonb', 'str', 'str'),
('odbc', 'regrole', 'str', 'str'),
('odbc', 'text[]', 'str', 'str'),
('odbc', 'integer[]', 'str', 'str'),
('odbc', 'double precision[]', 'str', 'str'),
('odbc', 'timestamp with time zone[]', 'str', 'str');
-- the same with the line of doc/bi.md in which bigint becomes a number
INSERT INTO expected SELECT 'node numbers', server_type, client_type, CASE server_type WHEN 'bigint' THEN 'number' ELSE value_type END
FROM expected WHERE client = 'node';
INSERT INTO expected SELECT 'odbc bits', server_type, CASE server_type WHEN 'boolean' THEN 'bool' ELSE client_type END, CASE server_type WHEN 'boolean' THEN 'bool' ELSE value_type END
FROM expected WHERE client = 'odbc';
