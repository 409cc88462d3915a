/** What a literal means only the server knows, and check asks it where it can. */
import assert from 'node:assert/strict'
import { onPostgres, revisions } from '../support/project.ts'

const HISTORY = {
  a1: `
upgrade:
  - create_table:
      name: t
      columns: [{ name: at, type: time, default: "04:05" }, { name: span, type: interval, default: 1 day 3 hours }]
`,
}

Deno.test('models that inspect wrote and a history by hand agree where both are what the database has', () =>
  onPostgres(HISTORY, async (ground) => {
    await ground.done('upgrade', 'head')
    const models = await ground.done('inspect')
    assert.match(models, /04:05:00/)
    ground.write({ 'models/all.yaml': models })
    assert.equal(await ground.done('check'), 'No new upgrade operations detected.\n')

    ground.write({ 'models/all.yaml': models.replace('04:05:00', '04:06:00') })
    const { code, stdout } = await ground.run('check')
    assert.equal(code, 3)
    assert.match(stdout, /history and models differ/)
    assert.match(stdout, /database and models differ/)
    ground.write({ 'models/all.yaml': models })

    ground.write(
      revisions({
        ...HISTORY,
        b2: `upgrade: [{ alter_column: { table: t, column: at, default: "10:00" } }]\n`,
      }),
    )
    assert.match((await ground.run('check')).stdout, /history and models differ/)
  }))
