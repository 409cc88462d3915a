/** In which groups `npm test` runs the test files. */
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testFiles, testGroups } from '../../scripts/test-groups.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FILES = testFiles(ROOT)
const GROUPS = testGroups(FILES)

Deno.test('each test file is in one group, with others of its folder', () => {
  assert.deepEqual(GROUPS.flat().sort(), FILES.toSorted())
  assert(FILES.includes('tests/scripts/test-groups.test.ts'))
  for (const group of GROUPS) assert.equal(new Set(group.map(dirname)).size, 1, group.join(' '))
})

Deno.test('groups are no larger than others of their folder need be', () => {
  const files = Array.from({ length: 9 }, (_, i) => `tests/a/${i}.test.ts`)
  assert.deepEqual(testGroups(files).map((one) => one.length), [5, 4])
})

/** What says something of all tests of a program: of those of other files in the group, too. */
const HOOKS = /\bDeno\.test\.(?:before|after)(?:All|Each)\b|\bpostgresTests\b|\bregisterPostgresTrials\b/

Deno.test('a file that has hooks is run by itself', () => {
  const hooked = FILES.filter((one) => HOOKS.test(fs.readFileSync(join(ROOT, one), 'utf8')))
  assert.notEqual(hooked.length, 0)
  for (const one of hooked) assert(GROUPS.some((group) => group.length === 1 && group[0] === one), one)
})
