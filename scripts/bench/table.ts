/** The table that the benchmark prints. */
import { median } from './measure.ts'
import type { Measured } from './measure.ts'

/** A goal: at most so many times what the peer takes. */
export interface Goal {
  readonly peer: string
  readonly ratio: number
}

/** One comparison: what was done, by us and by others. */
export interface Comparison {
  readonly what: string
  readonly ours: Measured
  readonly peers: readonly Measured[]
  /** Peers that are not on this machine. */
  readonly missing: readonly string[]
  readonly goals: readonly Goal[]
}

const COLUMNS = ['what', 'who', 'median', 'min–max', 'processor', 'memory', 'limbeck takes', 'goal'] as const
type Line = readonly [string, string, string, string, string, string, string, string]

/** The peak memory that no command may need, in MB. */
const MEMORY_GOAL = 150

function seconds(value: number): string {
  return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`
}

function figures(what: string, one: Measured, ratio: string, goal: string): Line {
  if (one.failure !== undefined) return [what, one.name, 'failed', one.failure.slice(0, 60), '', '', '', '']
  const span = `${seconds(Math.min(...one.seconds))}–${seconds(Math.max(...one.seconds))}`
  const memory = one.megabytes === undefined ? '' : `${one.megabytes.toFixed(0)} MB`
  const cpu = one.cpu === undefined ? '' : seconds(median(one.cpu))
  return [what, one.name, seconds(median(one.seconds)), span, cpu, memory, ratio, goal]
}

function verdict(value: number, most: number, unit: string): string {
  return `≤ ${most}${unit}: ${value <= most ? 'met' : 'MISSED'}`
}

function lines({ what, ours, peers, missing, goals }: Comparison): Line[] {
  const memory = ours.megabytes === undefined ? '' : verdict(ours.megabytes, MEMORY_GOAL, ' MB')
  const rows = peers.map((peer): Line => {
    if (ours.failure !== undefined || peer.failure !== undefined) return figures('', peer, '', '')
    const ratio = median(ours.seconds) / median(peer.seconds)
    const goal = goals.find((one) => one.peer === peer.name)
    return figures(
      '',
      peer,
      `${ratio.toFixed(2)} ×`,
      goal === undefined ? '' : verdict(ratio, goal.ratio, ''),
    )
  })
  return [
    figures(what, ours, '', memory),
    ...rows,
    ...missing.map((name): Line => ['', name, 'not found', '', '', '', '', '']),
  ]
}

/** Lines of text, the columns aligned. */
export function table(comparisons: readonly Comparison[]): string {
  const rows = [COLUMNS, ...comparisons.flatMap(lines)]
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join(
    '\n',
  )
}
