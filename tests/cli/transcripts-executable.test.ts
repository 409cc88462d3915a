/** The transcripts once more, played on what users get. */
import { built } from '../../scripts/build.ts'
import { registerTranscripts } from './transcript/register.ts'

registerTranscripts('transcript on the executable', await built('executable'))
