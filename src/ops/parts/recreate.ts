/** The operation that brings back an index which went with something else. */
import type { Index, Table } from '../../model/model.ts'
import type { Operation } from '../index.ts'
import { fromIndex } from './index-spec.ts'
import { onTable } from './on-table.ts'

/** The operation that creates an index of the table anew, under its name. */
export function recreateIndex(table: Table, index: Index): Operation {
  return { op: 'create_index', ...onTable(table), ...fromIndex(index) }
}
