/** A schema as an entity-relationship diagram of Mermaid (https://mermaid.js.org/syntax/entityRelationshipDiagram.html). */
import type { Diagram, DiagramColumn, DiagramLink } from './diagram.ts'

/** The text of the diagram. */
export function mermaidText({ tables, links }: Diagram): string {
  const entity = (i: number) => entityName(tables[i]!.name)
  const lines = [
    'erDiagram',
    ...tables.flatMap((table, i) =>
      table.columns.length === 0
        ? [`  ${entity(i)}`]
        : [`  ${entity(i)} {`, ...table.columns.map((one) => `    ${attribute(one)}`), '  }']
    ),
    ...links.map((link) =>
      `  ${entity(link.to)} ${relation(link)} ${entity(link.from)} : ${quoted(link.label)}`
    ),
  ]
  return `${lines.join('\n')}\n`
}

/** A name that is no word is quoted; a quote cannot be in it. */
function entityName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : quoted(name)
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', "'")}"`
}

/** `type name keys "comment"`; types and names are words, which may have brackets. */
function attribute({ name, type, keys, nullable }: DiagramColumn): string {
  const words = [attributeWord(type, true), attributeWord(name, false)]
  if (keys.length > 0) words.push(keys.join(', '))
  const notes = [...(words[1] === name ? [] : [name]), ...(nullable ? ['NULL'] : [])]
  return [...words, ...(notes.length === 0 ? [] : [quoted(notes.join(', '))])].join(' ')
}

function attributeWord(text: string, brackets: boolean): string {
  const kept = brackets ? /[^\p{L}\p{N}_()[\]-]+/gu : /[^\p{L}\p{N}_-]+/gu
  const word = text.replaceAll(/,\s*/g, '-').replaceAll(kept, '_')
  return /^[\p{L}_]/u.test(word) ? word : `_${word}`
}

/** How many rows of the table referred to, and of the one that refers. */
function relation({ optional, single }: DiagramLink): string {
  return `${optional ? '|o' : '||'}--${single ? 'o|' : 'o{'}`
}
