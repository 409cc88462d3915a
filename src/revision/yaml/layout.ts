/**
 * Plain data as YAML that is pleasant to read: what is short stands on one line in flow style, lists of mappings stand
 * one a line, texts of several lines are block scalars. Reading it gives the same data.
 */

/** Lines are at most so wide where they can be broken at all. */
const WIDTH = 110

/** The lines of a mapping's entries. @param indent in blanks */
export function mappingLines(data: Readonly<Record<string, unknown>>, indent: number): string[] {
  return Object.entries(data).filter(([, value]) => value !== undefined)
    .flatMap(([key, value]) => valueLines(`${' '.repeat(indent)}${scalarText(key)}:`, value, indent))
}

/** The lines of a list's items. `open` items are mappings that are never written in flow style as a whole. */
export function listLines(items: readonly unknown[], indent: number, style?: 'open'): string[] {
  return items.flatMap((item) => {
    const entries = style === 'open' && isMapping(item) ? mappingLines(item, indent + 2) : []
    return entries.length > 0
      ? afterDash(entries, indent)
      : valueLines(`${' '.repeat(indent)}-`, item, indent)
  })
}

/** What follows `key:` or `-`. */
function valueLines(lead: string, value: unknown, indent: number): string[] {
  const block = typeof value === 'string' ? blockScalar(value, indent + 2) : undefined
  if (block !== undefined) return [`${lead} ${block[0]}`, ...block.slice(1)]
  const flow = flowText(value)
  const fits = flow !== undefined && lead.length + 1 + flow.length <= WIDTH
  if (fits || flow === '[]' || flow === '{}' || !isCollection(value)) {
    return [`${lead} ${flow ?? scalarText(value)}`]
  }
  const inner = Array.isArray(value)
    ? listLines(value, indent + 2)
    : mappingLines(value as Record<string, unknown>, indent + 2)
  return lead.endsWith('-') ? afterDash(inner, indent) : [lead, ...inner]
}

/** The first line moves up to the dash. */
function afterDash(lines: readonly string[], indent: number): string[] {
  const pad = ' '.repeat(indent)
  return lines.map((line, i) => i === 0 ? `${pad}- ${line.slice(indent + 2)}` : line)
}

function isCollection(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return isCollection(value) && !Array.isArray(value)
}

/** Flow style; undefined for what is better broken: lists of mappings, texts of several lines. */
export function flowText(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    if (value.some(isMapping)) return undefined
    return joined(value.map(flowText), '[', ']')
  }
  if (isMapping(value)) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined)
    const parts = entries.map(([key, one]) => {
      const flow = flowText(one)
      return flow === undefined ? undefined : `${scalarText(key)}: ${flow}`
    })
    return parts.length === 0 ? '{}' : joined(parts, '{ ', ' }')
  }
  if (typeof value === 'string' && blockScalar(value, 0) !== undefined) return undefined
  return scalarText(value)
}

function joined(parts: readonly (string | undefined)[], open: string, close: string): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(', ')}${close}`
}

// deno-lint-ignore no-control-regex -- what YAML cannot hold as it is
const UNPRINTABLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]/

/**
 * A text of several lines as a literal block scalar, two blanks deeper than what it is the value of; undefined when the
 * text is of one line or no block scalar can hold it as it is (control characters, empty lines at its end; where it
 * begins with blanks, lines of nothing but blanks, which the library drops at the end).
 */
function blockScalar(text: string, indent: number): string[] | undefined {
  if (!text.includes('\n') || !/\S/.test(text) || /\n\n$/.test(text)) return undefined
  if (UNPRINTABLE.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''))) return undefined
  const chomped = text.endsWith('\n')
  const lines = (chomped ? text.slice(0, -1) : text).split('\n')
  const pad = ' '.repeat(indent)
  // How deep it is shows in the first line that is not empty, unless that begins with blanks of its own.
  const depth = /^\n*[ \t]/.test(text) ? '2' : ''
  if (depth !== '' && /^[ \t]+$/m.test(text)) return undefined
  return [`|${depth}${chomped ? '' : '-'}`, ...lines.map((line) => line === '' ? '' : pad + line)]
}

// A letter or digit first, and nothing that has a meaning in YAML: safe in block and flow style.
const PLAIN = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_ ().*/+=<>$%|&!?;^~'"-]*[\p{L}\p{N}_().*/+=<>$%|&!?;^~'"-])?$/u
const WORDS = /^(?:null|true|false|yes|no|on|off|y|n)$/i
const NUMBER =
  /^(?:0x[\da-f]+|0o?[0-7]+|0b[01]+|[\d_]*\.?[\d_]*(?:e[-+]?\d+)?|\d{4}-\d\d?-\d\d?.*|\d+(?::\d+)+.*)$/i

/** One scalar on one line. Text that YAML, of any version, would take for something else is quoted. */
export function scalarText(value: unknown): string {
  if (typeof value !== 'string') return String(value)
  if (PLAIN.test(value) && !WORDS.test(value) && !NUMBER.test(value)) return value
  const escaped = UNPRINTABLE.test(value.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')) ||
    /[\n\t]/.test(value)
  if (!escaped && /["\\]/.test(value)) return `'${value.replaceAll("'", "''")}'`
  const unicode = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g
  return JSON.stringify(value).replace(
    unicode,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
