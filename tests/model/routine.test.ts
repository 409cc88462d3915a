import assert from 'node:assert/strict'
import { listSetting, resultText, settingText, typeText } from '../../src/model/routine.ts'

const TYPES: readonly (readonly [written: string, held: string])[] = [
  ['INT', 'integer'],
  ['character varying(30)', 'varchar'],
  ['Timestamp (3) With Time Zone', 'timestamptz'],
  ['numeric(10, 2)[]', 'numeric[]'],
  ['int[][3]', 'integer[]'],
  ['bigint ARRAY[4]', 'bigint[]'],
  ['"char"', '"char"'],
  ['Constructor', 'constructor'],
  ['app."Mood"', 'app."Mood"'],
  ['"app"."mood"', 'app.mood'],
  ['setof  Float8', 'SETOF double precision'],
]

for (const [written, held] of TYPES) {
  Deno.test(`the type ${written} is held as ${held}`, () => assert.equal(typeText(written), held))
}

Deno.test('the columns of a table that is returned keep their names, and commas in types part nothing', () => {
  assert.equal(resultText('table( A int, "B c" numeric(3,1) )'), 'TABLE(a integer, "B c" numeric)')
})

Deno.test('a setting that is a list is held with the quotes its names need; any other as it is', () => {
  assert.equal(settingText('search_path', `App, "App", 'a b', "$user"`), 'app, "App", "a b", "$user"')
  assert.equal(settingText('search_path', ''), '""')
  assert.deepEqual(listSetting('search_path', '"", app'), ['', 'app'])
  assert.equal(settingText('work_mem', '64MB'), '64MB')
})
