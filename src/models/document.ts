/** Models documents: YAML → items, each knowing where it stands. */
import { EXIT, faults, ProblemError } from '../problem.ts'
import type { Problem } from '../problem.ts'
import type { Operation } from '../ops/index.ts'
import { stopAt } from '../revision/document.ts'
import { lazyLocator, sourceOf } from '../revision/yaml/source.ts'
import { finding, isMapping } from '../revision/shape/validate.ts'
import type { Finding } from '../revision/shape/validate.ts'
import { loadValidator, wrong } from '../revision/shape/validator.ts'
import { found } from '../revision/shape/wording.ts'
import { loadYaml } from '../revision/yaml/yaml.ts'
import type { Yaml } from '../revision/yaml/yaml.ts'
import { quickData } from '../revision/yaml/quick.ts'
import { SECTIONS } from './sections.ts'
import type { SectionKind } from './sections.ts'
import { MODELS_SHAPE } from './shape.ts'

/** What a table, its columns or an enum were called before. */
export interface RenameHints {
  readonly own?: string
  /** By the new name. */
  readonly columns: ReadonlyMap<string, string>
}

/** One thing that models declare. */
export interface Item extends SectionKind {
  /** What creates it. */
  readonly operation: Operation
  readonly was?: RenameHints
  /** Adds file, line and column to a problem whose path is relative to the item. */
  locate(problem: Problem): Problem
}

/** A models document that is not a file yet understood: its text, and what problems call it. */
export interface Text {
  readonly text: string
  readonly file: string
}

/**
 * Reads models documents.
 * @returns their items, in their order
 * @throws faults with exit code 2 and all that is wrong with the shapes of all of them, each with its place
 */
export async function readDocuments(texts: readonly Text[]): Promise<Item[]> {
  const [yaml] = await Promise.all([loadYaml(), loadValidator()])
  const problems: Problem[] = []
  const items: Item[] = []
  for (const text of texts) {
    try {
      items.push(...readDocument(yaml, text))
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      problems.push(...error.problems)
    }
  }
  if (problems.length > 0) faults(problems, EXIT.usage)
  return items
}

function readDocument(yaml: Yaml, { text, file }: Text): Item[] {
  const unified = text.replace(/\r\n?/g, '\n')
  const data = quickData(unified) ?? sourceOf(yaml, text, file).data ?? {}
  const locator = lazyLocator(yaml, unified, file)
  stopAt(documentFindings(data), locator)
  const lists = data as Readonly<Record<string, readonly Written[] | undefined>>
  const items: Item[] = []
  // Most documents have one of many sections.
  for (const kind of SECTIONS) {
    lists[kind.section]?.forEach((written, i) =>
      items.push({
        ...kind,
        ...toItem(kind, written),
        locate: (problem) =>
          problem.at === undefined
            ? { ...problem, at: locator([kind.section, i, ...(problem.path ?? [])]) }
            : problem,
      })
    )
  }
  return items
}

function documentFindings(data: unknown): Finding[] {
  if (isMapping(data)) return wrong(MODELS_SHAPE, data)
  const hint = 'a models document begins with `tables:`'
  return [finding('wrong-type', `a models document is a mapping, found ${found(data)}`, [], hint)]
}

/** An item as YAML writes it: the fields of its operation, `only`, and rename hints. */
type Written = Readonly<Record<string, unknown>> & {
  readonly was?: string
  readonly columns?: readonly (string | { readonly name: string; readonly was?: string })[]
}

/** That a thing may be there already (`if_not_exists`, `or_replace`) is the business of who creates it. */
function toItem({ definition }: SectionKind, written: Written): Pick<Item, 'operation' | 'was'> {
  const { if_not_exists: _, or_replace: __, ...fields } = written
  const operation = (more: object) => ({ op: definition.kind, ...more }) as unknown as Operation
  const { was, columns, ...others } = fields
  if (was === undefined && !columns?.some((one) => typeof one !== 'string' && one.was !== undefined)) {
    return { operation: operation(fields) }
  }
  const old =
    columns?.flatMap((one) =>
      typeof one === 'string' || one.was === undefined ? [] : [[one.name, one.was] as const]
    ) ?? []
  const plain = columns?.map((one) => {
    if (typeof one === 'string') return one
    const { was: _, ...column } = one
    return column
  })
  return {
    operation: operation({ ...others, ...(plain === undefined ? {} : { columns: plain }) }),
    was: { columns: new Map(old), ...(was === undefined ? {} : { own: was }) },
  }
}
