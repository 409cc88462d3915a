/** Strings and f-strings: the grammar's tree → {@link Expression}. */
import { quotes, stringValue, unescaped } from './literal.ts'
import { children } from './node.ts'
import type { Node, Reader } from './node.ts'
import type { Expression, Place, Replacement } from './syntax.ts'

const place = ({ from, to }: Node): Place => ({ from, to })

type Read = (node: Node, reader: Reader) => Expression

/**
 * A string, an f-string, or several in a row.
 * @param read what reads the expressions in an f-string
 */
export function stringOf(node: Node, reader: Reader, read: Read): Expression {
  const pieces = node.name === 'ContinuedString' ? children(node) : [node]
  const parts = pieces.flatMap((one) =>
    one.name === 'FormatString' ? formatParts(one, reader, read) : stringPart(one, reader)
  )
  if (parts.includes(undefined)) return { kind: 'unsupported', what: 'bytes', ...place(node) }
  const known = parts as (string | Replacement)[]
  if (known.every((one) => typeof one === 'string')) {
    return { kind: 'constant', value: known.join(''), ...place(node) }
  }
  return { kind: 'format', parts: known, ...place(node) }
}

function stringPart(node: Node, reader: Reader): (string | undefined)[] {
  return [stringValue(reader.text(node))]
}

function formatParts(node: Node, reader: Reader, read: Read): (string | Replacement)[] {
  const { prefix, from, to } = quotes(reader.text(node))
  return replacements(node, reader, read, {
    from: node.from + from,
    to: node.from + to,
    raw: prefix.includes('r'),
  })
}

/** Text and replacements in turn; `{{` and `}}` are braces. */
function replacements(
  node: Node,
  reader: Reader,
  read: Read,
  span: Place & { readonly raw: boolean },
): (string | Replacement)[] {
  const parts: (string | Replacement)[] = []
  const text = (from: number, to: number) => {
    const braces = reader.source.slice(from, to).replaceAll('{{', '{').replaceAll('}}', '}')
    if (to > from) parts.push(unescaped(braces, span.raw))
  }
  let end = span.from
  for (const child of children(node).filter((one) => one.name === 'FormatReplacement')) {
    text(end, child.from)
    parts.push(replacement(child, reader, read))
    end = child.to
  }
  text(end, span.to)
  return parts
}

function replacement(node: Node, reader: Reader, read: Read): Replacement {
  const [, value] = children(node)
  const conversion = children(node).find((one) => one.name === 'FormatConversion')
  const spec = children(node).find((one) => one.name === 'FormatSpec')
  // `{x=}` prints the expression too.
  const debug = children(node).some((one) => reader.text(one) === '=')
  return {
    value: debug ? { kind: 'unsupported', what: 'FormatSelfDoc', ...place(node) } : read(value!, reader),
    ...(conversion === undefined ? {} : { conversion: reader.text(conversion).slice(1) }),
    spec: spec === undefined
      ? []
      : replacements(spec, reader, read, { from: spec.from + 1, to: spec.to, raw: true }),
  }
}
