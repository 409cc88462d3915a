/** What the system refuses is told as that; what nobody foresaw is a mistake in limbeck. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { printFailure } from '../../src/cli/output/print.ts'
import type { Io } from '../../src/cli/io.ts'

/** How an error that `work` throws is told. */
function told(work: () => void): string {
  let stderr = ''
  const io: Io = {
    stdout: () => {},
    stderr: (text) => stderr += text,
    env: {},
    cwd: '/',
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    width: 80,
  }
  try {
    work()
  } catch (error) {
    assert.equal(printFailure(io, error, { json: false, stack: false }), 1)
  }
  return stderr
}

Deno.test({
  name: "a full disk is the system's",
  ignore: process.platform !== 'linux',
  fn: () =>
    assert.match(told(() => writeFileSync('/dev/full', 'x')), /^error\[system\]: the system refused: ENOSPC/),
})

Deno.test("a missing folder is the system's, an argument of the wrong type is not", () => {
  assert.match(told(() => writeFileSync('/none/x', '')), /^error\[system\]: the system refused: ENOENT/)
  assert.match(
    told(() => path.join(1 as unknown as string)),
    /^error\[internal\]: [^]*please report/,
  )
})
