/** What goes with a view and no operation says is told of before anything runs. */
import assert from 'node:assert/strict'
import { onPostgres } from '../support/project.ts'

const VIEWS = `upgrade:
  - create_table: { name: t, columns: [{ name: a, type: integer }, { name: b, type: integer }] }
  - create_view: { name: v, query: "SELECT a, b FROM t" }
  - create_view: { name: w, query: "SELECT a FROM v" }
`
const AROUND = [
  'CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTHING',
  'ALTER VIEW w ALTER COLUMN a SET DEFAULT 7',
]

for (
  const operation of [
    'drop_column: { table: t, column: b, cascade: true }',
    'drop_view: { name: v, cascade: true }',
  ]
) {
  Deno.test(`a rule and a default of views that go are told of: ${operation}`, () =>
    onPostgres({ r1: VIEWS, r2: `upgrade: [{ ${operation} }]\n` }, async ({ run, done, sql }) => {
      await done('upgrade', 'r1')
      await sql(...AROUND)
      const { code, stderr } = await run('upgrade', 'head')
      assert.equal(code, 0, stderr)
      assert.match(
        stderr,
        /warning\[not-brought-back\]: "drop .*" takes away with its view: .*default of view column "w\.a"/,
      )
      assert.match(stderr, /rule "r on v"/)
      assert.ok(stderr.indexOf('not-brought-back') < stderr.indexOf('Running upgrade'), stderr)
    }))
}

Deno.test('nothing is told of a view that stays, nor of one that has nothing more', () =>
  onPostgres({
    r1: VIEWS,
    r2: 'upgrade: [{ drop_view: { name: w } }, { drop_table: { name: t, cascade: true } }]\n',
    r3: 'upgrade: [{ create_view: { name: w, query: "SELECT 1 AS a" } }]\n',
  }, async ({ run, done, sql }) => {
    await done('upgrade', 'r1')
    assert.doesNotMatch((await run('upgrade', 'head')).stderr, /not-brought-back/)
    await sql('ALTER VIEW w ALTER COLUMN a SET DEFAULT 7')
    assert.doesNotMatch((await run('upgrade', 'head')).stderr, /not-brought-back/)
  }))

Deno.test('what goes with a function, and is no trigger, nothing brings back: no downgrade is derived', () =>
  onPostgres({
    r1: `upgrade:
  - create_function: { name: f, arguments: [integer], returns: integer, language: sql, volatility: immutable, body: SELECT $1 }
  - create_table:
      name: t
      columns: [{ name: a, type: integer }, { name: b, type: integer, generated: { sql: f(a) } }]
`,
    r2: 'upgrade: [{ drop_function: { name: f, cascade: true } }]\n',
  }, async ({ run, done, sql }) => {
    await done('upgrade', 'r1')
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 2, stderr)
    assert.match(stderr, /error\[irreversible\]: .* what calls it goes with it: column "t\.b"/)
    assert.deepEqual(await sql("SELECT count(*) FROM pg_proc WHERE proname = 'f'"), ['1'])
  }))
