import assert from 'node:assert/strict'
import { parseTrigger } from '../../src/dialect/trigger-text.ts'

Deno.test('a trigger of SQLite with odd names, comments and a CASE in its body', () => {
  const sql = `create temp_is_no_word trigger x after insert on t begin select 1; end`
  assert.equal(parseTrigger(sql, 'sqlite'), undefined)
  assert.deepEqual(
    parseTrigger(
      `CREATE TRIGGER IF NOT EXISTS [a b] -- why
       UPDATE OF "x y", Z ON \`T\` WHEN new.z > 1 BEGIN
       SELECT CASE WHEN 1 THEN 2 END; DELETE FROM o; END;`,
      'sqlite',
    ),
    {
      name: 'a b',
      table: 'T',
      timing: 'before',
      events: [{ event: 'update', of: ['x y', 'Z'] }],
      when: 'new.z > 1',
      body: 'SELECT CASE WHEN 1 THEN 2 END; DELETE FROM o',
    },
  )
})

Deno.test('a trigger of PostgreSQL with all that it can have', () => {
  assert.deepEqual(
    parseTrigger(
      `CREATE OR REPLACE TRIGGER Tr AFTER DELETE OR UPDATE ON App."T"
       REFERENCING NEW TABLE AS Now OLD TABLE was FOR STATEMENT WHEN ((a).b > (1)) EXECUTE PROCEDURE app.f('x', 1, E'a\\\\b')`,
      'postgres',
    ),
    {
      schema: 'app',
      name: 'tr',
      table: 'T',
      timing: 'after',
      events: [{ event: 'update' }, { event: 'delete' }],
      forEach: 'statement',
      when: '(a).b > (1)',
      oldTable: 'was',
      newTable: 'now',
      function: { schema: 'app', name: 'f', arguments: ['x', '1', 'a\\b'] },
    },
  )
})

Deno.test('a trigger that refers to another table is not taken apart', () => {
  const sql = 'CREATE CONSTRAINT TRIGGER c AFTER INSERT ON o FROM t FOR EACH ROW EXECUTE FUNCTION f()'
  assert.equal(parseTrigger(sql, 'postgres'), undefined)
})
