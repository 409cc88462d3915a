/** Python's three ways to fill a text: f-strings and `str.format`, `%`, and format specifications. */
import { isKind, isSequence, lookup, notUnderstood, numeric, repr, text } from './value.ts'
import type { Arguments, Value } from './value.ts'

const SPEC = /^(?:(.)?([<>^]))?([+-])?(0)?(\d+)?(,|_)?(?:\.(\d+))?([sdfx])?$/u

/** `format(value, spec)` for the specifications that texts of migrations use. @throws `not-understood` */
export function formatted(value: Value, spec: string): string {
  if (spec === '') return text(value)
  const match = SPEC.exec(spec)
  if (match === null) return notUnderstood(`the format ":${spec}" is not known`)
  const [, fill, align, sign, zero, width = '0', thousands, precision, type] = match
  if (thousands !== undefined) return notUnderstood(`the format ":${spec}" is not known`)
  const number = typeof value === 'string' ? undefined : numeric(value)
  let body = number === undefined
    ? text(value).slice(0, precision === undefined ? undefined : Number(precision))
    : digits(number, type, precision) ?? text(value)
  if (sign === '+' && number !== undefined && number >= 0) body = `+${body}`
  const size = Math.min(Number(width), 10_000)
  const pad = fill ?? (zero === undefined ? ' ' : '0')
  const side = align ?? (number === undefined ? '<' : '>')
  if (side === '<') return body.padEnd(size, pad)
  if (side === '>') return body.padStart(size, pad)
  const left = Math.floor((size - body.length) / 2)
  return body.padStart(body.length + Math.max(0, left), pad).padEnd(size, pad)
}

function digits(number: number, type: string | undefined, precision: string | undefined): string | undefined {
  if (type === 'x') return number.toString(16)
  if (type === 'f' || precision !== undefined) return number.toFixed(Math.min(Number(precision ?? 6), 100))
  return undefined
}

/** `{…!r}`. */
export function converted(value: Value, conversion: string | undefined): Value {
  if (conversion === undefined || conversion === 's') return conversion === 's' ? text(value) : value
  return conversion === 'r' ? repr(value) : notUnderstood(`the conversion "!${conversion}" is not known`)
}

const FIELD = /\{\{|\}\}|\{([^{}!:[\].]*)(!\w)?(?::([^{}]*))?\}|[{}]/g

/** `template.format(…)`. @throws `not-understood` */
export function format(template: string, args: Arguments): string {
  let next = 0
  return template.replace(FIELD, (whole, name?: string, conversion?: string, spec = '') => {
    if (whole === '{{' || whole === '}}') return whole[0]!
    if (name === undefined) return notUnderstood('the text that format() fills is not known')
    const value = name === ''
      ? args.positional[next++]
      : /^\d+$/.test(name)
      ? args.positional[Number(name)]
      : args.named.get(name)
    if (value === undefined) return notUnderstood(`format() lacks a value for "{${name}}"`)
    return formatted(converted(value, conversion?.slice(1)), spec)
  })
}

const DIRECTIVE = /%(?:%|(?:\((\w+)\))?(0?\d*)(?:\.(\d+))?([sdrif]))/g

/** `template % values`. @throws `not-understood` */
export function percent(template: string, values: Value): string {
  const list = isSequence(values) && values.kind === 'tuple' ? values.items : [values]
  let next = 0
  const filled = template.replace(
    DIRECTIVE,
    (whole, name?: string, width = '', precision?: string, type = '') => {
      if (whole === '%%') return '%'
      const value = name === undefined
        ? list[next++]
        : isKind(values, 'dict')
        ? lookup(values, name)
        : undefined
      if (value === undefined) return notUnderstood('"%" lacks a value')
      if (type === 'r') return repr(value)
      const dot = precision === undefined ? '' : `.${precision}`
      return formatted(
        value,
        `${type === 's' && width !== '' ? '>' : ''}${width}${dot}${type === 'i' ? 'd' : type}`,
      )
    },
  )
  if (!isKind(values, 'dict') && next < list.length) return notUnderstood('"%" has more values than places')
  return filled
}
