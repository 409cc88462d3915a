import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { transcriptName } from './files.ts'
import { play } from './play.ts'
import { parseTranscript, transcriptText } from './text.ts'

/**
 * Registers a test for each transcript: played again, it is the same.
 * @param command the program that is `limbeck`; absent: the command line runs in this process
 */
export function registerTranscripts(what: string, files: readonly string[], command?: string): void {
  for (const file of files) {
    Deno.test(`${what}: ${transcriptName(file)}`, async () => {
      const expected = readFileSync(file, 'utf8')
      assert.equal(transcriptText(await play(parseTranscript(expected), command)), expected)
    })
  }
}
