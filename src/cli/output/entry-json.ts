/** How listed revisions look to programs (`--json`): the names of the revision file's fields, and markers. */
import type { Entry } from '../../revision/graph/listing.ts'

/**
 * The fields of a revision in JSON; `file` is absolute.
 * @param marked whether the listing knows what the database is at
 */
export function entryJson(entry: Entry, marked = false) {
  const { id, message, file, down, dependsOn, labels, children } = entry
  const { isHead, isEffectiveHead, isBranchPoint, isMergePoint, isCurrent } = entry
  return {
    id,
    down_revision: down,
    depends_on: dependsOn,
    branch_labels: labels,
    message,
    file,
    children,
    head: isHead,
    effective_head: isEffectiveHead,
    branch_point: isBranchPoint,
    merge_point: isMergePoint,
    ...(marked ? { current: isCurrent } : {}),
  }
}
