/** What a revision is: as written, and as part of the graph. The meaning of every field is Alembic's. */
import type { Span } from '../../problem.ts'

/** One revision file, as it was written. */
export interface RevisionNode {
  readonly id: string
  /** `down_revision`: empty for a base, several for a merge. */
  readonly down: readonly string[]
  /** `depends_on` as written: ids, unique beginnings of ids, or branch labels. */
  readonly dependsOn: readonly string[]
  /** `branch_labels` as written. */
  readonly labels: readonly string[]
  readonly message: string
  /** The path shown to people. */
  readonly file: string
  /** Where the revision begins, for errors. */
  readonly at?: Span
  /** Where single fields stand, for errors that are about one of them. */
  readonly fields?: Readonly<Partial<Record<RevisionField, Span>>>
}

export type RevisionField = 'id' | 'down_revision' | 'depends_on' | 'branch_labels'

/** A revision with its neighbours. All lists name revisions by full id, without repetition. */
export interface Revision extends RevisionNode {
  /** Place in file-name order, from 0. Decides every order that the links leave open. */
  readonly index: number
  /** Place in one order in which every revision comes after all that it needs. */
  readonly rank: number
  /** What `depends_on` names, as ids. */
  readonly dependencies: readonly string[]
  /** What must be applied before: `down`, and those dependencies that no ancestor already has. */
  readonly parents: readonly string[]
  /** Revisions whose `down_revision` names this one, in file-name order. */
  readonly children: readonly string[]
  /** The children, and the revisions that depend on this one, in file-name order. */
  readonly followers: readonly string[]
  /** All labels that reach this revision (its own and those of its branch), sorted. */
  readonly branches: readonly string[]
}

export interface Graph {
  /** In file-name order. */
  readonly revisions: readonly Revision[]
  readonly byId: ReadonlyMap<string, Revision>
  /** Ids and branch labels. */
  readonly byName: ReadonlyMap<string, Revision>
  /** No revision has them as `down_revision`. What `heads` lists. */
  readonly heads: readonly string[]
  /** No revision needs them in any way. What the version table holds after `upgrade heads`. */
  readonly realHeads: readonly string[]
  /** They have no `down_revision`. */
  readonly bases: readonly string[]
  /** The folders that hold revision files, in the configured order. */
  readonly locations: readonly string[]
}

/** For every revision, by its place in file-name order, the places of its neighbours, without repetition. */
export type Neighbours = readonly (readonly number[])[]

/** The links between revisions. */
export interface Links {
  /** By `down_revision`. */
  readonly down: Neighbours
  /** By `depends_on`. */
  readonly dependencies: Neighbours
  /** By both. */
  readonly needs: Neighbours
  /** The reverse of `down`. */
  readonly children: Neighbours
  /** The reverse of `needs`. */
  readonly followers: Neighbours
}
