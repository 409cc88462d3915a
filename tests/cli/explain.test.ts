/** Every operation can be explained. */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { DEFINITIONS } from '../../src/ops/index.ts'
import { limbeck } from '../support/command-line.ts'

Deno.test('explain lists every operation', async () => {
  const { code, stdout } = await limbeck(['explain'], { cwd: tmpdir() })
  assert.equal(code, 0)
  const listed = stdout.split('\n').map((line) => line.split(' ')[0]).filter((name) => name !== '')
  assert.deepEqual(listed, DEFINITIONS.map((one) => one.kind))
})

for (const { kind, summary, shape } of DEFINITIONS) {
  Deno.test(`explain ${kind}`, async () => {
    const { code, stdout, stderr } = await limbeck(['explain', kind], { cwd: tmpdir() })
    assert.equal(code, 0, stderr)
    assert(stdout.startsWith(`${kind}: ${summary}\n`))
    const { properties = {} } = shape as { properties?: Readonly<Record<string, unknown>> }
    for (const field of Object.keys(properties)) assert.match(stdout, new RegExp(`^  ${field}\\*? +\\S`, 'm'))
    for (const part of ['Example', 'Downgrade', 'PostgreSQL', 'SQLite']) {
      assert.match(stdout, new RegExp(`^${part}\n  \\S`, 'm'))
    }
    assert(!stdout.includes('undefined'), stdout)
  })
}
