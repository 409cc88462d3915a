/** The command line as users see it; `scripts/transcripts.ts --update` writes the transcripts anew. */
import assert from 'node:assert/strict'
import { transcriptFiles } from './transcript/files.ts'
import { registerTranscripts } from './transcript/register.ts'
import { parseTranscript, transcriptText } from './transcript/text.ts'

registerTranscripts('transcript', transcriptFiles())

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
