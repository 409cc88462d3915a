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
