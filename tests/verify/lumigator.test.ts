/** The living example is proven; with each of the defects of Lumigator's own history it is not. */
import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'
import { withPostgres } from '../support/postgres.ts'

const ROOT = path.resolve(import.meta.dirname!, '../..')

interface Found {
  readonly ok: boolean
  readonly findings: readonly {
    readonly code: string
    readonly message: string
    readonly file: string
    readonly line: number
    readonly col: number
    readonly notes?: readonly string[]
  }[]
}

/** Copies the example, and writes another downgrade into a revision. */
function copied(folder: string, id?: string, downgrade?: string): void {
  for (const name of ['revisions', 'models']) {
    cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true })
  }
  if (id === undefined) return
  const name = readdirSync(path.join(folder, 'revisions')).find((one) => one.startsWith(id))!
  const file = path.join(folder, 'revisions', name)
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/^downgrade:\n( {2}.*\n)+/m, `downgrade:\n${downgrade}`),
  )
}

async function verified(cwd: string, ...args: string[]): Promise<Found> {
  const { code, stdout, stderr } = await limbeck(['verify', '--json', ...args], { cwd })
  const found: Found = JSON.parse(stdout)
  assert.equal(code, found.ok ? 0 : 3, stderr)
  return found
}

const ALTERS_JOBS = `  - alter_column: { table: jobs, column: format, type: { enum: datasetformat } }\n`
const REMOVES = `  - remove_column: { table: jobs, column: job_type }\n`
const KEEPS_ENUMS = ['job-results', 'jobs', 'datasets'].map((one) => `  - drop_table: { name: ${one} }\n`)
  .join('')

Deno.test('the example is proven without a database, on both dialects', () =>
  withFolder(async (folder) => {
    copied(folder)
    for (const dialect of ['sqlite', 'postgres']) {
      assert.deepEqual((await verified(folder, '--dialect', dialect)).findings, [])
    }
  }))

Deno.test('the example is proven in a scratch database, with rows', () =>
  withFolder(async (folder) => {
    copied(folder)
    assert.deepEqual((await verified(folder, '--data', '--url', 'sqlite://')).findings, [])
    await withPostgres(async (url) => {
      assert.deepEqual((await verified(folder, '--data', '--url', url)).findings, [])
    })
  }))

Deno.test('a downgrade that alters a column which does not exist', () =>
  withFolder(async (folder) => {
    copied(folder, '76bbe19c945c', ALTERS_JOBS)
    const { findings: [one, ...others] } = await verified(folder)
    assert.deepEqual(others, [])
    assert.equal(one!.code, 'no-such-column')
    assert.match(`${one!.file}:${one!.line}:${one!.col}`, /76bbe19c945c_.*\.yaml:15:42$/)
  }))

Deno.test('a downgrade with an operation that does not exist', () =>
  withFolder(async (folder) => {
    copied(folder, '3be4994d87d5', REMOVES)
    const { findings: [one] } = await verified(folder)
    assert.match(one!.message, /remove_column/)
    assert.match(`${one!.file}:${one!.line}:${one!.col}`, /3be4994d87d5_.*\.yaml:12:5$/)
  }))

Deno.test('a downgrade that leaves enum types behind', () =>
  withFolder(async (folder) => {
    copied(folder, 'e75fa022c781', KEEPS_ENUMS)
    const { findings: [one, ...others] } = await verified(folder, '--dialect', 'postgres')
    assert.deepEqual(others, [])
    assert.equal(one!.code, 'downgrade-differs')
    assert.match(one!.notes!.join('\n'), /drop enum.* jobstatus/)
    await withPostgres(async (url) => {
      const { findings } = await verified(folder, '--database', '--url', url)
      assert.deepEqual(findings.map((each) => each.code), ['downgrade-differs'])
    })
  }))
