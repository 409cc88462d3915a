import assert from 'node:assert/strict'
import { differences, loadGraphCases } from '../support/graph-cases.ts'
import type { CaseKind, GraphCase, Part } from '../support/graph-cases.ts'
import { runByFunctions } from '../support/run-graph-case.ts'

const OBSERVED: readonly Part[] = [
  'steps',
  'heads_after',
  'warnings',
  'version_table',
  'revs',
  'stdout',
  'new',
  'graph_heads',
]

const KINDS: readonly CaseKind[] = [
  'upgrade',
  'downgrade',
  'stamp',
  'history',
  'heads',
  'branches',
  'current',
  'show',
  'revision',
  'merge',
]

const cases = loadGraphCases()
if (cases === undefined) {
  console.warn('SKIPPED: the recorded Alembic graph cases are not at hand (../shared/cases).')
}

function report(one: GraphCase): string {
  const found = differences(one, runByFunctions(one), OBSERVED)
  return found.length === 0 ? '' : `${one.name} ${JSON.stringify(one.argv)}\n    ${found.join('\n    ')}`
}

for (const kind of KINDS) {
  const count = cases?.filter((one) => one.kind === kind).length ?? 0
  Deno.test({
    name: `${kind} does what Alembic did in ${count} recorded cases`,
    ignore: cases === undefined,
    fn: () => {
      assert.notEqual(count, 0)
      const reports = cases!.filter((one) => one.kind === kind).map(report)
      assert.equal(reports.filter((text) => text !== '').join('\n'), '')
    },
  })
}
