/** Constraints: what YAML writes ↔ the model's. */
import { fault } from '../../problem.ts'
import type { Path } from '../../problem.ts'
import type { Unnamed } from '../../model/attach.ts'
import type {
  Check,
  ConflictAction,
  Deferral,
  Exclusion,
  ForeignKey,
  PrimaryKey,
  ReferentialAction,
  Unique,
} from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import type {
  CheckSpec,
  ExclusionSpec,
  ForeignKeySpec,
  PrimaryKeySpec,
  ReferenceSpec,
  UniqueSpec,
} from './constraint.ts'
import { plainKey } from './index-spec.ts'

type DeferralSpec = { readonly deferrable?: boolean; readonly initially?: 'deferred' | 'immediate' }

/**
 * `deferrable` and `initially` as one word; undefined is NOT DEFERRABLE.
 * @throws `contradiction` for what is put off but not deferrable, as both databases refuse it
 */
export function toDeferral(spec: DeferralSpec, path: Path = []): Deferral | undefined {
  if (spec.deferrable === false && spec.initially === 'deferred') {
    fault('contradiction', 'what is not deferrable cannot be deferred initially', {
      path: [...path, 'initially'],
      hint: 'leave out `deferrable: false`',
    })
  }
  if (spec.deferrable === false) return undefined
  if (spec.initially === 'deferred') return 'deferred'
  return spec.deferrable || spec.initially !== undefined ? 'immediate' : undefined
}

export function fromDeferral(deferral: Deferral | undefined): DeferralSpec {
  if (deferral === undefined) return {}
  return deferral === 'deferred' ? { deferrable: true, initially: 'deferred' } : { deferrable: true }
}

/** SQLite's default is not written. */
function toConflict(action: ConflictAction | undefined): ConflictAction | undefined {
  return action === 'abort' ? undefined : action
}

function action<A extends ReferentialAction>(one: A | undefined): Exclude<A, 'no_action'> | undefined {
  return one === undefined || one === 'no_action' ? undefined : one as Exclude<A, 'no_action'>
}

export function toPrimaryKey(spec: PrimaryKeySpec, path: Path = []): Unnamed<PrimaryKey> {
  const { name, columns, descending, include, on_conflict, comment } = spec
  const onConflict = toConflict(on_conflict)
  return defined({
    name,
    columns,
    descending,
    include,
    deferrable: toDeferral(spec, path),
    onConflict,
    comment,
  })
}

export function toUnique(spec: UniqueSpec, path: Path = []): Unnamed<Unique> {
  const { name, columns, descending, include, nulls_not_distinct, on_conflict, comment } = spec
  return defined({
    name,
    columns,
    descending,
    include,
    nullsNotDistinct: nulls_not_distinct ? true as const : undefined,
    deferrable: toDeferral(spec, path),
    onConflict: toConflict(on_conflict),
    comment,
  })
}

export function toCheck(spec: CheckSpec): Unnamed<Check> {
  const { name, condition: expression, no_inherit, not_valid, comment } = spec
  const noInherit = no_inherit ? true as const : undefined
  return defined({ name, expression, noInherit, valid: not_valid ? false as const : undefined, comment })
}

export function toForeignKey(spec: ForeignKeySpec, path: Path = []): Unnamed<ForeignKey> {
  const { name, columns, references, on_delete, on_update, match, not_valid, comment } = spec
  return defined({
    name,
    columns,
    references: defined({ schema: references.schema, name: references.table, columns: references.columns }),
    onDelete: action(on_delete),
    onUpdate: action(on_update),
    match: match === 'full' ? match : undefined,
    deferrable: toDeferral(spec, path),
    valid: not_valid ? false as const : undefined,
    comment,
  })
}

/** The foreign key that a column's `references` is. */
export function toInlineForeignKey(
  column: string,
  spec: ReferenceSpec,
  path: Path = [],
): Unnamed<ForeignKey> {
  const { table, schema, column: target, ...rest } = spec
  return toForeignKey({
    ...rest,
    columns: [column],
    references: defined({ table, schema, columns: [target] }),
  }, path)
}

export function toExclusion(spec: ExclusionSpec, path: Path = []): Unnamed<Exclusion> {
  const { name, using, elements, include, where, comment } = spec
  return defined({
    name,
    using: using?.toLowerCase() ?? 'gist',
    elements: elements.map((one) => ({ ...plainKey(one), with: one.with })),
    include,
    where,
    deferrable: toDeferral(spec, path),
    comment,
  })
}

/** An implicit name is not written: it comes about again by itself. */
function spelledName(one: { readonly name: string; readonly implicit?: true }): string | undefined {
  return one.implicit ? undefined : one.name
}

export function fromPrimaryKey(one: PrimaryKey): PrimaryKeySpec {
  const { name: _, implicit: __, columns, descending, include, deferrable, onConflict, comment, ...rest } =
    one
  void (rest satisfies Record<string, never>)
  return defined({
    name: spelledName(one),
    columns,
    descending,
    include,
    ...fromDeferral(deferrable),
    on_conflict: onConflict,
    comment,
  })
}

export function fromUnique(one: Unique): UniqueSpec {
  const {
    name: _,
    implicit: __,
    columns,
    descending,
    include,
    nullsNotDistinct,
    deferrable,
    onConflict,
    comment,
    ...rest
  } = one
  void (rest satisfies Record<string, never>)
  return defined({
    name: spelledName(one),
    columns,
    descending,
    include,
    nulls_not_distinct: nullsNotDistinct,
    ...fromDeferral(deferrable),
    on_conflict: onConflict,
    comment,
  })
}

export function fromCheck(one: Check): CheckSpec {
  const { name: _, implicit: __, expression, noInherit, valid, comment, ...rest } = one
  void (rest satisfies Record<string, never>)
  const not_valid = valid === false ? true : undefined
  return defined({ name: spelledName(one), condition: expression, no_inherit: noInherit, not_valid, comment })
}

export function fromForeignKey(one: ForeignKey): ForeignKeySpec {
  const {
    name: _,
    implicit: __,
    columns,
    references,
    onDelete,
    onUpdate,
    deferrable,
    match,
    valid,
    comment,
    ...rest
  } = one
  void (rest satisfies Record<string, never>)
  return defined({
    name: spelledName(one),
    columns,
    references: defined({ table: references.name, schema: references.schema, columns: references.columns }),
    on_delete: onDelete,
    on_update: onUpdate,
    match,
    ...fromDeferral(deferrable),
    not_valid: valid === false ? true : undefined,
    comment,
  })
}

export function fromExclusion(one: Exclusion): ExclusionSpec {
  const { name: _, implicit: __, using, elements, include, where, deferrable, comment, ...rest } = one
  void (rest satisfies Record<string, never>)
  const method = using === 'gist' ? undefined : using
  return defined({
    name: spelledName(one),
    using: method,
    elements,
    include,
    where,
    ...fromDeferral(deferrable),
    comment,
  })
}
