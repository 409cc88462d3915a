/**
 * All checks and tests, in one command: `npm test`. What is shipped is built first, and the transcripts of the command line
 * are played on the executable, too. Each runs even when one before it failed; the last line of the
 * output is `N passed, N failed`, where a failed check counts as one. With arguments (files, --filter…) `deno test` alone
 * runs, with them.
 */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { BUILDS } from './build.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const CHECKS: readonly (readonly [name: string, ...command: string[]])[] = [
  ['formatted', 'fmt', '--check', '--quiet'],
  ['linted', 'lint', '--quiet'],
  ['types', 'check', '--quiet', 'src/', 'scripts/', 'tests/'],
  ['house', 'run', '-A', '--no-check', 'scripts/house.ts'],
  ['schemas', 'run', '-A', '--no-check', 'scripts/schemas.ts', '--check'],
  ['built', 'run', '-A', '--no-check', 'scripts/build.ts'],
]

/** Runs this runtime with the arguments, its output going where ours goes. */
function deno(args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  const options = { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } } as const
  return spawnSync(process.execPath, args, options).status === 0
}

function check([name, ...command]: (typeof CHECKS)[number]): boolean {
  const started = performance.now()
  const passed = deno(command)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${name} ... ${passed ? 'ok' : 'FAILED'} (${seconds}s)`)
  return passed
}

interface Totals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Runs the tests; the totals come from the JUnit report, the output goes by untouched. */
function test(args: readonly string[], env: Readonly<Record<string, string>> = {}): Totals {
  const report = join(fs.mkdtempSync(join(tmpdir(), 'limbeck-test-')), 'junit.xml')
  const passed = deno([
    'test',
    '-A',
    '--no-check',
    '--parallel',
    `--junit-path=${report}`,
    ...(args.length > 0 ? args : ['tests/']),
  ], env)
  const totals = fs.existsSync(report)
    ? read(fs.readFileSync(report, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 }
  fs.rmSync(join(report, '..'), { recursive: true, force: true })
  return passed || totals.failed > 0 ? totals : { ...totals, failed: 1 }
}

function read(xml: string): Totals {
  const head = /<testsuites[^>]*>/.exec(xml)?.[0] ?? ''
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0)
  const failed = count('failures') + count('errors')
  const skipped = (xml.match(/<skipped\b/g) ?? []).length
  return { failed, skipped, passed: count('tests') - failed - skipped }
}

/** The transcripts once more, played on what users get. */
function testExecutable(): Totals {
  console.log('\nthe transcripts on the executable:')
  return test(['tests/cli/transcripts.test.ts'], { LIMBECK_TEST_COMMAND: BUILDS.executable })
}

function sum(a: Totals, b: Totals): Totals {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

const args = process.argv.slice(2)
const broken = args.length > 0 ? 0 : CHECKS.map(check).filter((passed) => !passed).length
const totals = args.length > 0 ? test(args) : sum(test(args), testExecutable())
const failed = totals.failed + broken
if (totals.skipped > 0) console.log(`${totals.skipped} skipped`)
console.log(`${totals.passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
