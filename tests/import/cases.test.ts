import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { parseRevision } from '../../src/revision/load.ts'
import { caseFiles, evaluateImport, readCase } from '../support/import-case.ts'

for (const file of caseFiles()) {
  Deno.test(`import: ${basename(file, '.yaml')}`, async () => {
    const wanted = readCase(file)
    const { revision, report } = await evaluateImport(wanted)
    assert.equal(revision, wanted.revision)
    assert.deepEqual(report, wanted.report ?? [])
    if (!/^(error|no revision)/.test(revision)) await parseRevision(revision, 'ab12.yaml')
  })
}
