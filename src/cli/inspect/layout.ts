/** Where the boxes and lines of a picture are, in pixels. */
import type { Diagram, DiagramTable } from './diagram.ts'
import { layersOf, mean } from './layers.ts'
import type { Cell } from './layers.ts'

/** Widths of what stands in a box; the font is of one width. */
export const CHARACTER = 7.25
export const ROW = 20
export const HEADER = 26
export const PADDING = 10
/** The column of PK and FK. */
export const KEYS = 50
const GAP_X = 90
const GAP_Y = 28
const MARGIN = 24
/** Between lines that pass a layer. */
const LANE = 14

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Layout {
  readonly width: number
  readonly height: number
  /** By position of the table. */
  readonly boxes: readonly Box[]
  /** By position of the link: from the row that refers to the row referred to. */
  readonly lines: readonly (readonly Point[])[]
}

/** How wide a text is, in characters: those of East Asia take two. */
function widthOf(text: string): number {
  return [...text].reduce(
    (sum, one) =>
      sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(one) ? 2 : 1),
    0,
  )
}

/** The widest name of a column, in characters. */
export function nameWidth({ columns }: DiagramTable): number {
  return Math.max(0, ...columns.map((one) => widthOf(one.name)))
}

function sizeOf(table: DiagramTable): Pick<Box, 'width' | 'height'> {
  const types = Math.max(0, ...table.columns.map((one) => widthOf(one.type) + 2))
  const row = KEYS + (nameWidth(table) + types) * CHARACTER
  const title = widthOf(table.name) * CHARACTER
  return {
    width: Math.ceil(Math.max(row, title) + 2 * PADDING),
    height: HEADER + Math.max(1, table.columns.length) * ROW + 4,
  }
}

export function layoutOf(diagram: Diagram): Layout {
  const sizes = diagram.tables.map(sizeOf)
  const { layers, paths, alone } = layersOf(diagram)
  const tops = topsOf(layers, (cell) => cell.table === undefined ? LANE : sizes[cell.table]!.height)
  const boxes: Box[] = []
  const lanes = new Map<Cell, readonly [Point, Point]>()
  let x = MARGIN
  for (const layer of layers) {
    const width = Math.max(0, ...layer.map((one) => one.table === undefined ? 0 : sizes[one.table]!.width))
    for (const cell of layer) {
      const y = tops.get(cell)!
      if (cell.table !== undefined) boxes[cell.table] = { x, y, ...sizes[cell.table]! }
      else lanes.set(cell, [{ x, y: y + LANE / 2 }, { x: x + width, y: y + LANE / 2 }])
    }
    x += width + GAP_X
  }
  const right = layers.length === 0 ? MARGIN : x - GAP_X
  const bottom = Math.max(0, ...boxes.filter((one) => one !== undefined).map((one) => one.y + one.height))
  shelve(alone, {
    sizes,
    boxes,
    top: bottom === 0 ? MARGIN : bottom + 2 * GAP_Y,
    width: Math.max(right, 900),
  })
  return {
    width: Math.ceil(Math.max(...boxes.map((one) => one.x + one.width), 0) + MARGIN + BULGE),
    height: Math.ceil(Math.max(...boxes.map((one) => one.y + one.height), 0) + MARGIN),
    boxes,
    lines: diagram.links.map((_, i) => lineOf(diagram, i, boxes, paths.get(i), lanes)),
  }
}

const ROUNDS = 6

/** The upper edges of cells: near their neighbours, without overlapping, the uppermost at the margin. */
function topsOf(layers: readonly (readonly Cell[])[], height: (cell: Cell) => number): Map<Cell, number> {
  const tops = new Map<Cell, number>()
  const middle = (cell: Cell) => tops.get(cell)! + height(cell) / 2
  for (const layer of layers) {
    let y = 0
    for (const cell of layer) {
      tops.set(cell, y)
      y += height(cell) + GAP_Y
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const layer of round % 2 === 0 ? layers : [...layers].reverse()) {
      const wished = layer.map((cell) =>
        (mean((round % 2 === 0 ? cell.left : cell.right).map(middle)) ?? middle(cell)) - height(cell) / 2
      )
      let free = -Infinity
      const placed = layer.map((cell, i) => {
        const top = Math.max(wished[i]!, free)
        free = top + height(cell) + GAP_Y
        return top
      })
      const shift = mean(placed.map((top, i) => wished[i]! - top)) ?? 0
      layer.forEach((cell, i) => tops.set(cell, placed[i]! + shift))
    }
  }
  const highest = Math.min(0, ...tops.values())
  const first = tops.size === 0 ? 0 : Math.min(...tops.values())
  for (const [cell, top] of tops) tops.set(cell, Math.round(top - Math.max(highest, first) + MARGIN))
  return tops
}

interface Shelf {
  readonly sizes: readonly Pick<Box, 'width' | 'height'>[]
  readonly boxes: Box[]
  readonly top: number
  readonly width: number
}

/** Puts tables in rows, one beside the other. */
function shelve(tables: readonly number[], { sizes, boxes, top, width }: Shelf): void {
  let [x, y, deepest] = [MARGIN, top, 0]
  for (const table of tables) {
    const size = sizes[table]!
    if (x > MARGIN && x + size.width > width) {
      x = MARGIN
      y += deepest + GAP_Y
      deepest = 0
    }
    boxes[table] = { x, y, ...size }
    x += size.width + GAP_Y
    deepest = Math.max(deepest, size.height)
  }
}

/** How far a line between boxes of one layer goes out. */
const BULGE = 36
/** How far a line is level at its ends, where the signs are. */
const STUB = 18

function lineOf(
  { links }: Diagram,
  i: number,
  boxes: readonly Box[],
  path: readonly Cell[] | undefined,
  lanes: ReadonlyMap<Cell, readonly [Point, Point]>,
): Point[] {
  const { from, to, fromColumn, toColumn } = links[i]!
  const [start, end] = [boxes[from]!, boxes[to]!]
  const row = (box: Box, column: number) => box.y + HEADER + column * ROW + ROW / 2 + 2
  const [y1, y2] = [row(start, fromColumn), row(end, toColumn)]
  if (path === undefined) {
    const [right1, right2] = [start.x + start.width, end.x + end.width]
    const out = Math.max(right1, right2) + BULGE
    return [{ x: right1, y: y1 }, { x: out, y: y1 }, { x: out, y: y2 }, { x: right2, y: y2 }]
  }
  const leftwards = path[0]!.layer > path.at(-1)!.layer
  const first = leftwards ? start.x : start.x + start.width
  const last = leftwards ? end.x + end.width : end.x
  const stub = leftwards ? STUB : -STUB
  const passed = path.slice(1, -1).flatMap((cell) => {
    const [left, right] = lanes.get(cell)!
    return leftwards ? [right, left] : [left, right]
  })
  return [
    { x: first, y: y1 },
    { x: first - stub, y: y1 },
    ...passed,
    { x: last + stub, y: y2 },
    { x: last, y: y2 },
  ]
}
