import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { registered } from '../../scripts/new-op.ts'
import { readCase } from '../support/case.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Runs `work` in a copy of what an operation needs to compile. */
function inCopy(work: (folder: string) => void): void {
  const folder = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'limbeck-new-op-'))
  try {
    for (const name of ['deno.json', 'package.json', 'tests/support/package.json', 'src', 'scripts']) {
      fs.cpSync(join(ROOT, name), join(folder, name), { recursive: true })
    }
    fs.symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    work(folder)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

function deno(folder: string, ...args: string[]): { readonly status: number | null; readonly text: string } {
  const done = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  return { status: done.status, text: `${done.stdout}${done.stderr}` }
}

function newOp(folder: string, kind: string): { readonly status: number | null; readonly text: string } {
  return deno(folder, 'run', '-A', '--no-check', 'scripts/new-op.ts', kind)
}

Deno.test('a new operation passes the checks', () => {
  inCopy((folder) => {
    const made = newOp(folder, 'create_thing')
    assert.equal(made.status, 0, made.text)
    const file = 'src/ops/create-thing.ts'
    assert.deepEqual(made.text.trim().split('\n'), [
      file,
      'tests/ops/create-thing/basic.yaml',
      'src/ops/index.ts',
    ])
    for (const args of [['check', file], ['lint', file], ['fmt', '--check', file, 'src/ops/index.ts']]) {
      const checked = deno(folder, ...args)
      assert.equal(checked.status, 0, checked.text)
    }
    const golden = readCase(join(folder, 'tests/ops/create-thing/basic.yaml'))
    assert.deepEqual(golden.operation, { create_thing: { name: 'example' } })
    assert.match(fs.readFileSync(join(folder, 'src/ops/index.ts'), 'utf8'), /^ {2}createThing,$/m)
  })
})

Deno.test('an operation that is there, and a word that is no kind, are refused and nothing is written', () => {
  inCopy((folder) => {
    const before = fs.readFileSync(join(folder, 'src/ops/index.ts'), 'utf8')
    for (const kind of ['create_table', 'alter_column', 'CreateThing', 'create-thing', '../thing', '']) {
      assert.notEqual(newOp(folder, kind).status, 0, kind)
    }
    assert.equal(fs.readFileSync(join(folder, 'src/ops/index.ts'), 'utf8'), before)
    assert(!fs.existsSync(join(folder, 'tests/ops')))
  })
})

const REGISTRY = `import type { Definition } from './definition.ts'
import { lookup } from './lookup.ts'
import { addColumn } from './add-column.ts'
import { dropTable } from './drop-table/index.ts'

export const DEFINITIONS = [
  addColumn,
  dropTable,
] as const
`

Deno.test('the registry stays in the order of the alphabet', () => {
  const imported = (text: string) => [...text.matchAll(/^import \{ (\w+) \}/gm)].map(([, name]) => name)
  const listed = (text: string) => [...text.matchAll(/^ {2}(\w+),$/gm)].map(([, name]) => name)
  for (const [value, at] of [['createThing', 1], ['abandon', 0], ['validate', 2]] as const) {
    const text = registered(REGISTRY, { value, file: 'thing' })
    const expected = ['addColumn', 'dropTable'].toSpliced(at, 0, value)
    assert.deepEqual(listed(text), expected)
    assert.deepEqual(imported(text), ['lookup', ...expected])
  }
})
