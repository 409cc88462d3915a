/**
 * Writes the transcripts of the command line anew: `scripts/transcripts.ts --update [word…]`, a word choosing those
 * whose names contain it. Without --update it prints those that are not current. Read the difference.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { transcriptFiles, transcriptName } from '../tests/cli/transcript/files.ts'
import { play } from '../tests/cli/transcript/play.ts'
import { parseTranscript, transcriptText } from '../tests/cli/transcript/text.ts'

const update = process.argv.includes('--update')
const words = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
let stale = 0
for (const file of transcriptFiles(words)) {
  const before = readFileSync(file, 'utf8')
  const after = transcriptText(await play(parseTranscript(before)))
  if (after === before) continue
  if (update) writeFileSync(file, after)
  else stale++
  console.log(`${transcriptName(file)}: ${update ? 'written' : 'not current'}`)
}
process.exitCode = stale === 0 ? 0 : 1
