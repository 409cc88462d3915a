import assert from 'node:assert/strict'
import { houseProblems, houseSources } from '../scripts/house.ts'
import plugin from '../scripts/house/lint.ts'

Deno.test('the house is in order', () => {
  assert.deepEqual(houseProblems(houseSources()), [])
})

const broken: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['a function of 52 lines', 'tests/a.ts', `export function long() {\n${'\n'.repeat(50)}}`],
  ['only problem.ts makes errors', 'src/run/a.ts', `export const a = () => new TypeError('no')`],
  ['only problem.ts throws', 'src/run/a.ts', `export function a() {\n  throw make()\n}`],
  ['only main.ts ends the process', 'src/run/a.ts', 'process.exit(1)'],
  ['src/ has no console', 'src/run/a.ts', `console.log('a')`],
  ['dialects are told apart', 'src/run/a.ts', `export const a = (x: string) => x === 'sqlite'`],
  ['dialects are told apart', 'src/ops/a.ts', `switch (x) {\n  case 'postgres':\n    y()\n}`],
  ['Deno is not everywhere', 'src/run/a.ts', `Deno.readTextFileSync('a')`],
  ['"rowManager" does not say', 'src/run/a.ts', 'export const rowManager = 1'],
]

for (const [message, file, text] of broken) {
  Deno.test(`lint says: ${message} (${file})`, () => {
    const found = Deno.lint.runPlugin(plugin, `/anywhere/${file}`, text)
    assert.equal(found.length, 1)
    assert(found[0]!.message.includes(message), found[0]!.message)
  })
}

Deno.test('lint lets rethrown errors and other files be', () => {
  const text = `try {\n  a()\n} catch (error) {\n  throw error\n}`
  assert.deepEqual(Deno.lint.runPlugin(plugin, '/anywhere/src/run/a.ts', text), [])
  assert.deepEqual(Deno.lint.runPlugin(plugin, '/anywhere/scripts/a.ts', `throw new Error('a')`), [])
})

const misplaced: readonly (readonly [problem: string, files: Readonly<Record<string, string>>])[] = [
  ['src/model/a.ts:1: imports src/ops/b.ts, which is above it', {
    'src/model/a.ts': `import type { B } from '../ops/b.ts'`,
  }],
  ['src/run/a.ts:2: imports src/diff/b.ts, which is beside it', {
    'src/run/a.ts': `\nimport { b } from '../diff/b.ts'`,
  }],
  ['src/cli/config/a.ts:1: imports src/cli/commands/b.ts, which is above it', {
    'src/cli/config/a.ts': `import { b } from '../commands/b.ts'`,
  }],
  ['src/run/records/a.ts:1: imports src/run/runner.ts, which is above it', {
    'src/run/records/a.ts': `import { run } from '../runner.ts'`,
  }],
  ['src/diff/a.ts:1: imports src/dialect/sqlite/index.ts; it may see dialect.ts alone', {
    'src/diff/a.ts': `import { sqlite } from '../dialect/sqlite/index.ts'`,
  }],
  ['src/ops/a.ts:1: imports go round: src/ops/a.ts → src/ops/b.ts → src/ops/a.ts', {
    'src/ops/a.ts': `import { b } from './b.ts'`,
    'src/ops/b.ts': `import {\n  a,\n} from './a.ts'`,
  }],
  ['src/plan/a.ts:1: only connect.ts imports "postgres", and lazily', {
    'src/plan/a.ts': `const postgres = await import('postgres')`,
  }],
  ['src/revision/a.ts:1: main.ts loads "yaml" at once, by way of this file', {
    'src/main.ts': `import { a } from './revision/a.ts'`,
    'src/revision/a.ts': `import { parse } from 'yaml'`,
  }],
  ['src/a-helper.ts:1: its name does not say what it is', { 'src/a-helper.ts': '' }],
  ['src/run/a.ts:300: 301 lines; at most 300', { 'src/run/a.ts': '\n'.repeat(301) }],
]

for (const [problem, files] of misplaced) {
  Deno.test(`the house says: ${problem}`, () => {
    const sources = Object.entries(files).map(([file, text]) => ({ file, text }))
    assert.deepEqual(houseProblems(sources), [problem])
  })
}

Deno.test('types go round inside ops/, and lazy imports anywhere', () => {
  const sources = [
    { file: 'src/ops/a.ts', text: `import { b } from './b.ts'` },
    { file: 'src/ops/b.ts', text: `import type { A } from './a.ts'` },
    { file: 'src/main.ts', text: `const { c } = await import('./cli/c.ts')` },
    { file: 'src/cli/c.ts', text: `import { parse } from 'yaml'` },
  ]
  assert.deepEqual(houseProblems(sources), [])
})
