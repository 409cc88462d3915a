/** Whether the values of a column are what they were when the schema is another one. */
import assert from 'node:assert/strict'
import { postgres } from '../../src/dialect/postgres/index.ts'
import { find } from '../../src/model/edit.ts'
import { isKept } from '../../src/verify/rows.ts'
import { modelAfter } from '../support/compile.ts'
import { fromYaml } from '../support/operation-yaml.ts'

function kept(before: readonly object[], after: readonly object[], type: unknown): boolean {
  const table = { create_table: { name: 't', columns: [{ name: 'a', type }] } }
  const models = [before, after].map((all) =>
    modelAfter([...all, table].map((one) => fromYaml(one as never)), postgres)
  )
  const [was, is] = models.map((model) => find(model, 'tables', { name: 't' })!)
  return isKept(was!.columns[0]!, is!.columns[0], { before: models[0]!, after: models[1]! }, postgres)
}

const mood = (...values: string[]) => ({ create_enum: { name: 'mood', values } })
const amount = (type: unknown) => ({ create_domain: { name: 'amount', type } })

Deno.test('a column of an enum is kept while its values are', () => {
  assert(kept([mood('sad', 'happy')], [mood('sad', 'happy')], { enum: 'mood' }))
  assert(!kept([mood('sad', 'happy')], [mood('happy')], { enum: 'mood' }))
  assert(!kept([mood('sad', 'happy')], [mood('happy')], { enum: 'mood', array: 1 }))
})

Deno.test('a column of a domain is kept while the type under it is', () => {
  assert(kept([amount('integer')], [amount('integer')], { domain: 'amount' }))
  assert(!kept([amount('integer')], [amount('numeric(10, 2)')], { domain: 'amount' }))
  const over = amount({ enum: 'mood' })
  assert(!kept([mood('sad', 'happy'), over], [mood('happy'), over], { domain: 'amount' }))
})
