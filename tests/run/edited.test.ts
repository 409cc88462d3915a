/** Applied revisions that were changed since: told, refused when it is to be strict, accepted when they were reviewed. */
import assert from 'node:assert/strict'
import { onBoth } from '../support/backfill.ts'
import type { Ground } from '../support/project.ts'

const head = (id: string, down: string) => `id: ${id}\ndown_revision: ${down}\n`
const ONE =
  'upgrade: [{ create_table: { name: a, columns: [{ name: id, type: integer, primary_key: true }] } }]\n'
const TWO = 'upgrade: [{ add_column: { table: a, column: { name: x, type: text } } }]\n'
const THREE = 'upgrade: [{ create_index: { name: ix_a_x, table: a, columns: [x] } }]\n'
const BODIES = { r1: ONE, r2: TWO, r3: THREE }

function edit({ write }: Ground, text = TWO.replace('type: text', 'type: varchar')): void {
  write({ 'revisions/r2.yaml': head('r2', 'r1') + text })
}

const TOLD =
  /revisions\/r2\.yaml:1:1: warning\[edited-revision\]: revision "r2" was changed since it ran at \d{4}/

onBoth('upgrade warns, also when there is nothing to do', BODIES, async (ground) => {
  await ground.done('upgrade', 'r2')
  edit(ground)
  const first = await ground.run('upgrade', 'head')
  assert.equal(first.code, 0)
  assert.match(first.stderr, TOLD)
  assert.match(first.stderr, /`limbeck journal accept r2`/)
  const again = await ground.run('upgrade', 'head')
  assert.match(again.stderr, TOLD)
  assert.match(again.stderr, /nothing to do/)
})

onBoth('strict refuses before anything runs', BODIES, async (ground) => {
  await ground.done('upgrade', 'r2')
  edit(ground)
  ground.write({ 'limbeck.yaml': 'strict: true\n' })
  const { code, stderr } = await ground.run('upgrade', 'head')
  assert.equal(code, 1)
  assert.match(stderr, /error\[edited-revision\]: revision "r2"/)
  assert.match(await ground.done('current'), /^r2\n$/)
  assert.deepEqual(await ground.sql('SELECT count(*) FROM limbeck_journal'), ['2'])
  await ground.done('journal', 'accept', 'r2')
  await ground.done('upgrade', 'head')
})

onBoth('comments, layout, header and the order of keys do not count', BODIES, async (ground) => {
  await ground.done('upgrade', 'head')
  const text = `# a comment
upgrade:
  - add_column:
      column: { type: "text", name: x }   # another
      table: a
`
  ground.write({ 'revisions/r2.yaml': `message: now it has one\n${head('r2', 'r1')}${text}` })
  const { stderr } = await ground.run('upgrade', 'head')
  assert.doesNotMatch(stderr, /edited/)
})

onBoth('a downgrade that was added counts', BODIES, async (ground) => {
  await ground.done('upgrade', 'head')
  edit(ground, `${TWO}downgrade: []\n`)
  assert.match((await ground.run('upgrade', 'head')).stderr, TOLD)
})

onBoth('check finds it', BODIES, async (ground) => {
  await ground.done('upgrade', 'head')
  assert.equal((await ground.run('check')).code, 0)
  edit(ground, `${TWO}downgrade: []\n`)
  const text = await ground.run('check')
  assert.equal(text.code, 3)
  assert.match(text.stdout, /revisions\/r2\.yaml: revision "r2" was changed since/)
  const { stdout } = await ground.run('check', '--json')
  const { agree, edited } = JSON.parse(stdout)
  assert.equal(agree, false)
  assert.deepEqual(edited.map((one: { id: string }) => one.id), ['r2'])
  await ground.done('journal', 'accept', 'r2')
  assert.equal((await ground.run('check')).code, 0)
})

onBoth('a downgrade tells of what it reverts alone', BODIES, async (ground) => {
  await ground.done('upgrade', 'head')
  edit(ground)
  ground.write({ 'limbeck.yaml': 'strict: true\n' })
  assert.doesNotMatch((await ground.run('downgrade', 'r2')).stderr, /edited/)
  const { code, stderr } = await ground.run('downgrade', 'r1')
  assert.equal(code, 0)
  assert.match(stderr, TOLD)
  // It runs anew as it is now.
  assert.doesNotMatch((await ground.run('upgrade', 'head')).stderr, /edited/)
})

onBoth('what was stamped may be anything', BODIES, async (ground) => {
  await ground.done('upgrade', 'head')
  await ground.done('downgrade', 'base')
  edit(ground, 'upgrade: []\n')
  await ground.done('stamp', 'head')
  assert.doesNotMatch((await ground.run('upgrade', 'head')).stderr, /edited/)
  await ground.done('journal', 'accept', 'r2')
  edit(ground)
  assert.match((await ground.run('upgrade', 'head')).stderr, /revision "r2" was changed/)
})

onBoth('a file that cannot be read any more', BODIES, async (ground) => {
  await ground.done('upgrade', 'head')
  edit(ground, 'upgrade: [{ "a\n')
  const { code, stderr } = await ground.run('upgrade', 'head')
  assert.equal(code, 0)
  assert.match(stderr, /revision "r2" was changed .*, and cannot be read: not valid YAML/)
  assert.equal((await ground.run('check')).code, 2)
})

onBoth('a revision of the database that has no file is named', BODIES, async (ground) => {
  await ground.done('upgrade', 'head')
  await ground.sql("UPDATE alembic_version SET version_num = 'gone1'")
  for (const args of [['upgrade', 'head'], ['downgrade', '-1'], ['check'], ['current']]) {
    const { code, stderr } = await ground.run(...args)
    assert.notEqual(code, 0)
    assert.match(stderr, /error\[unknown-database-revision\]: .*'gone1'/, args.join(' '))
  }
})

onBoth('only what is applied can be accepted', BODIES, async (ground) => {
  await ground.sql('CREATE TABLE other (x integer)')
  assert.match((await ground.run('journal', 'accept', 'r1')).stderr, /error\[no-journal\]/)
  await ground.done('upgrade', 'r1')
  const { code, stderr } = await ground.run('journal', 'accept', 'r2')
  assert.equal(code, 1)
  assert.match(stderr, /error\[not-applied\]: revision "r2" is not applied/)
  assert.equal((await ground.run('journal', 'accept', 'nonsense')).code, 2)
})

const HALFWAY = {
  r1: ONE,
  r2: `transaction: none
upgrade: []
downgrade:
  - execute: { sql: CREATE TABLE b (x integer), effects: none }
  - execute: { sql: CREATE TABLE b (x integer), effects: none }
`,
}

onBoth('what is under way is accepted when it has ended; what ends it is told', HALFWAY, async (ground) => {
  await ground.done('upgrade', 'head')
  assert.equal((await ground.run('downgrade', '-1')).code, 1)
  const { code, stderr } = await ground.run('journal', 'accept', 'r2')
  assert.equal(code, 1)
  assert.match(stderr, /error\[unfinished\]: the downgrade of revision "r2" was begun and did not end/)
  assert.match(stderr, /hint: let it end first, with the file as it was then: `limbeck downgrade r1`/)
})
