import { EXIT } from '../../problem.ts'
import type { ExitCode } from '../../problem.ts'
import { maskUrl } from '../../dialect/mask-url.ts'
import { differenceLines } from '../../diff/index.ts'
import { identify } from '../../identify/identify.ts'
import type { Identified, Near } from '../../identify/identify.ts'
import { isAtHeads } from '../../revision/graph/listing.ts'
import { rowsText, sameRows } from '../../revision/graph/rows.ts'
import { fromOperation } from '../../revision/operation.ts'
import { readRows } from '../../run/records/version-table.ts'
import type { Command, Invocation } from '../command.ts'
import { withConnection } from '../project/database.ts'
import { deviationLines, few, halfwayText, identifyOptions, placeText } from '../project/identifying.ts'
import { printJson, printNote, printWarning } from '../output/print.ts'
import { openProject } from '../project/project.ts'
import type { Project } from '../project/project.ts'

interface Seen extends Identified {
  /** The rows of the version table. */
  readonly rows: readonly string[]
  /** The database's URL, its secrets masked. */
  readonly url: string
}

/**
 * `limbeck identify`: finds the revisions whose schema the database has, whatever its version table says; exit code 3
 * when there is none, and the nearest are shown.
 */
export const command: Command = async (invocation) => {
  const project = await openProject(invocation)
  const seen = await withConnection(
    invocation,
    project,
    false,
    async (connection, dialect): Promise<Seen> => ({
      rows: await readRows(connection, dialect, project.versionTable, project.settings) ?? [],
      url: maskUrl(connection.url),
      ...await identify(await identifyOptions(invocation, project, connection, dialect)),
    }),
  )
  return report(invocation, project, seen)
}

function report(invocation: Invocation, project: Project, seen: Seen): ExitCode {
  const { io, options } = invocation
  if (options.flag('json')) printJson(io, json(project, seen))
  else {
    sayWhatIsStrange(invocation, seen)
    io.stdout(seen.exact.length > 0 ? exactText(project, seen) : nearestText(invocation, project, seen))
  }
  sayWhatItSays(invocation, project, seen)
  return seen.exact.length > 0 ? EXIT.done : EXIT.differences
}

function sayWhatIsStrange({ io, options }: Invocation, { ignored, related }: Seen): void {
  if (!related) {
    const what = ignored.length === 0 ? 'the database is empty' : 'nothing of this history is in the database'
    printNote(io, options, what)
  }
  if (ignored.length > 0) printNote(io, options, `no revision ever had, and not compared: ${few(ignored)}`)
}

/** Says what the version table says, where that is something else. */
function sayWhatItSays({ io, options }: Invocation, { graph }: Project, { rows, exact }: Seen): void {
  const unknown = rows.filter((id) => !graph.byId.has(id))
  if (unknown.length > 0) {
    const names = unknown.map((one) => `"${one}"`).join(', ')
    const [heads] = exact.map((one) => one.heads).reverse()
    printWarning(io, options, {
      code: 'unknown-database-revision',
      message: `the version table names ${names}, but no revision file has this id`,
      ...(heads === undefined ? {} : {
        hint: `\`limbeck stamp --purge ${heads.join(' ') || 'base'}\` says instead what the database is`,
      }),
    })
  } else if (rows.length > 0 && !exact.some(({ heads }) => sameRows(heads, rows))) {
    printWarning(io, options, {
      code: 'stamped-otherwise',
      message: `the version table says ${rows.join(', ')}, whose schema the database does not have`,
    })
  }
}

function exactText({ graph }: Project, { exact }: Seen): string {
  return exact.map(({ heads }) => `${placeText(graph, heads)}\n`).reverse().join('')
}

function nearestText({ options }: Invocation, { graph }: Project, { nearest, halfway }: Seen): string {
  const whole = ({ found }: Near) =>
    options.flag('verbose')
      ? ['from the database to it:', ...differenceLines(found).map((line) => `  ${line}`)]
      : []
  const lines = nearest.flatMap((near) => [
    placeText(graph, near.place.heads),
    ...(near.same.length === 0 ? [] : [`  the same: ${few(near.same.map((one) => rowsText(one.heads)))}`]),
    ...[...deviationLines(near.deviations), ...whole(near)].map((line) => `  ${line}`),
  ])
  const head = 'no revision has this schema; the nearest:'
  return [head, ...lines, ...(halfway === undefined ? [] : [halfwayText(halfway)])].map((line) => `${line}\n`)
    .join('')
}

function json({ graph }: Project, { url, rows, exact, nearest, halfway, ignored, related }: Seen) {
  const words = ({ deviations }: Near, kind: string) =>
    deviations.filter((one) => one.kind === kind).map((one) => one.what)
  return {
    database: url,
    rows,
    exact: exact.map(({ heads }) => ({ heads, is_head: isAtHeads(graph, heads) })).reverse(),
    nearest: nearest.map((near) => ({
      heads: near.place.heads,
      same: near.same.map((one) => one.heads),
      missing: words(near, 'missing'),
      extra: words(near, 'extra'),
      different: words(near, 'different'),
      operations: near.found.operations.map(fromOperation),
      notes: near.found.notes.map((one) => one.message),
    })),
    halfway: halfway === undefined ? null : { from: halfway.from.place.heads, to: halfway.to.place.heads },
    ignored,
    empty: !related && ignored.length === 0,
  }
}
