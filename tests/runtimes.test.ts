/** The command line is the same program under Deno, Bun and Node, and as the executable; it loads what it needs, no more. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { BUILDS, built, bundledPackages } from '../scripts/build.ts'
import { bun } from '../scripts/build/compile.ts'
import { compiler } from '../scripts/build/types.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const SOURCE = join(ROOT, 'src/main.ts')

/** Node's version 20 or later, if there is one on the path. */
function hasNode(): boolean {
  const { stdout } = spawnSync('node', ['--version'], { encoding: 'utf8' })
  return Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= 20
}

/** npm lays packages out flat; Deno alone keeps libSQL's addon where only its own packages find it. */
function hasFlatPackages(): boolean {
  const folder = join(ROOT, 'node_modules/@libsql')
  return fs.existsSync(folder) && fs.readdirSync(folder).length > 1
}

const NO_NODE = !hasNode() || !hasFlatPackages()
if (NO_NODE) console.warn('SKIPPED: no Node 20 on the path, or packages that npm did not install.')

interface Runtime {
  readonly name: string
  readonly ignore?: boolean
  command(): Promise<readonly string[]>
}

const RUNTIMES: readonly Runtime[] = [
  {
    name: 'Deno',
    command: () => Promise.resolve([process.execPath, 'run', '-A', '-q', '--no-check', SOURCE]),
  },
  { name: 'Bun', command: () => Promise.resolve([bun(), SOURCE]) },
  { name: 'Node', ignore: NO_NODE, command: async () => ['node', await built('node')] },
  { name: 'the executable', command: async () => [await built('executable')] },
]

/** The environment without what would name a database or change the output. */
function environment(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) =>
    !/DATABASE_URL$|^(LIMBECK_|PG|FORCE_COLOR)/.test(name)
  )
  return { ...Object.fromEntries(kept), NO_COLOR: '1', ...added }
}

