/** Runs a recorded graph case as a user does: revision files in a folder, a SQLite database, the command line. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sqlite } from '../../src/dialect/sqlite/index.ts'
import { readRows, rowStatement } from '../../src/run/records/version-table.ts'
import type { entryJson } from '../../src/cli/output/entry-json.ts'
import type { Entry } from '../../src/revision/graph/listing.ts'
import { parseRevision } from '../../src/revision/load.ts'
import { revisionText } from '../../src/revision/write.ts'
import { limbeck } from './command-line.ts'
import type { Ran } from './command-line.ts'
import type { CaseStep, GraphCase, Outcome } from './graph-cases.ts'
import { listed, listedInBlock } from './run-graph-case.ts'

const VERSION_TABLE = { name: 'alembic_version' }
const DATABASE = 'sqlite:///case.db'

/** Runs the case in a folder of its own, which is removed afterwards. */
export async function runByCommand(graphCase: GraphCase): Promise<Outcome> {
  const cwd = mkdtempSync(path.join(os.tmpdir(), 'limbeck-case-'))
  try {
    writeRevisions(graphCase, path.join(cwd, 'revisions'))
    await withDatabase(cwd, async (connection) => {
      const insert = (id: string) =>
        rowStatement(sqlite.spelling, VERSION_TABLE, { change: 'insert', id }).sql
      await connection.run([
        // Without a primary key: some cases begin with a row that stands twice.
        'CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)',
        ...graphCase.current.map(insert),
      ])
    })
    return await observe(graphCase, cwd)
  } finally {
    rmSync(cwd, { recursive: true })
  }
}

async function withDatabase<T>(
  cwd: string,
  work: (connection: Awaited<ReturnType<typeof sqlite.connect>>) => Promise<T>,
): Promise<T> {
  const connection = await sqlite.connect(DATABASE, { env: {}, cwd, create: true })
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

function writeRevisions(graphCase: GraphCase, folder: string): void {
  mkdirSync(folder)
  graphCase.revisions.forEach((revision, index) => {
    const text = revisionText({
      id: revision.id,
      down: revision.down_revision,
      dependsOn: revision.depends_on,
      labels: revision.branch_labels,
      message: `rev ${revision.id}`,
      upgrade: [],
      downgrade: [],
    })
    writeFileSync(path.join(folder, `${String(index).padStart(4, '0')}_${revision.id}.yaml`), text)
  })
}

async function observe(graphCase: GraphCase, cwd: string): Promise<Outcome> {
  const run = (...more: string[]) => limbeck(['--url', DATABASE, ...graphCase.argv, ...more], { cwd })
  const { kind, options } = graphCase
  const ran = await run(
    ...(kind === 'upgrade' || kind === 'downgrade' || kind === 'stamp') && !options.sql ? ['--json'] : [],
  )
  const rows = await withDatabase(cwd, (connection) => readRows(connection, sqlite, VERSION_TABLE)) ?? []
  if (ran.code !== 0) return { error: { message: ran.stderr }, heads_after: rows }
  if (kind === 'upgrade' || kind === 'downgrade' || kind === 'stamp') {
    return options.sql ? { version_table: versionTableChanges(ran.stdout) } : moved(ran, rows)
  }
  if (kind === 'revision' || kind === 'merge') return await created(graphCase, cwd)
  return { stdout: ran.stdout, revs: listings(graphCase, JSON.parse((await run('--json')).stdout)) }
}

interface MovedJson {
  readonly steps: readonly { direction: string; revisions: string[]; heads: string[] }[]
}

function moved(ran: Ran, rows: readonly string[]): Outcome {
  const { steps } = JSON.parse(ran.stdout) as MovedJson
  const warnings = [...ran.stderr.matchAll(/^warning\[\S+\]: (.*)$/gm)].map((match) => match[1]!)
  return {
    heads_after: rows,
    warnings,
    steps: steps.map((step): CaseStep => ({
      dir: step.direction === 'upgrade' ? 'up' : 'down',
      id: step.revisions[0]!,
      heads: step.heads,
    })),
  }
}

/** What a script does to the version table. */
function versionTableChanges(script: string): string[][] {
  const change =
    /CREATE TABLE (alembic_version)|INSERT INTO alembic_version .*VALUES \('(.*)'\)|DELETE FROM alembic_version WHERE .* = '(.*)'|UPDATE alembic_version SET version_num='(.*)' WHERE .* = '(.*)'/g
  return [...script.matchAll(change)].map(([, table, inserted, deleted, to, from]) => {
    if (table !== undefined) return ['create']
    if (inserted !== undefined) return ['insert', inserted]
    return deleted === undefined ? ['update', from!, to!] : ['delete', deleted]
  })
}

type Json = ReturnType<typeof entryJson>
type Branch = Omit<Json, 'children'> & { readonly children: readonly Json[] }
type Listing = readonly Json[] | { readonly revisions: readonly Json[] }

function fromJson(json: Json): Entry {
  return {
    ...json,
    down: json.down_revision,
    dependsOn: json.depends_on,
    labels: json.branch_labels,
    isHead: json.head,
    isEffectiveHead: json.effective_head,
    isBranchPoint: json.branch_point,
    isMergePoint: json.merge_point,
    isCurrent: json.current ?? false,
  }
}

function listings(graphCase: GraphCase, json: Listing): Outcome['revs'] {
  const read = 'revisions' in json ? json.revisions : json
  const entries = read.map(fromJson)
  switch (graphCase.kind) {
    case 'history':
      return entries.map((entry) => listed(entry, true))
    case 'show':
      return entries.map(listedInBlock)
    case 'branches':
      return (read as unknown as readonly Branch[]).map(({ children, ...entry }) => ({
        ...listed(fromJson({ ...entry, children: [] }), false, true),
        children: children.map((child) => listed(fromJson(child), false, true)),
      }))
    case 'current':
      return entries.map((entry) => ({ ...listed({ ...entry, isCurrent: false }, false, true), labels: [] }))
    default:
      return entries.map((entry) => listed(entry))
  }
}

/** The new file, and the heads with it. */
async function created(graphCase: GraphCase, cwd: string): Promise<Outcome> {
  const folder = path.join(cwd, 'revisions')
  const known = new Set(graphCase.revisions.map((one, i) => `${String(i).padStart(4, '0')}_${one.id}.yaml`))
  const file = readdirSync(folder).find((name) => !known.has(name))!
  const made = await parseRevision(readFileSync(path.join(folder, file), 'utf8'), file)
  const heads = JSON.parse((await limbeck(['heads', '--json'], { cwd })).stdout) as Json[]
  const shown = graphCase.options.rev_id ?? null
  return {
    new: { id: shown, down_revision: made.down, depends_on: made.dependsOn, branch_labels: made.labels },
    graph_heads: heads.map(({ id }) => id === made.id ? shown : id),
  }
}
