import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Diagram } from '../../src/cli/inspect/diagram.ts'
import { layoutOf } from '../../src/cli/inspect/layout.ts'
import type { Box } from '../../src/cli/inspect/layout.ts'
import { mermaidText } from '../../src/cli/inspect/mermaid.ts'
import { svgText } from '../../src/cli/inspect/svg.ts'

const column = fc.record({
  name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  type: fc.constantFrom('uuid', 'numeric(10, 2)', 'enum "x"'),
  keys: fc.subarray(['PK', 'FK', 'UK'] as const),
  nullable: fc.boolean(),
})

const diagram: fc.Arbitrary<Diagram> = fc.array(
  fc.record({
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    columns: fc.array(column, { minLength: 1, maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 9 },
).chain((tables) => {
  const at = fc.nat({ max: tables.length - 1 })
  const link = fc.record({
    from: at,
    to: at,
    fromColumn: fc.constant(0),
    toColumn: fc.constant(0),
    label: fc.string(),
    optional: fc.boolean(),
    single: fc.boolean(),
  })
  return fc.array(link, { maxLength: 12 }).map((links) => ({ tables, links }))
})

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

Deno.test('boxes do not overlap and are in the picture; lines begin and end at boxes', () => {
  fc.assert(
    fc.property(diagram, (one) => {
      const { boxes, lines, width, height } = layoutOf(one)
      boxes.forEach((box, i) => {
        assert(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height)
        for (const other of boxes.slice(i + 1)) assert(!overlap(box, other))
      })
      one.links.forEach((link, i) => {
        const ends = [[boxes[link.from]!, lines[i]![0]!], [boxes[link.to]!, lines[i]!.at(-1)!]] as const
        for (const [box, { x, y }] of ends) {
          assert(x === box.x || x === box.x + box.width)
          assert(y > box.y && y < box.y + box.height)
        }
      })
    }),
    { numRuns: 200 },
  )
})

Deno.test('the picture is sound XML whatever names there are', () => {
  fc.assert(
    fc.property(diagram, (one) => {
      const text = svgText(one)
      assert(!/NaN|undefined/.test(text.replaceAll(/>[^<]*</g, '><')))
      const tags: string[] = []
      for (const [, close, name, inside] of text.matchAll(/<(\/?)(\w+)((?:"[^"]*"|[^">])*)>/g)) {
        if (close) assert.equal(tags.pop(), name)
        else if (!inside!.endsWith('/')) tags.push(name!)
      }
      assert.deepEqual(tags, [])
      assert(!/&(?!(?:amp|lt|gt|quot);)/.test(text))
    }),
    { numRuns: 200 },
  )
})

Deno.test('every line of Mermaid is an entity, an attribute or a relation', () => {
  const name = String.raw`(?:\w+|"[^"]*")`
  const patterns = [
    /^erDiagram$/,
    new RegExp(`^  ${name}(?: \\{)?$`),
    /^ {2}\}$/,
    /^ {4}[\p{L}_][\p{L}\p{N}_()[\]-]* [\p{L}_][\p{L}\p{N}_-]*(?: (?:PK|FK|UK)(?:, (?:FK|UK))*)?(?: "[^"]*")?$/u,
    new RegExp(`^  ${name} (?:\\|\\||\\|o)--(?:o\\||o\\{) ${name} : "[^"]*"$`),
  ]
  fc.assert(
    fc.property(diagram, (one) => {
      for (const line of mermaidText(one).trimEnd().split('\n')) {
        assert(patterns.some((pattern) => pattern.test(line)), line)
      }
    }),
    { numRuns: 200 },
  )
})
