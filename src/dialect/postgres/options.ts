/** Options that PostgreSQL always fills in: sequences' numbers and storage parameters. */
import type { Scalar, SequenceOptions } from '../../model/model.ts'

type Integer = 'smallint' | 'integer' | 'bigint'

/** The integer type of a sequence or identity column, of the name of its type: bigint when it is none of the others. */
export function integerKind(type: string | undefined): Integer {
  return type === 'smallint' || type === 'integer' ? type : 'bigint'
}

const LARGEST: Readonly<Record<Integer, bigint>> = {
  smallint: 2n ** 15n - 1n,
  integer: 2n ** 31n - 1n,
  bigint: 2n ** 63n - 1n,
}

/**
 * The options that differ from what CREATE SEQUENCE (manual) takes by itself for a sequence of that type.
 * @param options all of them, or some; null is NO MINVALUE or NO MAXVALUE
 */
export function sequenceDefaults(options: SequenceOptions, type: Integer): SequenceOptions {
  const increment = options.increment ?? 1
  const up = increment > 0
  const min = up ? 1n : -LARGEST[type] - 1n
  const max = up ? LARGEST[type] : -1n
  const minValue = differs(options.minValue, min)
  const maxValue = differs(options.maxValue, max)
  const start = differs(options.start, up ? BigInt(minValue ?? min) : BigInt(maxValue ?? max))
  return {
    ...(increment === 1 ? {} : { increment }),
    ...(start === undefined ? {} : { start }),
    ...(minValue === undefined ? {} : { minValue }),
    ...(maxValue === undefined ? {} : { maxValue }),
    ...(options.cache === undefined || options.cache === 1 ? {} : { cache: options.cache }),
    ...(options.cycle === true ? { cycle: true } : {}),
  }
}

function differs(value: number | null | undefined, usual: bigint): number | undefined {
  if (value === undefined || value === null) return undefined
  // The largest bigint is no exact number: both sides are compared as numbers.
  return value === Number(usual) ? undefined : value
}

/** A storage parameter as the catalog's text means it: `70`, `true`, `auto`. */
export function parameter(value: Scalar): Scalar {
  const text = String(value)
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (/^(true|on|yes)$/i.test(text)) return true
  return /^(false|off|no)$/i.test(text) ? false : text
}

/** `{fillfactor=70}` as a record; undefined when there is none. */
export function parameters(options: readonly string[]): Readonly<Record<string, Scalar>> | undefined {
  if (options.length === 0) return undefined
  return Object.fromEntries(options.map((one) => {
    const equals = one.indexOf('=')
    return [one.slice(0, equals), parameter(one.slice(equals + 1))]
  }))
}
