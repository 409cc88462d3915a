/** Every fourth transcript once more, played on what users get; all of them with LIMBECK_FUZZ_RUNS. */
import { built } from '../../scripts/build.ts'
import { oneIn } from '../support/sample.ts'
import { transcriptFiles } from './transcript/files.ts'
import { registerTranscripts } from './transcript/register.ts'

registerTranscripts('transcript on the executable', oneIn(4, transcriptFiles()), await built('executable'))
