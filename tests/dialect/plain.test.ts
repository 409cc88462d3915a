import assert from 'node:assert/strict'
import { isPlain } from '../../src/dialect/plain.ts'

const PLAIN = [
  "CREATE TABLE t (id integer[] NOT NULL, \"or;der\" varchar(3) DEFAULT 'it''s; -- no')",
  'ALTER TABLE t ADD COLUMN ended_at timestamp, ADD COLUMN x int DEFAULT (1 - 2 / 3)',
  'UPDATE t SET a = \'commit\' WHERE "end" = 2',
]
const HARD = [
  'SELECT 1; SELECT 2',
  "SELECT 'open",
  'SELECT "open',
  'SELECT 1 -- the rest',
  'SELECT 1 /* the rest',
  'SELECT $$ a $$',
  "SELECT E'\\' OR 1'",
  'SELECT `a`',
  'SELECT [a]',
  'COMMIT',
  'START TRANSACTION',
  'COPY t FROM STDIN',
  'SET TRANSACTION READ ONLY',
  'CREATE TABLE t (a int',
  'SELECT 1), (2',
  'SELECT 1\0',
  'SELECT CASE WHEN true THEN 1 END',
]

for (const text of PLAIN) Deno.test(`plain: ${text}`, () => assert.equal(isPlain(text), true))
for (const text of HARD) Deno.test(`not plain: ${text}`, () => assert.equal(isPlain(text), false))
