/** Runs a recorded graph case by the functions of src/revision, without a command line. */
import { planRevision, withRevision } from '../../src/revision/graph/create.ts'
import { buildGraph } from '../../src/revision/graph/graph.ts'
import type { Graph, RevisionNode } from '../../src/revision/graph/graph.ts'
import {
  checkHeads,
  listBranches,
  listCurrent,
  listHeads,
  listHistory,
  listShow,
} from '../../src/revision/graph/listing.ts'
import type { Entry } from '../../src/revision/graph/listing.ts'
import {
  branchesText,
  currentText,
  headsText,
  historyText,
  showText,
} from '../../src/revision/graph/listing-text.ts'
import { readStampTargets, readTarget } from '../../src/revision/graph/range.ts'
import { applyChanges } from '../../src/revision/graph/rows.ts'
import type { RowChange } from '../../src/revision/graph/rows.ts'
import { refusePurgeInScript, stampSteps } from '../../src/revision/graph/stamp.ts'
import { downgradeSteps, upgradeSteps } from '../../src/revision/graph/steps.ts'
import type { Steps } from '../../src/revision/graph/steps.ts'
import type { CaseStep, GraphCase, ListedRevision, Outcome } from './graph-cases.ts'
import { ProblemError } from '../../src/problem.ts'

export function runByFunctions(graphCase: GraphCase): Outcome {
  try {
    return run(graphCase, buildGraph(graphCase.revisions.map(toNode), ['revisions']))
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return { error: { message: error.message }, heads_after: graphCase.current }
  }
}

function toNode(revision: GraphCase['revisions'][number], index: number): RevisionNode {
  return {
    id: revision.id,
    down: revision.down_revision,
    dependsOn: revision.depends_on,
    labels: revision.branch_labels,
    message: `rev ${revision.id}`,
    file: `revisions/${String(index).padStart(4, '0')}_${revision.id}.yaml`,
  }
}

function run(graphCase: GraphCase, graph: Graph): Outcome {
  const { kind, options, current } = graphCase
  switch (kind) {
    case 'upgrade':
    case 'downgrade':
      return runMove(graphCase, graph, kind)
    case 'stamp':
      return runStamp(graphCase, graph)
    case 'history': {
      const entries = listHistory(graph, { range: graphCase.target ?? null, rows: current })
      return { revs: entries.map((entry) => listed(entry, true)), stdout: historyText(entries, false) }
    }
    case 'heads': {
      const entries = listHeads(graph, options.resolve_dependencies ?? false)
      return { revs: entries.map((entry) => listed(entry)), stdout: headsText(entries, false) }
    }
    case 'branches':
      return runBranches(graph)
    case 'current': {
      if (options.check_heads === true) checkHeads(graph, current)
      const entries = listCurrent(graph, current)
      return {
        revs: entries.map((entry) => ({ ...listed(entry, false, true), labels: [] })),
        stdout: currentText(entries, false),
      }
    }
    case 'show': {
      const entries = listShow(graph, graphCase.target!, current)
      return { revs: entries.map((entry) => listedInBlock(entry)), stdout: showText(entries) }
    }
    case 'revision':
    case 'merge':
      return runCreate(graphCase, graph)
  }
}

function runMove(graphCase: GraphCase, graph: Graph, command: 'upgrade' | 'downgrade'): Outcome {
  const sql = graphCase.options.sql ?? false
  const asked = readTarget(graph, command, graphCase.target!, sql)
  const rows = sql ? asked.rows : graphCase.current
  const move = command === 'upgrade' ? upgradeSteps : downgradeSteps
  return movement(rows, move(graph, rows, asked.target), command === 'upgrade' ? 'up' : 'down')
}

function runStamp(graphCase: GraphCase, graph: Graph): Outcome {
  const { sql = false, purge = false } = graphCase.options
  if (sql && purge) refusePurgeInScript()
  const asked = readStampTargets(graph, graphCase.targets!, sql)
  const rows = sql ? asked.rows : graphCase.current
  const outcome = movement(rows, stampSteps(graph, rows, asked.targets, purge), 'up')
  return {
    ...outcome,
    version_table: outcome.version_table!.filter(([change]) => sql || change !== 'create'),
  }
}

function movement(rows: readonly string[], { steps, warnings }: Steps, dir: 'up' | 'down'): Outcome {
  let after = [...rows]
  const shown = steps.map((step): CaseStep => {
    after = applyChanges(after, step.changes)
    return { dir, id: step.revisions[0]!, heads: after }
  })
  const created = rows.length === 0 && steps.length > 0 ? [['create']] : []
  const changes = steps.flatMap((step) => step.changes).map(changeWords)
  return { steps: shown, heads_after: after, warnings, version_table: [...created, ...changes] }
}

function changeWords(change: RowChange): string[] {
  switch (change.change) {
    case 'insert':
    case 'delete':
      return [change.change, change.id]
    case 'update':
      return ['update', change.from, change.to]
    case 'clear':
      return ['clear']
  }
}

function runBranches(graph: Graph): Outcome {
  const branches = listBranches(graph)
  return {
    revs: branches.map(({ entry, children }) => ({
      ...listed(entry, false, true),
      children: children.map((child) => listed(child, false, true)),
    })),
    stdout: branchesText(branches, false),
  }
}

function runCreate(graphCase: GraphCase, graph: Graph): Outcome {
  const { rev_id, head = 'head', splice = false, depends_on = [], branch_label } = graphCase.options
  const planned = planRevision(graph, {
    id: rev_id ?? 'made12345678',
    message: 'rev new',
    heads: graphCase.kind === 'merge' ? graphCase.targets! : [head],
    splice,
    dependsOn: depends_on,
    labels: branch_label === undefined ? [] : [branch_label],
  })
  const shownId = rev_id ?? null
  return {
    new: {
      id: shownId,
      down_revision: planned.down,
      depends_on: planned.dependsOn,
      branch_labels: planned.labels,
    },
    graph_heads: withRevision(graph, planned).heads.map((id) => id === planned.id ? shownId : id),
  }
}

export function listed(entry: Entry, parents = false, junctions = parents): ListedRevision {
  const head = entry.isEffectiveHead ? ['effective head'] : entry.isHead ? ['head'] : []
  return {
    id: entry.id,
    labels: entry.labels,
    markers: [...head, ...(junctions ? junctionMarkers(entry) : [])],
    ...(parents ? { down: entry.down, deps: entry.dependsOn } : {}),
  }
}

/** `show` knows no effective heads. */
export function listedInBlock(entry: Entry): ListedRevision {
  const markers = [...(entry.isHead ? ['head'] : []), ...junctionMarkers(entry)]
  return { id: entry.id, labels: entry.labels, markers, down: entry.down, deps: entry.dependsOn }
}

function junctionMarkers(entry: Entry): string[] {
  return [
    ...(entry.isCurrent ? ['current'] : []),
    ...(entry.isBranchPoint ? ['branchpoint'] : []),
    ...(entry.isMergePoint ? ['mergepoint'] : []),
  ]
}
