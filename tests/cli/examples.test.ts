/**
 * What `explain` shows for an example is what happens: the examples of all operations are the revisions of one history, each
 * with a revision before it that makes what it needs, and one behind it that takes everything away again.
 */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import type { Dialect } from '../../src/dialect/dialect.ts'
import { EMPTY } from '../../src/model/model.ts'
import type { Operation } from '../../src/ops/index.ts'
import { definitionOf, DEFINITIONS } from '../../src/ops/index.ts'
import { inverseOf } from '../../src/plan/replay.ts'
import { operationText } from '../../src/revision/write.ts'
import { limbeck } from '../support/command-line.ts'
import { modelAfter, placed } from '../support/compile.ts'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const EXAMPLES = DEFINITIONS.filter(({ kind }) => kind !== 'todo')

interface Explained {
  readonly example: string
  readonly downgrade: string
  /** Comments stand for what the dialect has no statement for. */
  readonly sql: readonly string[]
}

/** The parts of what `explain` prints for a person. */
async function explained(kind: string, dialect: Dialect): Promise<Explained> {
  const { stdout, stderr } = await limbeck(['explain', kind], { cwd: tmpdir() })
  const parts = /^Example\n(.*)^Downgrade\n(.*)^PostgreSQL\n(.*)^SQLite\n(.*)/ms.exec(stdout)
  assert(parts !== null, stderr)
  const [example = '', downgrade = '', onPostgres = '', onSqlite = ''] = parts.slice(1)
  const text = (dialect.name === 'postgres' ? onPostgres : onSqlite).replaceAll(/^ {2}/gm, '').trim()
  return { example, downgrade, sql: text.startsWith('--') ? [] : text.split(/;\n(?=[A-Z])/) }
}

function listOf(key: string, operations: readonly Operation[]): string {
  return operations.length === 0
    ? `${key}: []\n`
    : `${key}:\n${operations.map((one) => `${operationText(one)}\n`).join('')}`
}

/** The revisions by their ids, each as it stands below its header. */
async function history(dialect: Dialect): Promise<Record<string, string>> {
  const target = { dialect, server: dialect.newest }
  const bodies: Record<string, string> = {}
  for (const { kind, example } of EXAMPLES) {
    const { given = [], operation } = example
    const [before, isFor] = [modelAfter(given, dialect), (operation.only ?? dialect.name) === dialect.name]
    const lost = isFor && 'irreversible' in definitionOf(operation).invert(operation, before)
    const undone = isFor && !lost ? [...given, operation] : given
    const emptied = inverseOf(placed(undone), EMPTY, target).map((one) => one.operation)
    bodies[`${kind}.0`] = listOf('upgrade', given)
    const shown = await explained(kind, dialect)
    const back = shown.downgrade.startsWith('  #') ? ' []\n' : `\n${shown.downgrade}`
    bodies[kind] = `upgrade:\n${shown.example}downgrade:${back}`
    bodies[`${kind}.9`] = listOf('upgrade', emptied) + listOf('downgrade', undone)
  }
  return bodies
}

/** What `upgrade --sql` prints for each example, up to where it writes the new head. */
async function scripted(ground: Ground): Promise<ReadonlyMap<string, string>> {
  const script = await ground.done('upgrade', 'head', '--sql')
  const parts = script.split(/^-- Running upgrade \S* -> (\S+)$/m)
  const runOf = (id: string) => parts[parts.indexOf(id) + 1]!.split(/^UPDATE alembic_version /m)[0]!
  return new Map(EXAMPLES.map(({ kind }) => [kind, runOf(kind).trim()]))
}

async function check(ground: Ground, dialect: Dialect): Promise<void> {
  const scripts = await scripted(ground)
  for (const { kind } of EXAMPLES) {
    const { sql } = await explained(kind, dialect)
    const script = scripts.get(kind)!
    for (const one of sql) assert(script.includes(one), `${kind}: explained is\n${one}\nrun is\n${script}`)
    if (sql.length === 0) assert.equal(script, '', `${kind} does nothing`)
  }
  await ground.done('upgrade', 'head')
  await ground.done('downgrade', 'base')
  await ground.done('upgrade', 'head')
}

Deno.test('what explain shows is what SQLite runs', async () => {
  await onSqlite(await history(sqlite), (ground) => check(ground, sqlite))
})

Deno.test('what explain shows is what PostgreSQL runs', async () => {
  await onPostgres(await history(postgres), (ground) => check(ground, postgres))
})
