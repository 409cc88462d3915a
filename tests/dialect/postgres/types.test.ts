import assert from 'node:assert/strict'
import { parseType, sameType } from '../../../src/dialect/postgres/types.ts'
import { spelling } from '../../../src/dialect/postgres/spelling.ts'
import { EMPTY } from '../../../src/model/model.ts'
import type { DataType } from '../../../src/model/model.ts'
import { withPostgres } from '../../support/postgres.ts'
import { withConnection } from '../../support/postgres-connection.ts'

/** The portable types as SQLAlchemy spells them. */
const SPELLED: readonly (readonly [type: DataType, text: string])[] = [
  ...([
    'smallint',
    'integer',
    'bigint',
    'real',
    'boolean',
    'date',
    'text',
    'bytea',
    'json',
    'jsonb',
    'uuid',
  ] as const)
    .map((kind) => [{ kind }, kind.toUpperCase()] as const),
  [{ kind: 'double' }, 'DOUBLE PRECISION'],
  [{ kind: 'varchar' }, 'VARCHAR'],
  [{ kind: 'varchar', length: 30 }, 'VARCHAR(30)'],
  [{ kind: 'char', length: 3 }, 'CHAR(3)'],
  [{ kind: 'numeric' }, 'NUMERIC'],
  [{ kind: 'numeric', precision: 10, scale: 2 }, 'NUMERIC(10, 2)'],
  [{ kind: 'time' }, 'TIME WITHOUT TIME ZONE'],
  [{ kind: 'timetz', precision: 2 }, 'TIME(2) WITH TIME ZONE'],
  [{ kind: 'timestamp', precision: 3 }, 'TIMESTAMP(3) WITHOUT TIME ZONE'],
  [{ kind: 'timestamptz' }, 'TIMESTAMP WITH TIME ZONE'],
  [{ kind: 'interval' }, 'INTERVAL'],
  [{ kind: 'interval', precision: 3 }, 'INTERVAL(3)'],
  [{ kind: 'array', of: { kind: 'varchar', length: 5 }, dimensions: 2 }, 'VARCHAR(5)[][]'],
  [{ kind: 'native', postgres: 'int4range' }, 'int4range'],
  [{ kind: 'native', postgres: 'bit varying(8)' }, 'bit varying(8)'],
]

for (const [type, text] of SPELLED) {
  Deno.test(`type ${text}`, () => {
    assert.equal(spelling.type(type, EMPTY), text)
    assert.deepEqual(parseType(text), type)
  })
}

Deno.test('types come back from the server as they were spelled', () =>
  withPostgres((url) =>
    withConnection(url, async (connection) => {
      const columns = SPELLED.map(([, text], i) => `c${i} ${text}`)
      await connection.run([`CREATE TABLE t (${columns.join(', ')})`])
      const rows = await connection.query(
        `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
        WHERE attrelid = 't'::regclass AND attnum > 0 ORDER BY attnum`,
      )
      for (const [i, [type, text]] of SPELLED.entries()) {
        assert(sameType(parseType(String(rows[i]?.['type'])), type), `${text}: ${String(rows[i]?.['type'])}`)
      }
    })
  ))

Deno.test('a type called as every object calls its maker is a type', () =>
  assert.deepEqual(parseType('constructor'), { kind: 'native', postgres: 'constructor' }))

const PAIRS: readonly (readonly [a: DataType, b: DataType, same: boolean])[] = [
  [{ kind: 'char' }, { kind: 'char', length: 1 }, true],
  [{ kind: 'numeric', precision: 5 }, { kind: 'numeric', precision: 5, scale: 0 }, true],
  [{ kind: 'numeric' }, { kind: 'numeric', precision: 5 }, false],
  [{ kind: 'native', postgres: 'INT4' }, { kind: 'integer' }, true],
  [{ kind: 'native', postgres: 'Character  Varying (5)' }, { kind: 'varchar', length: 5 }, true],
  [{ kind: 'native', postgres: 'CITEXT' }, { kind: 'native', postgres: 'citext' }, true],
  [{ kind: 'native', postgres: '"A"' }, { kind: 'native', postgres: 'inet' }, false],
  [{ kind: 'native', postgres: 'mood' }, { kind: 'enum', name: 'mood' }, true],
  [{ kind: 'enum', name: 'mood' }, { kind: 'enum', schema: 'app', name: 'mood' }, false],
  [{ kind: 'array', of: { kind: 'text' }, dimensions: 1 }, {
    kind: 'array',
    of: { kind: 'text' },
    dimensions: 2,
  }, true],
  [{ kind: 'varchar' }, { kind: 'text' }, false],
  [{ kind: 'timestamp' }, { kind: 'timestamptz' }, false],
]

for (const [a, b, same] of PAIRS) {
  Deno.test(`${JSON.stringify(a)} ${same ? 'is' : 'is not'} ${JSON.stringify(b)}`, () => {
    assert.equal(sameType(a, b), same)
    assert.equal(sameType(b, a), same)
  })
}

/** As people may write types: the server has other names for them, arguments that need not be said, and limits. */
const WRITTEN = [
  ...['bit', 'bit(1)', 'bit(3)', 'bit varying', 'varbit', 'varbit(5)', 'bit[]', 'BIT ( 2 ) []'],
  ...[
    'char',
    'character',
    'bpchar',
    'bpchar(2)',
    'nchar(4)',
    'national character',
    'national char(3)',
    '"char"',
  ],
  ...['char varying(7)', 'nchar varying(7)', 'national character varying(7)', 'national char varying'],
  ...['dec', 'dec(5)', 'decimal(5, 2)', 'numeric(5)', 'float', 'float(20)', 'float(40)', 'pg_catalog.int4'],
  ...['integer array', 'integer array[4]', 'int4[]', 'integer[3][3]', 'varchar(3) ARRAY'],
  ...['time(0)', 'time(9)', 'timestamp (9) with time zone', 'timestamp(7)', 'timetz(8)', 'interval(9)'],
  ...['interval day to second', 'interval second(3)', 'interval  year', 'interval(3)'],
  ...['name', 'MONEY', 'bool', 'double   precision', 'int8range', 'timestamp without time zone'],
]

Deno.test('a type is the one that the server makes of it, however it is written', () =>
  withPostgres((url) =>
    withConnection(url, async (connection) => {
      await connection.run([`CREATE TABLE t (${WRITTEN.map((text, i) => `c${i} ${text}`).join(', ')})`])
      const rows = await connection.query(
        `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
        WHERE attrelid = 't'::regclass AND attnum > 0 ORDER BY attnum`,
      )
      const others = WRITTEN.filter((text, i) =>
        !sameType({ kind: 'native', postgres: text }, parseType(String(rows[i]?.['type'])))
      )
      assert.deepEqual(others, [])
    })
  ))
