/**
 * Writes what comes of the golden cases of `import` anew: `scripts/import-cases.ts [word]` for those whose names have
 * the word in them. What is above `revision:` stays as it is.
 */
import * as fs from 'node:fs'
import { basename } from 'node:path'
import process from 'node:process'
import { stringify } from 'yaml'
import { caseFiles, evaluateImport, readCase } from '../tests/support/import-case.ts'

if (import.meta.main) {
  const [word = ''] = process.argv.slice(2)
  for (const file of caseFiles().filter((name) => basename(name).includes(word))) {
    const result = await evaluateImport(readCase(file))
    const text = fs.readFileSync(file, 'utf8')
    const end = text.search(/^revision:/m)
    const kept = end < 0 ? `${text.trimEnd()}\n` : text.slice(0, end)
    fs.writeFileSync(file, kept + stringify(result, { lineWidth: 0 }))
  }
}
