import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface NewFile {
  readonly file: string
  readonly text: string
}

/**
 * Writes new files, in folders that are made; never over one that is there. Where one of them cannot be written to its end
 * (the disk is full), none is left: half of a history, of models or of a configuration would be taken for all of it.
 */
export function writeNewFiles(files: readonly NewFile[]): void {
  const begun: string[] = []
  try {
    for (const { file, text } of files) {
      mkdirSync(path.dirname(file), { recursive: true })
      const descriptor = openSync(file, 'wx')
      begun.push(file)
      try {
        writeFileSync(descriptor, text)
      } finally {
        closeSync(descriptor)
      }
    }
  } catch (error) {
    for (const file of begun) rmSync(file, { force: true })
    throw error
  }
}
