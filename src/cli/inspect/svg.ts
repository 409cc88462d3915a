/** A schema as a picture in one file: boxes for tables, lines from foreign keys to what they refer to. */
import type { Diagram, DiagramColumn, DiagramLink, DiagramTable } from './diagram.ts'
import { CHARACTER, HEADER, KEYS, layoutOf, nameWidth, PADDING, ROW } from './layout.ts'
import type { Box, Point } from './layout.ts'

const FONT = `font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="12"`
const INK = '#1f2933'
const FAINT = '#7b8794'
const LINE = '#3e7cb1'
const FRAME = '#9aa5b1'
const HEAD = '#dfe9f2'

/** The picture, a whole file. Presentation is in attributes alone, so that every viewer shows it. */
export function svgText(diagram: Diagram): string {
  const { width, height, boxes, lines } = layoutOf(diagram)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${FONT}>`,
    `<title>Database schema: ${diagram.tables.length} tables</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...diagram.links.map((link, i) => lineText(link, lines[i]!, diagram)),
    ...diagram.tables.map((table, i) => tableText(table, boxes[i]!)),
    '</svg>',
    '',
  ].join('\n')
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** What XML cannot hold at all is left out. */
function escaped(text: string): string {
  // deno-lint-ignore no-control-regex -- these are the characters in question
  return text.replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '').replaceAll(/[&<>"]/g, (one) => ESCAPES[one]!)
}

function tableText(table: DiagramTable, { x, y, width, height }: Box): string {
  const divide = y + HEADER
  return [
    '<g>',
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="#ffffff" stroke="${FRAME}"/>`,
    `<path d="M${x + 0.5} ${divide}V${y + 4}a3.5 3.5 0 0 1 3.5 -3.5h${
      width - 8
    }a3.5 3.5 0 0 1 3.5 3.5V${divide}z" fill="${HEAD}"/>`,
    `<path d="M${x} ${divide}h${width}" stroke="${FRAME}"/>`,
    `<text x="${x + PADDING}" y="${y + 17.5}" font-weight="bold" fill="${INK}">${escaped(table.name)}</text>`,
    ...table.columns.map((column, i) => columnText(column, table, { x, y: divide + 2 + i * ROW })),
    '</g>',
  ].join('\n')
}

function columnText(
  { name, type, keys, nullable }: DiagramColumn,
  table: DiagramTable,
  { x, y }: Point,
): string {
  const base = y + 14
  const names = x + PADDING + KEYS
  const types = names + (nameWidth(table) + 2) * CHARACTER
  return [
    ...(keys.length === 0
      ? []
      : [`<text x="${x + PADDING}" y="${base}" font-size="10" fill="${LINE}">${keys.join(' ')}</text>`]),
    `<text x="${names}" y="${base}" fill="${nullable ? FAINT : INK}">${escaped(name)}</text>`,
    `<text x="${round(types)}" y="${base}" fill="${FAINT}">${escaped(type)}</text>`,
  ].join('\n')
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}

/** A crow's foot where many rows may refer, a bar where one is referred to, a ring where there need be none. */
function lineText(link: DiagramLink, points: readonly Point[], { tables }: Diagram): string {
  const [first, last] = [points[0]!, points.at(-1)!]
  const out = points[1]!.x < first.x ? -1 : 1
  const back = points.at(-2)!.x < last.x ? -1 : 1
  const many = link.single
    ? `M${first.x + out * 8} ${first.y - 5}v10`
    : `M${first.x} ${first.y - 5}L${first.x + out * 10} ${first.y}L${first.x} ${first.y + 5}`
  const bar = `M${last.x + back * 6} ${last.y - 5}v10`
  const ring = link.optional
    ? `<circle cx="${last.x + back * 13}" cy="${last.y}" r="3.5" fill="#ffffff" stroke="${LINE}"/>`
    : `<path d="M${last.x + back * 10} ${last.y - 5}v10" stroke="${LINE}"/>`
  const label = `${tables[link.from]!.name} (${link.label}) refers to ${tables[link.to]!.name}`
  return [
    '<g>',
    `<title>${escaped(label)}</title>`,
    `<path d="${curve(points)}${many}${bar}" fill="none" stroke="${LINE}" stroke-width="1.3"/>`,
    ring,
    '</g>',
  ].join('\n')
}

/** Through the points, level at each; between two above each other a rounded corner. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points
  let at = first!
  let path = `M${round(at.x)} ${round(at.y)}`
  for (const to of rest) {
    if (to.y === at.y || to.x === at.x) path += `L${round(to.x)} ${round(to.y)}`
    else {
      const middle = round((at.x + to.x) / 2)
      path += `C${middle} ${round(at.y)} ${middle} ${round(to.y)} ${round(to.x)} ${round(to.y)}`
    }
    at = to
  }
  return path
}
