/** Requests to a remote libSQL database fail, one at each point of a run: it gets there, and every revision once. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'
import { serve } from '../support/hrana.ts'
import type { Trouble } from '../support/hrana.ts'
import { writeFiles } from '../support/project.ts'
import { filesOf } from './histories.ts'
import type { HistoryName } from './histories.ts'
import { points } from '../support/sample.ts'
import { stateOf } from './state.ts'

const TROUBLES: readonly Trouble[] = ['refused', 'cut-before', 'cut-after']

async function sweep(name: HistoryName, some: number): Promise<void> {
  await withFolder(async (cwd) => {
    writeFiles(cwd, filesOf(name))
    let trouble: Trouble = 'refused'
    let at = 0
    let base = 0
    let file = 0
    const upgrade = async () => {
      const server = await serve(
        path.join(cwd, `${++file}.db`),
        undefined,
        (number) => number - base === at ? trouble : undefined,
      )
      try {
        base = 0
        const ran = await limbeck(['upgrade', 'head', '--url', server.url, '--wait', '5s'], { cwd })
        const requests = server.requests()
        assert.equal(ran.code, 0, `${String(trouble)} at request ${at}: ${ran.stderr}`)
        return { requests, stderr: ran.stderr, state: await stateOf(server.url) }
      } finally {
        await server.close()
      }
    }
    const undisturbed = await upgrade()
    for (const point of points(undisturbed.requests, some)) {
      for (const one of TROUBLES) {
        at = point
        trouble = one
        const { stderr, state } = await upgrade()
        assert.deepEqual(state, undisturbed.state, `${one} at request ${point}: ${stderr}`)
      }
    }
  })
}

Deno.test('requests that fail: transactional', () => sweep('transactional', 2))
