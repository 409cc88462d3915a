/**
 * Writes what comes of the golden cases of `import` anew: `scripts/import-cases.ts --update [word…]`, a word choosing those
 * whose names contain it; what is above `revision:` stays as it is. Without --update it prints those that are not current.
 */
import * as fs from 'node:fs'
import { basename } from 'node:path'
import process from 'node:process'
import { stringify } from 'yaml'
import { caseFiles, evaluateImport, readCase } from '../tests/support/import-case.ts'

const update = process.argv.includes('--update')
const words = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
let stale = 0
for (const file of caseFiles()) {
  const name = basename(file)
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue
  const text = fs.readFileSync(file, 'utf8')
  const end = text.search(/^revision:/m)
  const kept = end < 0 ? `${text.trimEnd()}\n` : text.slice(0, end)
  const current = kept + stringify(await evaluateImport(readCase(file)), { lineWidth: 0 })
  if (current === text) continue
  if (update) fs.writeFileSync(file, current)
  else stale++
  console.log(`${name}: ${update ? 'written' : 'not current'}`)
}
process.exitCode = stale === 0 ? 0 : 1