interface Output {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(
  command: readonly string[],
  args: readonly string[],
  env: NodeJS.ProcessEnv = environment(),
): Output {
  const [file = '', ...first] = command
  const { status, stdout, stderr } = spawnSync(file, [...first, ...args], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

/** A temporary folder for the time of some work. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'limbeck-runtimes-'))
  try {
    await work(folder)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** What each command line printed, without times and the temporary folder. */
async function transcript(command: readonly string[]): Promise<Record<string, Output>> {
  const outputs: Record<string, Output> = {}
  await inFolder((folder) => {
    const url = `sqlite:///${join(folder, 'a.db')}`
    const lines = [
      ['--version'],
      ['heads'],
      ['upgrade', 'head', '--url', url],
      ['current', '--url', url],
      ['history'],
      ['downgrade', '-1', '--url', url],
      ['upgrade', 'nonsense', '--url', url],
    ]
    const steady = (text: string) =>
      text.replaceAll(folder, 'TEMPORARY').replace(/\(\d+(\.\d+)? m?s\)/g, '(TIME)')
    for (const line of lines) {
      const { status, stdout, stderr } = run(command, line)
      outputs[line.slice(0, 2).join(' ')] = { status, stdout: steady(stdout), stderr: steady(stderr) }
    }
    return Promise.resolve()
  })
  return outputs
}

let expected: Promise<Record<string, Output>> | undefined

for (const { name, ignore, command } of RUNTIMES) {
  Deno.test({
    name: `${name} runs the command line`,
    ignore: ignore ?? false,
    async fn() {
      const found = await transcript(await command())
      assert.match(found['--version']!.stdout, /^limbeck \d+\.\d+\.\d+\n$/)
      assert.equal(found['heads']!.stdout, '76bbe19c945c (head)\n')
      assert.equal(found['upgrade head']!.status, 0, found['upgrade head']!.stderr)
      assert.equal(found['current --url']!.stdout, '76bbe19c945c (head)\n')
      assert.equal(found['downgrade -1']!.status, 0, found['downgrade -1']!.stderr)
      assert.notEqual(found['upgrade nonsense']!.status, 0)
      assert.deepEqual(found, await (expected ??= Promise.resolve(found)))
    },
  })
}

Deno.test({
  name: 'in a folder that is gone help is there, and what is looked for in it is missing',
  ignore: process.platform === 'win32',
  fn: () =>
    inFolder((folder) => {
      const gone = (...args: string[]) => {
        const cwd = fs.mkdtempSync(join(folder, 'gone-'))
        const script = `cd '${cwd}' && rmdir '${cwd}' && exec "$@"`
        return run(['sh', '-c', script, 'sh', bun(), SOURCE], args)
      }
      assert.equal(gone('--version').status, 0)
      const { status, stderr } = gone('heads')
      assert.match(stderr, /^error\[unreadable-folder\]: cannot read .*: there is no such folder\n/)
      assert.equal(status, 2)
      return Promise.resolve()
    }),
})

Deno.test({
  name: 'what nobody reads is not written, and the work is done all the same',
  ignore: process.platform === 'win32',
  fn: () =>
    inFolder((folder) => {
      const limbeck = `'${bun()}' '${SOURCE}'`
      const script = `cd '${folder}' && { sleep 0.5; ${limbeck} init; echo $? > code; } | true`
      const { stderr } = run(['sh', '-c', script], [])
      assert.equal(stderr, '')
      assert.equal(fs.readFileSync(join(folder, 'code'), 'utf8'), '0\n')
      assert.deepEqual(fs.readdirSync(folder).sort(), ['code', 'limbeck.yaml', 'revisions', 'schemas'])
      return Promise.resolve()
    }),
})

Deno.test('who runs the executable has a name, whether the environment tells it or the system alone', () =>
  inFolder(async (folder) => {
    const command = [await built('executable')]
    const { USER: _, ...nobody } = environment()
    for (
      const [env, who] of [[nobody, new RegExp(`^${userInfo().username}@`)], [
        { ...nobody, USER: 'alice' },
        /^alice@/,
      ]] as const
    ) {
      const url = ['--url', `sqlite:///${join(folder, 'a.db')}`]
      run(command, ['upgrade', '+1', ...url], env)
      const { stdout, stderr } = run(command, ['journal', '--last', '1', '--json', ...url], env)
      assert.match(stdout, /"by": "/, stderr)
      assert.match(/"by": "([^"]*)"/.exec(stdout)![1]!, who)
    }
  }))

Deno.test({
  name: 'the library that is built takes the content of a configuration, and tells what is wrong with one',
  ignore: NO_NODE,
  async fn() {
    const library = pathToFileURL(join(dirname(await built('node')), 'mod.mjs')).href
    const script = `import { heads } from '${library}'
      const told = (config) => heads({ config }).then((all) => all.length, ({ problems }) => problems[0].code)
      console.log(await told({ revisions: 'revisions' }), await told({ revision: 'revisions' }))`
    const { stdout, stderr } = run(['node', '--input-type=module', '--eval', script], [])
    assert.equal(stdout, '1 unknown-field\n', stderr)
  },
})

Deno.test('nothing is used that came to JavaScript after Node 20', () => {
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--allowImportingTsExtensions', '--ignoreConfig']
  const target = ['--lib', 'es2023', '--target', 'es2023', '--module', 'nodenext', '--types', 'node']
  const { status, stdout } = run(
    [process.execPath, 'run', '-A', compiler()],
    [...options, ...target, SOURCE, join(ROOT, 'src/mod.ts')],
  )
  assert.equal(status, 0, stdout)
})

/** Packages that nothing but the commands that need them may load. */
const HEAVY = [
  'postgres',
  '@libsql/client',
  'libsql',
  'ajv',
  'yaml',
  'typebox',
  'libpg-query',
  'sql-parser-cst',
]

/** The packages in the files of the bundle that Node loaded: its coverage report names every script. */
async function loadedPackages(args: readonly string[]): Promise<string[]> {
  const file = await built('node')
  const loaded: string[] = []
  await inFolder((folder) => {
    const { status, stderr } = run(['node', file], args, environment({ NODE_V8_COVERAGE: folder }))
    assert.equal(status, 0, stderr)
    for (const name of fs.readdirSync(folder)) {
      const { result } = JSON.parse(fs.readFileSync(join(folder, name), 'utf8')) as {
        result: { url: string }[]
      }
      loaded.push(
        ...result.filter(({ url }) => url.startsWith('file:')).map(({ url }) => basename(fileURLToPath(url))),
      )
    }
    return Promise.resolve()
  })
  assert(loaded.includes(basename(BUILDS.node)), 'the report names the program')
  return bundledPackages(loaded)
}

Deno.test({
  name: '--version and --help load no driver, validator or YAML',
  ignore: NO_NODE,
  async fn() {
    for (const args of [['--version'], ['--help'], ['upgrade', '--help']]) {
      const found = await loadedPackages(args)
      assert.deepEqual(found.filter((one) => HEAVY.includes(one)), [], args.join(' '))
    }
  },
})

Deno.test({
  name: 'what is loaded is seen: the SQLite driver by current, not by heads',
  ignore: NO_NODE,
  async fn() {
    assert(!(await loadedPackages(['heads'])).includes('@libsql/client'))
    assert((await loadedPackages(['current', '--url', 'sqlite://'])).includes('@libsql/client'))
  },
})
