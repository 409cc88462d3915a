import assert from 'node:assert/strict'
import { parseRevision } from '../../../src/revision/load.ts'
import { errorsOf } from './support.ts'

const hash = async (text: string) => (await parseRevision(text, 'f')).hash
const BASE = 'id: a\nupgrade:\n  - drop_table: { name: t, cascade: true }\n'

Deno.test('layout, comments, key order, header and line ends do not change the hash', async () => {
  const same = [
    '# c\nid: b\nmessage: other\nupgrade:\n- drop_table: # c\n    cascade: true\n    "name": \'t\'\n',
    BASE.replaceAll('\n', '\r\n'),
    `\ufeff${BASE}`.slice(1),
  ]
  for (const text of same) assert.equal(await hash(text), await hash(BASE))
})

Deno.test('what runs changes the hash', async () => {
  const texts = [
    BASE,
    BASE.replace('name: t', 'name: u'),
    BASE.replace('- drop', '- only: sqlite\n    drop'),
    `${BASE}downgrade: []\n`,
    `${BASE}downgrade: { irreversible: x }\n`,
    `${BASE}transaction: none\n`,
    `${BASE}settings: { lock_timeout: 4s }\n`,
    BASE.replace('name: t', 'name: "${x:t}"'),
  ]
  const hashes = await Promise.all(texts.map(hash))
  assert.equal(new Set(hashes).size, texts.length)
})

const upgrade = (name: string) => `id: a\nupgrade:\n  - drop_table: { name: ${name} }\n`

/** The name of the table that is dropped, with `-x tenant=t1`. */
async function substituted(name: string, vars?: Record<string, string>): Promise<unknown> {
  const { upgrade: [only] } = await parseRevision(
    upgrade(JSON.stringify(name)),
    'f',
    vars === undefined ? {} : { vars },
  )
  return (only!.operation as { name?: string }).name
}

Deno.test('variables are replaced, their hash is of the text as written', async () => {
  const vars = { tenant: 't1', empty: '', dollar: '$&$1' }
  assert.equal(await substituted('${x:tenant}_users', vars), 't1_users')
  assert.equal(await substituted('${x:tenant}${x:tenant}', vars), 't1t1')
  assert.equal(await substituted('a${x:empty}b', vars), 'ab')
  assert.equal(await substituted('a${x:empty:-c}b', vars), 'ab')
  assert.equal(await substituted('${x:other:-a:-b}', vars), 'a:-b')
  assert.equal(await substituted('a${x:other:-}', vars), 'a')
  assert.equal(await substituted('${x:dollar}', vars), '$&$1')
  assert.equal(await substituted('$${x:tenant}', vars), '${x:tenant}')
  assert.equal(await substituted('$${"a": 1}$$ ${HOME}', vars), '$${"a": 1}$$ ${HOME}')
  assert.equal(await substituted('${x:tenant}'), '${x:tenant}')
  const [one, two] = await Promise.all(
    ['a', 'b'].map((t) => parseRevision(upgrade('"${x:t}"'), 'f', { vars: { t } })),
  )
  assert.equal(one!.hash, two!.hash)
})

Deno.test('variables without a value', async () => {
  const errors = (name: string) =>
    errorsOf(() => parseRevision(upgrade(JSON.stringify(name)), 'f', { vars: { constructor2: 'x' } }))
  assert.deepEqual(await errors('a ${x:constructor}'), [
    'f:3:25: error[missing-variable]: no value for the variable "constructor" | ' +
    'give -x constructor=value, or a default: ${x:constructor:-default}',
  ])
  const hint = 'write ${x:key} or ${x:key:-default}; $${x: stands for the text itself'
  assert.deepEqual(await errors('${x:}'), [
    `f:3:25: error[bad-variable]: "\${x:}" is not a variable | ${hint}`,
  ])
  assert.deepEqual(await errors('${x:a'), [
    `f:3:25: error[bad-variable]: "\${x:a" is not a variable | ${hint}`,
  ])
})
