/** The npm package, installed into an empty folder: the program, the library and its types. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { built } from '../../scripts/build.ts'
import { VERSION } from '../../src/version.ts'
import { withFolder } from '../support/folder.ts'
import { hasRegistry, npm } from './registry.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const APPLICATION = `
import { current, ProblemError, upgrade } from 'limbeck'

const options = { url: 'sqlite:///app.db', revisions: 'migrations' }
const { after } = await upgrade('head', options)
const { rows } = await current(options)
let problem
try {
  await upgrade('nonsense', options)
} catch (error) {
  problem = error instanceof ProblemError ? error.exit : error
}
console.log(JSON.stringify({ after, rows, problem }))
`

const TYPED = `
import { check, type Moved, type Problem, ProblemError, upgrade } from 'limbeck'

const moved: Moved = await upgrade('head', { url: 'sqlite://', revisions: ['a', 'b'], options: { wait: '60s' } })
export const ids: readonly string[] = moved.after
// As README has it: what the environment does not say is undefined.
const { after } = await upgrade('head', { url: process.env.DATABASE_URL, revisions: 'migrations' })
export const whole: readonly string[] = after
export const agree: boolean = (await check({ offline: true })).agree
export const told = (error: unknown): readonly Problem[] => error instanceof ProblemError ? error.problems : []
// @ts-expect-error a misspelt option
await upgrade('head', { ulr: 'sqlite://' })
// @ts-expect-error steps are not text
export const wrong: string = moved.steps
`

const REVISION = `id: a1
down_revision: null
message: first
upgrade: [ { create_table: { name: t, columns: [ { name: a, type: integer } ] } } ]
`

/** The names of the files in a tarball that npm made. */
function packedFiles(output: string): string[] {
  const [packed] = JSON.parse(output) as [{ readonly files: readonly { readonly path: string }[] }]
  return packed.files.map(({ path }) => path)
}

/** Packs what is built, and installs that into an empty folder as an application would. */
async function installed(folder: string): Promise<readonly string[]> {
  await built('node')
  const packed = npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], ROOT)
  assert.equal(packed.status, 0, packed.stderr)
  fs.writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')
  const tarball = `limbeck-${VERSION}.tgz`
  const done = npm(['install', '--prefer-offline', `./${tarball}`], folder)
  assert.equal(done.status, 0, done.stderr)
  return packedFiles(packed.stdout)
}

function node(args: readonly string[], cwd: string) {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME }
  return spawnSync('node', args, { cwd, env, encoding: 'utf8' })
}

function checkTypes(folder: string): void {
  fs.writeFileSync(join(folder, 'typed.ts'), TYPED)
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess']
  const options = ['--noEmit', ...strict, '--module', 'nodenext', '--target', 'es2023', '--types', 'node']
  const types = ['--typeRoots', join(ROOT, 'node_modules/@types')]
  const tsc = join(dirname(manifest), 'bin/tsc')
  const { status, stdout } = node([tsc, ...options, ...types, 'typed.ts'], folder)
  assert.equal(stdout, '')
  assert.equal(status, 0)
}

function hasNode(): boolean {
  const { stdout } = spawnSync('node', ['--version'], { encoding: 'utf8' })
  const found = Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= 20
  if (!found) console.warn('SKIPPED: no Node 20 on the path.')
  return found
}

Deno.test({
  name: 'the npm package: limbeck on the command line, as a library, and its types',
  ignore: !hasNode() || !hasRegistry(),
  async fn() {
    await withFolder(async (folder) => {
      const files = await installed(folder)
      assert.deepEqual(
        files.filter((file) => /\.(db|meta\.json|test\.ts)$|^(src|tests|scripts)\//.test(file)),
        [],
      )
      assert(!files.includes('dist/limbeck'), 'the executable is not in it')
      assert.deepEqual(
        fs.readdirSync(join(folder, 'node_modules')).filter((one) => /embedded|bun|deno/.test(one)),
        [],
      )
      const version = npm(['exec', '--offline', '--', 'limbeck', '--version'], folder)
      assert.equal(version.stdout, `limbeck ${VERSION}\n`)
      fs.mkdirSync(join(folder, 'migrations'))
      fs.writeFileSync(join(folder, 'migrations/a1.yaml'), REVISION)
      fs.writeFileSync(join(folder, 'app.js'), APPLICATION)
      const { stdout, stderr } = node(['app.js'], folder)
      assert.equal(stderr, '')
      assert.deepEqual(JSON.parse(stdout), { after: ['a1'], rows: ['a1'], problem: 2 })
      checkTypes(folder)
    })
  },
})
