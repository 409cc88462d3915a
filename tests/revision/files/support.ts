/** What the tests of revision files share. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProblemError } from '../../../src/problem.ts'
import type { Problem } from '../../../src/problem.ts'
import { AS_WRITTEN } from '../../../src/revision/document.ts'
import { quickData } from '../../../src/revision/yaml/quick.ts'
import { composedSource } from '../../../src/revision/yaml/source.ts'
import type { Yaml } from '../../../src/revision/yaml/yaml.ts'

/** A problem as the first line that people see, and its hint. */
export function errorText(problem: Problem): string {
  const { at, severity, code, message, hint } = problem
  const place = at === undefined ? '' : `${at.file}:${at.line}:${at.col}: `
  return `${place}${severity}[${code}]: ${message}${hint === undefined ? '' : ` | ${hint}`}`
}

/** The texts of the problems that the work must throw, with exit code 2. */
export async function errorsOf(work: () => unknown): Promise<string[]> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    assert.equal(error.exit, 2)
    return error.problems.map(errorText)
  }
  return ['no error']
}

const folders: string[] = []
Deno.test.afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

/** A fresh folder with these files, for the time of the test file's run. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'limbeck-files-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

/** Whether the quick reader reads a text; then the library must read the same. */
export function isQuick(yaml: Yaml, text: string): boolean {
  const quick = quickData(text, AS_WRITTEN)
  if (quick === undefined) return false
  assert.deepEqual(quick, composedSource(yaml, text, 'f', { asWritten: AS_WRITTEN }).data, text)
  return true
}

/** The texts of the YAML files in a folder and those inside it. */
export function textsUnder(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.yaml')).map((file) =>
    readFileSync(join(folder, file), 'utf8')
  )
}
