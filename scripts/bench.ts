/**
 * Compares the compiled executable with the programs that do the same, and prints one table of ratios:
 * `scripts/bench.ts [start] [sqlite] [postgres] [heads] [check] [--runs N]`; without names all of them.
 *
 * The histories are made here, the SQL of `sqlite3` and `psql` is what `upgrade head --sql` writes. Peers are taken from
 * the path (dbmate from npm), and PostgreSQL is the server of the tests made durable, or LIMBECK_TEST_POSTGRES_URL.
 */
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { check } from './bench/check.ts'
import { findPeers } from './bench/machine.ts'
import type { Machine } from './bench/machine.ts'
import { heads, onPostgres, sqlite, start } from './bench/parts.ts'
import { table } from './bench/table.ts'
import type { Comparison } from './bench/table.ts'
import { built } from './build.ts'

const PARTS: Readonly<Record<string, (machine: Machine) => Promise<Comparison[]>>> = {
  start,
  sqlite,
  postgres: onPostgres,
  heads,
  check,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '5' } },
})
const runs = Number(values.runs)
assert(Number.isInteger(runs) && runs > 0, `--runs is a number of runs, not "${values.runs}"`)
const wanted = positionals.length === 0 ? Object.keys(PARTS) : positionals
const unknown = wanted.find((name) => !Object.hasOwn(PARTS, name))
assert(unknown === undefined, `there is no part "${unknown}"; there are ${Object.keys(PARTS).join(', ')}`)

const limbeck = await built('executable')
const folder = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), 'limbeck-bench-'))
try {
  const comparisons: Comparison[] = []
  for (const name of wanted) {
    console.error(`${name}…`)
    comparisons.push(...await PARTS[name]!({ limbeck, runs, folder, peers: findPeers() }))
  }
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'} × ${cpus().length}, ${runs} runs in turn after a warm-up\n`,
  )
  console.log(table(comparisons))
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}
