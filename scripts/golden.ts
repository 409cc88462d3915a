/**
 * Compares the golden cases with what the code does: `scripts/golden.ts [--update] [file or folder…]`. With --update
 * the written parts of the cases (SQL, inverse, description, effects) are written anew; what stands there by hand is
 * kept. An `error:` is an expectation and is never written.
 */
import process from 'node:process'
import { join, resolve } from 'node:path'
import * as fs from 'node:fs'
import { caseFiles, CASES, readCase, ROOT } from '../tests/support/case.ts'
import type { Case, Results } from '../tests/support/case.ts'
import { evaluate } from '../tests/support/evaluate.ts'
import { differing, render, updated } from '../tests/support/golden-file.ts'

const update = process.argv.includes('--update')
const paths = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const files = (paths.length === 0 ? [CASES] : paths).flatMap((path) => caseFiles(resolve(path)))

let wrong = 0
let written = 0
for (const file of files) {
  try {
    look(readCase(file))
  } catch (error) {
    wrong++
    console.error(`${file}: ${error instanceof Error ? error.message : error}`)
  }
}
console.error(`${files.length} cases, ${written} written, ${wrong} wrong`)
process.exitCode = wrong === 0 ? 0 : 1

function look(one: Case): void {
  const actual = evaluate(one)
  const keys = differing(actual, one.expected)
  if (keys.length === 0) return
  if (update && actual.error === one.expected.error) {
    fs.writeFileSync(join(ROOT, one.file), updated(one, actual))
    written++
    return
  }
  wrong++
  console.error(`${one.file}:`)
  for (const key of keys) show(key, one.expected, actual)
}

function show(key: keyof Results, expected: Results, actual: Results): void {
  const lines = (sign: string, text: string) =>
    text.split('\n').filter((line) => line !== '').map((line) => `  ${sign} ${line}\n`).join('')
  console.error(lines('-', render(key, expected[key])) + lines('+', render(key, actual[key])))
}
