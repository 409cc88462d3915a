/** The fields of alter_column. */
import { Type } from 'typebox'
import type { Op } from '../definition.ts'
import { fields, flag, name, optional, schema, sqlPerDialect } from '../../shape.ts'
import { defaultShape, generatedShape, identityShape } from '../parts/column.ts'
import { typeShape } from '../parts/type.ts'

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(one: T, description: string) =>
  optional(Type.Union([one, Type.Null()], { description }))

export const shape = fields({
  table: name('The table.'),
  schema,
  column: name('The column.'),
  new_name: optional(name('Its new name.')),
  type: optional(typeShape),
  using: optional(sqlPerDialect('What the new value is computed from, when the type changes.')),
  collation: orNull(name('Its collation.'), "Its collation; null: the type's own."),
  nullable: optional(flag('Whether it takes NULL.')),
  default: optional(defaultShape),
  comment: orNull(Type.String(), 'Its comment (PostgreSQL); null drops it.'),
  identity: orNull(identityShape, 'GENERATED … AS IDENTITY; null: a plain column.'),
  generated: orNull(
    generatedShape,
    'What it is computed from; null: a plain column, which keeps its values.',
  ),
})

export type AlterColumn = Op<'alter_column', typeof shape>
