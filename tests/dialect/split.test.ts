import assert from 'node:assert/strict'
import { split } from '../../src/dialect/split.ts'
import type { DialectName } from '../../src/model/model.ts'

function texts(sql: string, dialect: DialectName = 'postgres'): string[] {
  return split(sql, dialect).map((one) => one.text)
}

Deno.test('statements end at semicolons; blanks and empty statements are nothing', () => {
  assert.deepEqual(texts(' SELECT 1;; \n SELECT 2 ; '), ['SELECT 1', 'SELECT 2'])
  assert.deepEqual(texts(' ; -- nothing\n /* at all */ ;'), [])
  assert.deepEqual(texts(''), [])
})

Deno.test('an offset is where the text of the statement begins', () => {
  const sql = '  SELECT 1;\n\n-- why\nSELECT 2;'
  for (const { text, offset } of split(sql, 'sqlite')) {
    assert.equal(sql.slice(offset, offset + text.length), text)
  }
  assert.deepEqual(split(sql, 'sqlite').map((one) => one.offset), [2, 13])
})

Deno.test('comments above a statement are its own, one after it on its line is not the next one’s', () => {
  assert.deepEqual(texts('-- a\nSELECT 1; -- b\n-- c\nSELECT 2 -- d; e\n'), [
    '-- a\nSELECT 1',
    '-- c\nSELECT 2',
  ])
})

Deno.test('no semicolon in quotes ends anything', () => {
  const sql = `SELECT 'a;''b', "c;""d", '\\';SELECT 2`
  assert.deepEqual(texts(sql), [`SELECT 'a;''b', "c;""d", '\\'`, 'SELECT 2'])
  assert.deepEqual(texts(sql, 'sqlite'), texts(sql))
})

Deno.test('backslashes escape in E strings only, and only on PostgreSQL', () => {
  assert.deepEqual(texts(`SELECT E'a\\';b', e'\\\\'; SELECT 2`), [`SELECT E'a\\';b', e'\\\\'`, 'SELECT 2'])
  assert.deepEqual(texts(`SELECT name'a\\'; SELECT 2`), [`SELECT name'a\\'`, 'SELECT 2'])
  assert.deepEqual(texts(`SELECT U&'a;', B'1;', N';', U&";"; SELECT 2`), [
    `SELECT U&'a;', B'1;', N';', U&";"`,
    'SELECT 2',
  ])
})

Deno.test('dollar quotes are PostgreSQL’s, with or without a tag', () => {
  const body = 'DO $$ BEGIN PERFORM 1; END $$'
  assert.deepEqual(texts(`${body}; SELECT $a$ ; $$ ; $b$ $a$; SELECT $1`), [
    body,
    'SELECT $a$ ; $$ ; $b$ $a$',
    'SELECT $1',
  ])
  assert.deepEqual(texts('SELECT a$b$; SELECT c$b$'), ['SELECT a$b$', 'SELECT c$b$'])
  assert.deepEqual(texts('SELECT $a; SELECT $b', 'sqlite'), ['SELECT $a', 'SELECT $b'])
})

Deno.test('comments nest on PostgreSQL and do not on SQLite', () => {
  const sql = 'SELECT 1 /* a /* b; */ ; */; SELECT 2'
  assert.deepEqual(texts(sql), ['SELECT 1', 'SELECT 2'])
  assert.deepEqual(texts(sql, 'sqlite'), ['SELECT 1', '*/', 'SELECT 2'])
})

Deno.test('brackets and backticks quote on SQLite; on PostgreSQL brackets are arrays', () => {
  assert.deepEqual(texts('SELECT [a;b], `c;d`; SELECT 2', 'sqlite'), ['SELECT [a;b], `c;d`', 'SELECT 2'])
  assert.deepEqual(texts(`SELECT ARRAY['];']; SELECT 2`), [`SELECT ARRAY['];']`, 'SELECT 2'])
})

Deno.test('a rule’s commands in parentheses are one statement', () => {
  const rule = 'CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM a; DELETE FROM b)'
  assert.deepEqual(texts(`${rule}; SELECT 2`), [rule, 'SELECT 2'])
})

Deno.test('a SQLite trigger ends at “; END”, whatever CASE … END is in it', () => {
  const trigger = `CREATE TEMP TRIGGER t AFTER UPDATE OF a ON b WHEN CASE WHEN new.a THEN 1 END BEGIN
  UPDATE b SET a = CASE new.a WHEN 1 THEN 2 ELSE 3 END;
  SELECT 'END;';
END`
  assert.deepEqual(texts(`${trigger};\nSELECT 2`, 'sqlite'), [trigger, 'SELECT 2'])
  assert.deepEqual(texts(`${trigger};\nSELECT 2`), [trigger, 'SELECT 2'])
  assert.deepEqual(texts(trigger, 'sqlite'), [trigger])
})

Deno.test('a PostgreSQL trigger has no body', () => {
  const trigger = 'CREATE OR REPLACE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()'
  assert.deepEqual(texts(`${trigger}; SELECT 2`), [trigger, 'SELECT 2'])
})

Deno.test('the body of a BEGIN ATOMIC routine is one statement', () => {
  const routine = `CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO t VALUES (a);
  SELECT CASE WHEN a > 1 THEN 1 ELSE 2 END;
END`
  assert.deepEqual(texts(`${routine}; SELECT 2`), [routine, 'SELECT 2'])
})

Deno.test('the word BEGIN elsewhere opens nothing', () => {
  assert.deepEqual(texts('BEGIN; SELECT 1; COMMIT'), ['BEGIN', 'SELECT 1', 'COMMIT'])
  assert.deepEqual(texts('CREATE TABLE trigger (begin int); SELECT 2', 'sqlite').length, 2)
  assert.deepEqual(texts('DROP TRIGGER begin; SELECT 2', 'sqlite').length, 2)
})

Deno.test('what is unfinished goes on to the end', () => {
  for (const open of [`SELECT 'a; b`, 'SELECT "a; b', 'SELECT $$ a; b', 'SELECT (1; 2']) {
    assert.deepEqual(texts(open), [open])
  }
  assert.deepEqual(texts('SELECT 1 /* a; b'), ['SELECT 1'])
})
