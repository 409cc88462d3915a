/** Every revision of the living example is recognised by its schema, on both dialects. */
import assert from 'node:assert/strict'
import path from 'node:path'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'
import { withPostgres } from '../support/postgres.ts'

const ROOT = path.resolve(import.meta.dirname!, '../..')

/** Oldest first. */
const IDS = [
  'e75fa022c781',
  'e9679cbc3c36',
  '4c0345b3d525',
  '3be4994d87d5',
  '9b5d04b45a85',
  '54e483b63d8a',
  '400ea1feca4a',
  'da3992fd274e',
  '76bbe19c945c',
]

interface Found {
  readonly exact: readonly { readonly heads: readonly string[] }[]
  readonly ignored: readonly string[]
}

async function command(url: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await limbeck(['-q', '--url', url, ...args], { cwd: ROOT })
  assert.equal(code, 0, `limbeck ${args.join(' ')}: ${stderr}`)
  return stdout
}

/** @param alike those whose schema is that of the one before, on this dialect */
async function assertRecognised(url: string, alike: readonly string[]): Promise<void> {
  for (const [i, id] of IDS.entries()) {
    await command(url, 'upgrade', id)
    const { exact, ignored }: Found = JSON.parse(await command(url, 'identify', '--json'))
    let [first, last] = [i, i]
    while (alike.includes(IDS[first]!)) first--
    while (alike.includes(IDS[last + 1]!)) last++
    const expected = IDS.slice(first, last + 1).reverse()
    assert.deepEqual(exact.map((one) => one.heads.join()), expected, id)
    assert.deepEqual(ignored, [])
  }
}

Deno.test('on SQLite, where an enum is a VARCHAR', () =>
  withFolder((folder) => assertRecognised(`sqlite:///${folder}/one.db`, ['400ea1feca4a', 'da3992fd274e'])))

for (const version of [14, 18] as const) {
  Deno.test(`on PostgreSQL ${version}`, () => withPostgres((url) => assertRecognised(url, []), version))
}
