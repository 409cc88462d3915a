/** Views and triggers that name what is not there: SQLite makes them, and limbeck says so. */
import assert from 'node:assert/strict'
import { onConnection } from '../support/on-connection.ts'
import { onSqlite } from '../support/project.ts'

const TABLE = `upgrade:
  - create_table:
      name: t
      columns: [{ name: id, type: integer, primary_key: true }, { name: title, type: text }]
  - create_view: { name: shown, query: SELECT id FROM t }
`
const trigger = (rest: string, on = 't', timing = 'after') =>
  `  - create_trigger: { name: g, table: ${on}, timing: ${timing}, ${rest} }\n`

/** What is made, what is said of it, and at which operation of the revision. */
const wrong: Readonly<Record<string, readonly [operation: string, told: RegExp]>> = {
  'a view of a misspelt column': [
    '  - create_view: { name: v, query: SELECT titel FROM t }\n',
    /r2\.yaml:5:5: .*no such column: titel[\s\S]*in "create view v"[\s\S]*did you mean "title"\?/,
  ],
  'a view of a misspelt column by its alias': [
    '  - create_view: { name: v, query: SELECT x.titel FROM t x }\n',
    /no such column: x\.titel[\s\S]*did you mean "title"\?/,
  ],
  'a view of a name that two tables have': [
    '  - create_view: { name: v, query: SELECT id FROM t a JOIN t b ON a.id = b.id }\n',
    /ambiguous column name: id/,
  ],
  'a view made by SQL': [
    '  - execute: { sql: "CREATE VIEW IF NOT EXISTS main.v AS SELECT titel FROM t" }\n',
    /r2\.yaml:5:5: .*no such column: titel/,
  ],
  'a trigger at INSERT': [
    trigger('events: [insert], body: UPDATE t SET titel = 1 WHERE id = NEW.id'),
    /no such column: titel[\s\S]*in "create trigger g on t"[\s\S]*did you mean "title"\?/,
  ],
  'a trigger at UPDATE OF': [
    trigger('events: [{ update_of: [title] }], body: SELECT NEW.titel'),
    /no such column: NEW\.titel/,
  ],
  'a trigger at DELETE': [
    trigger('events: [delete], when: OLD.titel > 1, body: SELECT 1'),
    /no such column: OLD\.titel/,
  ],
  'a trigger of a view': [
    trigger('events: [insert], body: INSERT INTO t (titel) VALUES (1)', 'shown', 'instead_of'),
    /table t has no column named titel/,
  ],
}

for (const header of ['', 'transaction: none\n']) {
  for (const [what, [operation, told]] of Object.entries(wrong)) {
    Deno.test(`${what} is told${header && ', without a transaction, too'}`, () =>
      onSqlite({
        r1: `${TABLE}downgrade: { irreversible: no }\n`,
        r2: `${header || '#\n'}upgrade:\n${operation}downgrade: { irreversible: no }\n`,
      }, async ({ run, sql }) => {
        const { code, stderr } = await run('upgrade', 'head')
        assert.equal(code, 1, stderr)
        assert.match(stderr, told)
        const names = "SELECT name FROM sqlite_schema WHERE name IN ('v', 'g')"
        assert.deepEqual(await sql(names), [])
        assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r1'])
      }))
  }
}

const right: Readonly<Record<string, string>> = {
  'functions of a program': '  - create_view: { name: v, query: SELECT its_own(id) FROM t }\n',
  'tables that come later': '  - create_view: { name: v, query: SELECT a FROM later }\n',
  'what other builds of SQLite take for a string':
    '  - create_view: { name: v, query: \'SELECT "x" FROM t\' }\n',
  'its own table': trigger('events: [update], body: UPDATE t SET title = NEW.title WHERE id = OLD.id'),
}

for (const [what, operation] of Object.entries(right)) {
  Deno.test(`views and triggers may name ${what}`, () =>
    onSqlite({ r1: TABLE, r2: `upgrade:\n${operation}` }, async ({ done }) => {
      await done('upgrade', 'head')
    }))
}

Deno.test('what looks at a trigger leaves nothing open, which would keep SQLite from committing', () =>
  onSqlite({}, async ({ url, sql }) => {
    await sql('CREATE TABLE t (a)')
    await onConnection(`${url}?timeout=1`, async (connection) => {
      for (const event of ['INSERT', 'UPDATE', 'DELETE']) {
        await connection.run([`CREATE TRIGGER at_${event} AFTER ${event} ON t BEGIN SELECT 1; END`])
      }
    })
  }))

Deno.test('a rebuild brings back a trigger that was wrong before', () =>
  onSqlite({
    r1: TABLE,
    r2: `upgrade: [{ alter_column: { table: t, column: title, nullable: false } }]\n`,
  }, async ({ done, sql }) => {
    await done('upgrade', 'r1')
    await sql('CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT titel FROM t; END')
    await done('upgrade', 'head')
    assert.deepEqual(await sql("SELECT name FROM sqlite_schema WHERE type = 'trigger'"), ['g'])
  }))
