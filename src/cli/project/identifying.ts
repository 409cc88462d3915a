/** Telling by its schema where a database is: what `identify`, `stamp --auto` and `stamp --verify` share. */
import { EXIT, fault } from '../../problem.ts'
import { EMPTY } from '../../model/model.ts'
import type { Connection, Dialect } from '../../dialect/dialect.ts'
import { filtered } from '../../diff/filter.ts'
import type { Deviation } from '../../identify/deviation.ts'
import type { IdentifyOptions, Near } from '../../identify/identify.ts'
import type { Graph } from '../../revision/graph/graph.ts'
import { isAtHeads } from '../../revision/graph/listing.ts'
import { rowsText } from '../../revision/graph/rows.ts'
import type { Invocation } from '../command.ts'
import { compared, liveModel } from './comparing.ts'
import { printNote } from '../output/print.ts'
import type { Project } from './project.ts'
import { scratchOf } from './replaying.ts'

/**
 * What identifying a database needs; its schema is read.
 * @throws `no-revisions` when there is nothing to compare it with
 */
export async function identifyOptions(
  invocation: Invocation,
  project: Project,
  connection: Connection,
  dialect: Dialect,
): Promise<IdentifyOptions> {
  const { io, options } = invocation
  const { history, config } = project
  if (history.graph.byId.size === 0) {
    fault('no-revisions', 'there are no revisions to compare the database with', {
      hint: '`limbeck revision --baseline -m "…"` makes its schema the first one',
      exit: EXIT.usage,
    })
  }
  const target = { dialect, server: connection.server }
  return {
    history,
    ...target,
    naming: config.naming,
    live: await liveModel(project, connection, dialect),
    compare: (current, desired) =>
      compared(project, current, desired, target, { noRenames: true }, connection),
    visible: (model) => filtered(model, EMPTY, config),
    scratch: scratchOf(invocation, project, dialect),
    note: (message) => printNote(io, options, message),
  }
}

/** `a3 (head), email must be there`. */
export function placeText(graph: Graph, heads: readonly string[]): string {
  const all = heads.length > 0 && isAtHeads(graph, heads)
  const message = heads.length === 1 ? graph.byId.get(heads[0]!)!.message : ''
  const mark = all ? heads.length === 1 ? ' (head)' : ' (heads)' : ''
  return `${rowsText(heads)}${mark}${message === '' ? '' : `, ${message}`}`
}

const FEW = 6

/** `missing: index "a", index "b"`: a line for what is missing, one for what is extra, one for what is different. */
export function deviationLines(deviations: readonly Deviation[]): string[] {
  return (['missing', 'extra', 'different'] as const).flatMap((kind) => {
    const own = deviations.filter((one) => one.kind === kind).map((one) => one.what)
    return own.length === 0 ? [] : [`${kind}: ${few(own)}`]
  })
}

/** The first few of many. */
export function few(words: readonly string[]): string {
  return words.length > FEW + 1
    ? `${words.slice(0, FEW).join(', ')} and ${words.length - FEW} more`
    : words.join(', ')
}

/** Says of a database that is half-way between two revisions what of the second is done, and what is not. */
export function halfwayText({ from, to }: { readonly from: Near; readonly to: Near }): string {
  const words = (near: Near) => few(near.deviations.map((one) => one.what))
  const id = to.place.heads.find((one) => !from.place.heads.includes(one))!
  return `it is half-way between ${rowsText(from.place.heads)} and ${rowsText(to.place.heads)}; ` +
    `of ${id} this is done: ${words(from)}; this is not: ${words(to)}`
}
