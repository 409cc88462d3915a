import assert from 'node:assert/strict'
import { differences, loadGraphCases } from '../support/graph-cases.ts'
import type { Part } from '../support/graph-cases.ts'
import { runByCommand } from '../support/run-graph-command.ts'

const cases = loadGraphCases()
if (cases === undefined) {
  console.warn('SKIPPED: the recorded Alembic graph cases are not at hand (../shared/cases).')
}

const OBSERVED: readonly Part[] = ['steps', 'heads_after', 'warnings', 'revs', 'stdout', 'new', 'graph_heads']

Deno.test({
  name: `the command line does what Alembic did in ${cases?.length ?? 0} recorded cases`,
  ignore: cases === undefined,
  async fn() {
    const reports: string[] = []
    for (const one of cases!) {
      const observed: readonly Part[] = one.options.sql ? ['version_table'] : OBSERVED
      const found = differences(one, await runByCommand(one), observed)
      if (found.length > 0) {
        reports.push(`${one.name} ${JSON.stringify(one.argv)}\n    ${found.join('\n    ')}`)
      }
    }
    assert.equal(reports.join('\n'), '')
  },
})
