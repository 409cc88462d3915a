/** The lists of a models document, and the operations whose fields their items are. */
import { DEFINITIONS } from '../ops/index.ts'
import type { AnyDefinition } from '../ops/index.ts'
import type { Section } from '../ops/definition.ts'

/** In the order in which they are written and built: what is named comes before what names it, but for foreign keys. */
const ORDER: readonly Section[] = [
  'schemas',
  'extensions',
  'enums',
  'domains',
  'tables',
  'sequences',
  'functions',
  'procedures',
  'views',
  'materialized_views',
  'triggers',
  'row_level_security',
  'no_row_level_security',
  'policies',
  'grants',
  'revokes',
]

export interface SectionKind {
  readonly section: Section
  /** The operation that creates one. */
  readonly definition: AnyDefinition
}

/** All lists, in {@link ORDER}. */
export const SECTIONS: readonly SectionKind[] = ORDER.flatMap((section) =>
  DEFINITIONS.map((one) => one as unknown as AnyDefinition)
    .filter((one) => one.declares?.section === section)
    .map((definition) => ({ section, definition }))
)
