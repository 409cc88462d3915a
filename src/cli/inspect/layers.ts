/**
 * Tables in layers, those that are referred to on the left (after Sugiyama, Tagawa and Toda, 1981): each layer is
 * ordered so that lines cross little, and a line that passes a layer has a place in it of its own.
 */
import type { Diagram } from './diagram.ts'

/** A table in a layer, or the place at which a line passes it. */
export interface Cell {
  /** Position of the table; undefined for a place of a line. */
  readonly table?: number
  readonly layer: number
  /** The cells of the layers beside it that lines lead to. */
  readonly left: Cell[]
  readonly right: Cell[]
}

export interface Layers {
  readonly layers: readonly (readonly Cell[])[]
  /** For every line the cells that it passes, from its table to the one referred to: only lines between layers. */
  readonly paths: ReadonlyMap<number, readonly Cell[]>
  /** Tables without any line. */
  readonly alone: readonly number[]
}

const SWEEPS = 8

export function layersOf(diagram: Diagram): Layers {
  const linked = new Set(diagram.links.flatMap((one) => [one.from, one.to]))
  const alone = diagram.tables.flatMap((_, i) => linked.has(i) ? [] : [i])
  const ranks = ranksOf(diagram)
  const layers: Cell[][] = []
  const cell = (layer: number, table?: number): Cell => {
    const made: Cell = { layer, left: [], right: [], ...(table === undefined ? {} : { table }) }
    ;(layers[layer] ??= []).push(made)
    return made
  }
  for (let i = 0; i <= Math.max(-1, ...ranks); i++) layers[i] = []
  const cells = new Map([...linked].sort((a, b) => a - b).map((table) => [table, cell(ranks[table]!, table)]))
  const paths = new Map<number, readonly Cell[]>()
  diagram.links.forEach((link, i) => {
    const [from, to] = [cells.get(link.from)!, cells.get(link.to)!]
    if (from.layer === to.layer) return
    const step = from.layer > to.layer ? -1 : 1
    const path = [from]
    for (let layer = from.layer + step; layer !== to.layer; layer += step) path.push(cell(layer))
    path.push(to)
    paths.set(i, path)
    path.slice(1).forEach((one, at) => join(path[at]!, one))
  })
  sweep(layers)
  return { layers, paths, alone }
}

function join(a: Cell, b: Cell): void {
  const [left, right] = a.layer < b.layer ? [a, b] : [b, a]
  left.right.push(right)
  right.left.push(left)
}

/** The longest way from each table to one that refers to none; lines that close a circle do not count. */
function ranksOf({ tables, links }: Diagram): number[] {
  const targets = new Map<number, number[]>()
  for (const { from, to } of links) {
    if (from !== to) targets.set(from, [...(targets.get(from) ?? []), to])
  }
  const ranks: number[] = []
  const open = new Set<number>()
  const visit = (table: number): number => {
    if (ranks[table] !== undefined) return ranks[table]
    open.add(table)
    const below = (targets.get(table) ?? []).filter((to) => !open.has(to)).map(visit)
    open.delete(table)
    return ranks[table] = below.length === 0 ? 0 : Math.max(...below) + 1
  }
  tables.forEach((_, i) => visit(i))
  return ranks
}

/** Sorts the layers by where their neighbours are, from left to right and back. */
function sweep(layers: Cell[][]): void {
  for (let i = 0; i < SWEEPS; i++) {
    const forth = i % 2 === 0
    const order = forth ? layers : [...layers].reverse()
    for (const layer of order) {
      const places = new Map(layers.flatMap((one) => one.map((cell, at) => [cell, at / one.length] as const)))
      const weight = (cell: Cell) => mean((forth ? cell.left : cell.right).map((one) => places.get(one)!))
      const weights = new Map(layer.map((cell) => [cell, weight(cell) ?? places.get(cell)!]))
      layer.sort((a, b) => weights.get(a)! - weights.get(b)!)
    }
  }
}

/** The mean; undefined of nothing. */
export function mean(numbers: readonly number[]): number | undefined {
  if (numbers.length === 0) return undefined
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length
}
