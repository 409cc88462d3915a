/** What to do about rows that a change of their table cannot take. */
export const NULLS_IN_THE_WAY = 'rows hold NULL there: fill them first, with update_rows or backfill'
export const ROWS_BREAK_IT = 'there are rows that break it: mend or delete them first'
export const ROWS_NEED_A_VALUE =
  'the table has rows: give the column a `default`, or add it without `nullable: false`, fill it, and alter it then'
