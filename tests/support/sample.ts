/** Which of many points are tried: some in CI, the same ones each time; all of them with LIMBECK_FUZZ_RUNS. */
import process from 'node:process'

/** Whether all are to be tried. */
export const ALL = Number(process.env['LIMBECK_FUZZ_RUNS'] ?? 0) > 0

/** The numbers from 1 to `count`, or `some` of them, spread evenly, the last one included. */
export function points(count: number, some: number): readonly number[] {
  const all = Array.from({ length: count }, (_, i) => i + 1)
  if (ALL || count <= some) return all
  return Array.from({ length: some }, (_, i) => all[Math.round((i + 1) * count / some) - 1]!)
}

/** All of them, or one in so many: the same ones each time. */
export function oneIn<T>(many: number, all: readonly T[]): readonly T[] {
  return ALL ? all : all.filter((_, i) => i % many === 0)
}
