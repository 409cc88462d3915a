/** `stamp --verify` and `stamp --auto`: the schema decides, under the migration lock, before anything is changed. */
import { EXIT, fault } from '../../problem.ts'
import { differenceLines } from '../../diff/index.ts'
import { compareAt, identify } from '../../identify/identify.ts'
import type { Identified } from '../../identify/identify.ts'
import { between, holds } from '../../identify/places.ts'
import type { Place } from '../../identify/places.ts'
import { compileOperations, operationsFor } from '../../plan/compile.ts'
import { applyChanges, rowsText } from '../../revision/graph/rows.ts'
import { stampSteps } from '../../revision/graph/stamp.ts'
import type { Steps } from '../../revision/graph/steps.ts'
import type { Session } from '../../run/session/session.ts'
import type { FindStamp } from '../../run/stamp.ts'
import type { Invocation } from '../command.ts'
import { deviationLines, few, halfwayText, identifyOptions } from '../project/identifying.ts'
import { printNote } from '../output/print.ts'
import type { Project } from '../project/project.ts'
import { warnUnfinished } from './unfinished.ts'

/**
 * The steps of a stamp, if the schema is that of where they lead.
 * @throws `not-the-schema` (exit code 3) with the whole difference
 */
export function findVerified(
  invocation: Invocation,
  project: Project,
  find: (rows: readonly string[]) => Steps,
): FindStamp {
  return async (rows, { connection, dialect }) => {
    const steps = find(rows)
    const heads = applyChanges(rows, steps.steps.flatMap((one) => one.changes))
    const options = await identifyOptions(invocation, project, connection, dialect)
    const { found, ignored } = await compareAt(heads, options)
    sayIgnored(invocation, ignored)
    const lines = differenceLines(found)
    if (lines.length === 0) return steps
    return fault(
      'not-the-schema',
      `the database does not have the schema of ${rowsText(heads)}: it was not stamped`,
      {
        notes: [`from the database to ${rowsText(heads)}:`, ...lines.map((line) => `  ${line}`)],
        hint: '`limbeck identify` finds what it is',
        exit: EXIT.differences,
      },
    )
  }
}

function sayIgnored({ io, options }: Invocation, ignored: readonly string[]): void {
  if (ignored.length > 0) printNote(io, options, `no revision ever had, and not compared: ${few(ignored)}`)
}

/**
 * The steps of a stamp to the revision whose schema the database has; none when it is stamped already, or empty.
 * @param purge whether what the version table says is forgotten
 * @throws with exit code 3: `unknown-database-revision`, `not-identified`, `not-ours`, `several-revisions`
 */
export function findAuto(invocation: Invocation, project: Project, purge: boolean): FindStamp {
  const { graph } = project
  const say = (text: string) => printNote(invocation.io, invocation.options, text)
  return async (rows, session) => {
    const unknown = rows.filter((id) => !graph.byId.has(id))
    if (unknown.length === 0 && rows.length > 0 && !purge) {
      await warnUnfinished(invocation, project, session)
      say('the database is stamped already')
      return undefined
    }
    const options = await identifyOptions(invocation, project, session.connection, session.dialect)
    const found = await identify(options)
    if (unknown.length > 0 && !purge) refuseUnknown(unknown, found)
    sayIgnored(invocation, found.ignored)
    if (found.exact.length === 0) refuseUnidentified(found)
    if (!found.related && found.ignored.length > 0) refuseOthers(found)
    const isEmpty = !found.related
    const place = isEmpty ? found.exact[0]! : await newest(found, project, session)
    if (isEmpty) say('the database is empty')
    if (isEmpty && rows.length === 0) {
      await warnUnfinished(invocation, project, session)
      return undefined
    }
    return stampSteps(graph, rows, place.heads.length === 0 ? ['base'] : place.heads, purge)
  }
}

function refuseUnknown(unknown: readonly string[], { exact }: Identified): never {
  const names = unknown.map((one) => `"${one}"`).join(', ')
  const place = exact.at(-1)
  return fault(
    'unknown-database-revision',
    `the version table names ${names}, but no revision file has this id`,
    {
      notes: place === undefined ? [] : [`its schema is that of ${rowsText(place.heads)}`],
      hint: place === undefined
        ? 'fetch the missing file'
        : 'fetch the missing file, or say `limbeck stamp --auto --purge` to forget what the version table says',
      exit: EXIT.differences,
    },
  )
}

function refuseUnidentified({ nearest, halfway }: Identified): never {
  const [first] = nearest
  const near = first === undefined ? [] : [
    `the nearest is ${rowsText(first.place.heads)}`,
    ...deviationLines(first.deviations).map((line) => `  ${line}`),
  ]
  return fault('not-identified', 'no revision has the schema of the database: it was not stamped', {
    notes: halfway === undefined ? near : [halfwayText(halfway)],
    hint: '`limbeck identify -v` shows the whole difference',
    exit: EXIT.differences,
  })
}

function refuseOthers({ ignored }: Identified): never {
  return fault(
    'not-ours',
    'nothing of this history is in the database, but other things are: it was not stamped',
    {
      notes: [`there is ${few(ignored)}`],
      hint: 'is it the right database? If it is, `limbeck upgrade heads` begins beside what is there',
      exit: EXIT.differences,
    },
  )
}

/** The newest of the places, if nothing but the version table tells it from the others. */
async function newest({ exact }: Identified, { graph, history }: Project, session: Session): Promise<Place> {
  const last = exact.at(-1)!
  const ran: string[] = []
  for (const place of exact) {
    if (!holds(last, place)) ran.push(rowsText(place.heads))
    else {ran.push(
        ...await runningSql(
          place,
          between(graph, place, last).map((one) => one.id),
          history,
          session,
        ),
      )}
  }
  if (ran.length === 0) return last
  return fault('several-revisions', 'the database has the schema of several revisions: it was not stamped', {
    notes: [
      `it is that of ${exact.map((one) => rowsText(one.heads)).join('; ')}`,
      `whether ${[...new Set(ran)].join(', ')} ran, the schema does not tell`,
    ],
    hint: 'look at the data, and name the revision: `limbeck stamp --verify <revision>`',
    exit: EXIT.differences,
  })
}

/** Those of some revisions that run any SQL on this dialect, from a place on. */
async function runningSql(
  from: Place,
  ids: readonly string[],
  history: Session['history'],
  { connection, dialect }: Session,
): Promise<string[]> {
  const documents = await history.load(ids)
  const target = { dialect, server: connection.server }
  let model = from.model
  return ids.filter((id) => {
    const operations = operationsFor(documents.get(id)!.upgrade, target)
    const { statements, after } = compileOperations(operations, model, target, { blind: true })
    model = after
    return statements.length > 0
  })
}
