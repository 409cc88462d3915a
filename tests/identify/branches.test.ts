/** Histories with branches: where a database is in them is a set of heads. */
import assert from 'node:assert/strict'
import { onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

/** A revision that creates a table named as itself. */
function revision(id: string, down: string, more = ''): Record<string, string> {
  const table = `{ name: ${id}, columns: [{ name: id, type: integer, primary_key: true }] }`
  return {
    [`revisions/${id}.yaml`]:
      `id: ${id}\ndown_revision: ${down}\n${more}upgrade:\n  - create_table: ${table}\n`,
  }
}

async function exact({ done }: Ground): Promise<string[][]> {
  const { exact: found } = JSON.parse(await done('identify', '--json'))
  return found.map((one: { heads: string[] }) => one.heads.toSorted())
}

Deno.test('two branches, a merge, and a dependency: every place on the way is recognised', () =>
  onSqlite({}, async (ground) => {
    ground.write({
      ...revision('r1', 'null'),
      ...revision('a1', 'r1'),
      ...revision('a2', 'a1'),
      ...revision('b1', 'r1'),
      ...revision('c1', 'null', 'depends_on: a1\n'),
      ...revision('m1', '[a2, b1]'),
    })
    const places = [['r1', 'r1'], ['a1', 'a1'], ['b1', 'a1 b1'], ['c1', 'b1 c1'], ['a2', 'a2 b1 c1'], [
      'm1',
      'c1 m1',
    ]]
    for (const [target, heads] of places) {
      await ground.done('upgrade', target!)
      assert.deepEqual(await exact(ground), [heads!.split(' ')])
      const rows = await ground.sql('SELECT version_num FROM alembic_version ORDER BY 1')
      assert.deepEqual(rows, heads!.split(' '))
    }
    await ground.sql('DELETE FROM alembic_version')
    await ground.done('stamp', '--auto')
    assert.deepEqual(await ground.sql('SELECT version_num FROM alembic_version ORDER BY 1'), ['c1', 'm1'])
  }))

Deno.test('the heads are told to be the heads, in whatever order the branches were come by', () =>
  onSqlite({}, async (ground) => {
    const assertHeads = async () => {
      await ground.done('upgrade', 'heads')
      const { exact: found } = JSON.parse(await ground.done('identify', '--json'))
      assert.equal(found[0].is_head, true)
      assert.match(await ground.done('identify'), / \(heads\)$/m)
    }
    ground.write({ ...revision('a1', 'null'), ...revision('a2', 'a1'), ...revision('b1', 'null') })
    await assertHeads()
    // One that another head depends on has no row of its own.
    ground.write(revision('c1', 'null', 'depends_on: a2\n'))
    await assertHeads()
  }))

const LENGTH = 60

Deno.test('two long branches have more places than can be looked at; theirs is found', () =>
  onSqlite({}, async (ground) => {
    for (const branch of ['a', 'b']) {
      for (let i = 1; i <= LENGTH; i++) {
        ground.write(revision(`${branch}${i}x`, i === 1 ? 'null' : `${branch}${i - 1}x`))
      }
    }
    await ground.done('upgrade', 'a42x')
    await ground.done('upgrade', 'b13x')
    assert.deepEqual(await exact(ground), [['a42x', 'b13x']])
  }))
