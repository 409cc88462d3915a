/**
 * All checks and tests, in one command: `npm test`. The checks run together, and what is shipped is built with them; the
 * tests run even when a check failed, several files as one program (`test-groups.ts`). The last line of the output is
 * `N passed, N failed`, where a failed check counts as one. With arguments (files, --filter…) `deno test` alone runs, with
 * them.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { availableParallelism, freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { testFiles, testGroups, writeGroups } from './test-groups.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const CHECKS: readonly (readonly [name: string, ...command: string[]])[] = [
  ['formatted', 'fmt', '--check', '--quiet'],
  ['linted', 'lint', '--quiet'],
  ['types', 'check', '--quiet', 'src/', 'scripts/', 'tests/'],
  ['house', 'run', '-A', '--no-check', 'scripts/house.ts'],
  ['schemas', 'run', '-A', '--no-check', 'scripts/schemas.ts', '--check'],
  ['built', 'run', '-A', '--no-check', 'scripts/build.ts'],
]

/** Bytes: more than the tests ever have in temporary files at once, which are two servers and some executables. */
const ROOM = 2e9

/**
 * The folder for temporary files, databases above all, of which SQLite would wait for the disk at every commit: in memory,
 * where the system has such a folder with room, and programs in it may be started (a container's is small, and often not
 * for programs); else the usual one. TMPDIR says another.
 */
function temporary(): string {
  const memory = '/dev/shm'
  if (process.env.TMPDIR !== undefined || !isWritable(memory)) return tmpdir()
  const { bavail, bsize } = fs.statfsSync(memory)
  if (Math.min(bavail * bsize, freemem()) < ROOM) return tmpdir()
  const probe = join(memory, `limbeck-probe-${process.pid}`)
  fs.writeFileSync(probe, '#!/bin/sh\n', { mode: 0o755 })
  const starts = spawnSync(probe).status === 0
  fs.rmSync(probe)
  return starts ? memory : tmpdir()
}

function isWritable(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.W_OK)
    return true
  } catch {
    return false
  }
}

const TEMPORARY = temporary()
const ENVIRONMENT = {
  // Tests wait more than they compute: for servers, for locks, for processes that they start.
  DENO_JOBS: String(availableParallelism() + 2),
  ...process.env,
  TMPDIR: TEMPORARY,
}

interface Ended {
  readonly passed: boolean
  readonly output: string
}

/** Runs this runtime with the arguments. @returns its output, once it has ended */
async function deno(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: ENVIRONMENT,
    stdio: ['inherit', 'pipe', 'pipe'],
  })
  const parts: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part))
  const [status] = await once(child, 'close')
  return { passed: status === 0, output: Buffer.concat(parts).toString() }
}

async function check([name, ...command]: (typeof CHECKS)[number]): Promise<boolean> {
  const started = performance.now()
  const { passed, output } = await deno(command)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${output}${name} ... ${passed ? 'ok' : 'FAILED'} (${seconds}s)`)
  return passed
}

interface Totals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * Runs the tests; the totals come from the JUnit report, the output goes by untouched.
 * @param args files and options; none for all tests
 */
function test(args: readonly string[]): Totals {
  const folder = fs.mkdtempSync(join(TEMPORARY, 'limbeck-test-'))
  const report = join(folder, 'junit.xml')
  const what = args.length > 0 ? args : writeGroups(ROOT, testGroups(testFiles(ROOT)), folder)
  const command = ['test', '-A', '--no-check', '--parallel', `--junit-path=${report}`, ...what]
  const { status } = spawnSync(process.execPath, command, { cwd: ROOT, env: ENVIRONMENT, stdio: 'inherit' })
  const totals = fs.existsSync(report)
    ? read(fs.readFileSync(report, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 }
  fs.rmSync(folder, { recursive: true, force: true })
  return status === 0 || totals.failed > 0 ? totals : { ...totals, failed: 1 }
}

function read(xml: string): Totals {
  const head = /<testsuites[^>]*>/.exec(xml)?.[0] ?? ''
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0)
  const failed = count('failures') + count('errors')
  const skipped = (xml.match(/<skipped\b/g) ?? []).length
  return { failed, skipped, passed: count('tests') - failed - skipped }
}

const args = process.argv.slice(2)
// Together: most of them use one processor.
const checks = args.length > 0 ? [] : await Promise.all(CHECKS.map(check))
const totals = test(args)
const failed = totals.failed + checks.filter((passed) => !passed).length
if (totals.skipped > 0) console.log(`${totals.skipped} skipped`)
console.log(`${totals.passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
