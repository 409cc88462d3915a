/**
 * Compares the golden pairs of tests/diff with what diff finds: `scripts/golden-diff.ts [--update] [file or folder…]`. With
 * --update the results are written anew.
 */
import * as fs from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { loadParser } from '../src/dialect/postgres/expression.ts'
import { caseFiles, ROOT } from '../tests/support/case.ts'
import { PAIRS, readPair, results, shownResults, updatedPair } from '../tests/support/diff-case.ts'

const update = process.argv.includes('--update')
const paths = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const files = (paths.length === 0 ? [PAIRS] : paths).flatMap((path) => caseFiles(resolve(path)))

await loadParser()
let wrong = 0
for (const file of files) {
  try {
    await look(file)
  } catch (error) {
    wrong++
    console.error(`${file}: ${error instanceof Error ? error.message : error}`)
  }
}
console.error(`${files.length} pairs, ${wrong} wrong`)
process.exitCode = wrong === 0 ? 0 : 1

async function look(file: string): Promise<void> {
  const one = readPair(file)
  const all = await results(one)
  if (shownResults(all) === shownResults(one.expected)) return
  if (update) return fs.writeFileSync(join(ROOT, one.file), updatedPair(one, all))
  wrong++
  console.error(`${one.file}:\n${shownResults(all)}`)
}
