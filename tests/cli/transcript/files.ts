/** Where the transcripts lie. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../transcripts', import.meta.url))

/** All transcripts, or those whose names contain one of the words; absolute paths. */
export function transcriptFiles(words: readonly string[] = []): string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.txt'))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort()
    .map((name) => path.join(FOLDER, name))
}

/** The name of a transcript for people: without folder and ending. */
export function transcriptName(file: string): string {
  return path.relative(FOLDER, file).replace(/\.txt$/, '')
}
