/** Sequences of columns on PostgreSQL: numbers that rows have are not given again. */
import assert from 'node:assert/strict'
import { onPostgres } from '../support/project.ts'

const TABLE = `upgrade:
  - create_table:
      name: t
      columns:
        - { name: id, type: integer, primary_key: true, identity: { generated: by_default, start: 100, increment: 5 } }
        - { name: x, type: integer }
`

for (const [rows, next] of [['(1), (2), (3)', '115'], ['(1)', '105']] as const) {
  Deno.test(`an identity that comes back goes on in its steps after ${rows}`, () =>
    onPostgres({
      r1: TABLE,
      r2: 'upgrade: [{ alter_column: { table: t, column: id, identity: null } }]\n',
    }, async ({ done, sql }) => {
      await done('upgrade', 'r1')
      await sql(`INSERT INTO t (x) VALUES ${rows}`)
      await done('upgrade', 'head')
      await done('downgrade', '-1')
      assert.deepEqual(await sql('INSERT INTO t (x) VALUES (9) RETURNING id'), [next])
    }))
}

Deno.test('an identity with a start of its own begins there where no row is that far', () =>
  onPostgres({
    r1:
      'upgrade: [{ create_table: { name: t, columns: [{ name: id, type: bigint, primary_key: true }] } }]\n',
    r2:
      'upgrade: [{ alter_column: { table: t, column: id, identity: { generated: by_default, start: 1000 } } }]\n',
  }, async ({ done, sql }) => {
    await done('upgrade', 'r1')
    await sql('INSERT INTO t VALUES (7)')
    await done('upgrade', 'head')
    assert.deepEqual(await sql('INSERT INTO t DEFAULT VALUES RETURNING id'), ['1000'])
    await done('downgrade', '-1')
    await done('upgrade', 'head')
    assert.deepEqual(await sql('INSERT INTO t DEFAULT VALUES RETURNING id'), ['1001'])
  }))

const SERIAL = `upgrade:
  - create_table:
      name: a$$b
      columns: [{ name: id, type: serial, primary_key: true }, { name: x, type: integer }]
`
const TO_IDENTITY = "upgrade: [{ alter_column: { table: 'a$$b', column: id, identity: always } }]\n"

Deno.test('serial to identity and back: numbers of deleted rows are not given again, grants and owner stay', () =>
  onPostgres({ r1: SERIAL, r2: TO_IDENTITY }, async ({ done, sql }) => {
    const role = `limbeck_owner_${Date.now()}`
    await done('upgrade', 'r1')
    await sql(
      `CREATE ROLE ${role}`,
      `GRANT CREATE ON SCHEMA public TO ${role}`,
      `ALTER TABLE "a$$b" OWNER TO ${role}`,
      'GRANT USAGE ON SEQUENCE "a$$b_id_seq" TO public',
      'INSERT INTO "a$$b" (x) VALUES (1), (2), (3)',
      'DELETE FROM "a$$b" WHERE id > 1',
    )
    const next = 'INSERT INTO "a$$b" (x) VALUES (9) RETURNING id'
    const sequence = `SELECT pg_get_userbyid(relowner) = '${role}',
      has_sequence_privilege('pg_monitor', oid, 'usage') FROM pg_class WHERE relname = 'a$$b_id_seq'`
    try {
      await done('upgrade', 'head')
      assert.deepEqual(await sql(next), ['4'])
      assert.deepEqual(await sql(sequence), ['true true'])
      await sql('DELETE FROM "a$$b" WHERE id > 1')
      await done('downgrade', '-1')
      assert.deepEqual(await sql(next), ['5'])
      assert.deepEqual(await sql(sequence), ['true true'])
    } finally {
      await sql(`DROP OWNED BY ${role} CASCADE`, `DROP ROLE ${role}`)
    }
  }))

Deno.test('an identity beside a sequence that the column owns has its own counter, which goes on from there', () =>
  onPostgres({
    r1: `upgrade:
  - create_table: { name: t, columns: [{ name: id, type: integer, nullable: false }, { name: x, type: integer }] }
  - create_sequence: { name: own, start: 1000, owned_by: { table: t, column: id } }
  - alter_column: { table: t, column: id, default: { sql: "nextval('own')" } }
`,
    r2: 'upgrade: [{ alter_column: { table: t, column: id, default: null, identity: always } }]\n',
  }, async ({ done, sql }) => {
    await done('upgrade', 'r1')
    await sql('INSERT INTO t (x) VALUES (1), (2)', 'DELETE FROM t WHERE id > 1000')
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT last_value FROM own'), ['1001'])
    assert.deepEqual(await sql('INSERT INTO t (x) VALUES (9) RETURNING id'), ['1002'])
  }))

const ENDS = [
  'alter_column: { table: t, column: a, identity: null }',
  'alter_column: { table: t, column: b, type: integer, default: null }',
  'drop_column: { table: t, column: a }',
  'drop_column: { table: t, column: b }',
  'drop_column: { table: t, column: c }',
  'drop_table: { name: t }',
]

for (const operation of ENDS) {
  Deno.test(`what is granted on a sequence that goes comes back with it: ${operation}`, () =>
    onPostgres({
      r1: `upgrade:
  - create_table:
      name: t
      columns:
        - { name: a, type: integer, nullable: false, identity: always }
        - { name: b, type: serial }
        - { name: c, type: integer }
  - create_sequence: { name: own, owned_by: { table: t, column: c } }
  - alter_column: { table: t, column: c, default: { sql: "nextval('own')" } }
  - grant: { privileges: [usage], object: sequence, name: t_a_seq, to: [public] }
  - grant: { privileges: [usage], object: sequence, name: t_b_seq, to: [public] }
  - grant: { privileges: [usage], object: sequence, name: own, to: [public] }
`,
      r2: `upgrade: [{ ${operation} }]\n`,
    }, async ({ done, sql }) => {
      const granted =
        `SELECT relname FROM pg_class, aclexplode(relacl) WHERE relkind = 'S' AND grantee = 0 ORDER BY 1`
      await done('upgrade', 'head')
      assert.ok((await sql(granted)).length < 3)
      await done('downgrade', '-1')
      assert.deepEqual(await sql(granted), ['own', 't_a_seq', 't_b_seq'])
      assert.deepEqual(await sql("SELECT pg_get_serial_sequence('t', 'c')"), ['public.own'])
    }))
}
