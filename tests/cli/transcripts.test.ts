/**
 * The command line as users see it. LIMBECK_TEST_COMMAND names another program to hold against the same transcripts
 * (the compiled executable); `scripts/transcripts.ts --update` writes them anew.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { transcriptFiles, transcriptName } from './transcript/files.ts'
import { play } from './transcript/play.ts'
import { parseTranscript, transcriptText } from './transcript/text.ts'

for (const file of transcriptFiles()) {
  Deno.test(`transcript: ${transcriptName(file)}`, async () => {
    const expected = readFileSync(file, 'utf8')
    assert.equal(transcriptText(await play(parseTranscript(expected))), expected)
  })
}

const EVERYTHING = `# A comment.
--- a.txt
text

--- b.txt
$ limbeck one
! on standard error
!
! more
on standard output

\\$ no command

# A comment on what comes.
$ limbeck two
[exit 3]
`

Deno.test('a transcript is the same after reading and writing', () => {
  const read = parseTranscript(EVERYTHING)
  assert.equal(transcriptText(read), EVERYTHING)
  assert.deepEqual(read.parts[2], {
    kind: 'command',
    line: 'limbeck one',
    lead: '',
    shown: { stderr: 'on standard error\n\nmore\n', stdout: 'on standard output\n\n$ no command\n', code: 0 },
  })
})
