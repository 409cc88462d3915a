/** Names of new revision files, by Alembic's `file_template`, and the dates in them. */
import { randomUUID } from 'node:crypto'
import { didYouMean, EXIT, fault } from '../problem.ts'

export interface FileNameParts {
  readonly id: string
  readonly message: string
  readonly date: Date
}

export interface FileNameOptions {
  /** Default `%(rev)s_%(slug)s`. A "/" in it makes folders. */
  readonly template?: string
  /** Default 40 characters. */
  readonly slugLength?: number
  /** An IANA name: `Europe/Berlin`. Default UTC, so that a team's files sort alike. */
  readonly timezone?: string
}

const TOKENS = ['rev', 'slug', 'epoch', 'year', 'month', 'day', 'hour', 'minute', 'second'] as const
type Token = (typeof TOKENS)[number]
const TOKENS_HINT = `the tokens are ${TOKENS.join(', ')}`

/**
 * The path of a new revision file inside its folder, with "/" between folders and `.yaml` at the end.
 * @throws `bad-template`, `bad-timezone` with exit code 2
 */
export function fileName(parts: FileNameParts, options: FileNameOptions = {}): string {
  const { template = '%(rev)s_%(slug)s', slugLength, timezone } = options
  if (!template.replaceAll('%%', '').includes('%')) {
    const hint = template.includes('%%(') ? 'write % here where alembic.ini has %%' : TOKENS_HINT
    badTemplate(`file_template "${template}" has no token: all files would be called alike`, hint)
  }
  const values = { rev: parts.id, slug: slug(parts.message, slugLength), ...dateParts(parts.date, timezone) }
  const name = format(template, values).replace(values.slug === '' ? /[_-]+$/ : /$/, '')
  const steps = name.split('/')
  if (steps.some((step) => step === '' || step === '.' || step === '..') || /[\\\0]/.test(name)) {
    badTemplate(`file_template "${template}" gives "${name}", which is no path inside the revision folder`)
  }
  return `${name}.yaml`
}

function badTemplate(message: string, hint?: string): never {
  fault('bad-template', message, { exit: EXIT.usage, ...(hint === undefined ? {} : { hint }) })
}

/**
 * The words of a message for a file name, by Alembic's rule: runs of letters, digits and "_", joined by "_", in lower
 * case; too long, it is cut at the last "_" that fits, and ends with "_".
 * @param length in characters
 */
export function slug(message: string, length = 40): string {
  const words = (message.match(/[\p{L}\p{N}_]+/gu) ?? []).join('_').toLowerCase()
  const characters = [...words]
  if (characters.length <= length) return words
  const cut = characters.slice(0, length).join('')
  const last = cut.lastIndexOf('_')
  return `${last === -1 ? cut : cut.slice(0, last)}_`
}

const DIRECTIVE = /%(?:%|\(([^)]*)\)([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z])|)/g

/** Python's `template % values`, for the forms that file templates use: `%(month).2d`, `%(hour)02d`, `%%`. */
function format(template: string, values: Readonly<Record<Token, string | number>>): string {
  return template.replace(
    DIRECTIVE,
    (whole, name?: string, flags = '', width = '', precision?: string, type = ''): string => {
      if (whole === '%%') return '%'
      if (name === undefined) {
        badTemplate(`"%" in file_template "${template}" is no token`, 'write %% for a "%"')
      }
      const token = TOKENS.find((one) => one === name)
      if (token === undefined) {
        const near = didYouMean(name, TOKENS)
        const hint = near === undefined ? TOKENS_HINT : `did you mean "${near}"?`
        return badTemplate(`unknown token "${name}" in file_template "${template}"`, hint)
      }
      return directive(values[token], { flags, width: Number(width), precision, type }) ??
        badTemplate(`file_template "${template}" has "${whole}"`, `write %(${name})s or %(${name})d`)
    },
  )
}

interface Directive {
  readonly flags: string
  readonly width: number
  readonly precision: string | undefined
  readonly type: string
}

function directive(value: string | number, { flags, width, precision, type }: Directive): string | undefined {
  const isNumber = type === 'd' || type === 'i'
  if (!isNumber && type !== 's') return undefined
  if (isNumber && typeof value !== 'number') return undefined
  const text = precision === undefined
    ? String(value)
    : isNumber
    ? String(value).padStart(Number(precision), '0')
    : String(value).slice(0, Number(precision))
  if (flags.includes('-')) return text.padEnd(width)
  return text.padStart(width, isNumber && flags.includes('0') ? '0' : ' ')
}

type DateParts = Record<Exclude<Token, 'rev' | 'slug'>, number>

function dateParts(date: Date, timezone: string | undefined): DateParts {
  const parts = clock(timezone).formatToParts(date)
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value)
  return {
    epoch: Math.floor(date.getTime() / 1000),
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  }
}

function clock(timezone = 'UTC'): Intl.DateTimeFormat {
  const two = '2-digit'
  const fields = { year: 'numeric', month: two, day: two, hour: two, minute: two, second: two } as const
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...fields,
      timeZone: timezone,
      hourCycle: 'h23',
      calendar: 'gregory',
    })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return fault('bad-timezone', `unknown timezone "${timezone}"`, {
      exit: EXIT.usage,
      cause: error,
      hint: 'write an IANA name, such as Europe/Berlin or UTC',
    })
  }
}

/**
 * A date for `created`, to the second: `2024-10-23T16:46:49Z`, in another timezone than UTC with its offset.
 * @throws `bad-timezone`
 */
export function createdText(date: Date, timezone?: string): string {
  const { year, month, day, hour, minute, second, epoch } = dateParts(date, timezone)
  const two = (value: number) => String(value).padStart(2, '0')
  const local = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${
    two(second)
  }`
  const offset = Math.round((Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - epoch) / 60)
  if (offset === 0) return `${local}Z`
  const size = Math.abs(offset)
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/**
 * A new revision id as Alembic makes them: the last 12 hexadecimal characters of a random UUID. One that reads like a
 * number (all digits, or with one "e") is not given out: other readers of YAML would take it for one.
 */
export function newRevisionId(random: () => string = randomUUID): string {
  const id = random().slice(-12)
  return /^\d+(?:e\d+)?$/.test(id) ? newRevisionId(random) : id
}
