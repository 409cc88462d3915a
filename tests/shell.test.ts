/** Command lines of people: what they write, and how they end. */
import assert from 'node:assert/strict'
import { runShell } from '../src/shell.ts'
import { withFolder } from './support/folder.ts'

async function heard(line: string, ...args: string[]) {
  let [out, errors] = ['', '']
  const take = { stdout: (text: string) => out += text, stderr: (text: string) => errors += text }
  const ended = await withFolder((cwd) => runShell(line, args, { cwd, heard: take }))
  return { ended, out, errors }
}

Deno.test('what a command writes is heard in whole characters', async () => {
  const parts = String.raw`printf '\303'; sleep 0.1; printf '\244'; printf x >&2; echo "$@"`
  assert.deepEqual(await heard(parts, 'a b', 'c'), { ended: undefined, out: 'äa b c\n', errors: 'x' })
})

Deno.test('how a command ended is told in words', async () => {
  assert.equal((await heard('exit 3')).ended, 'with exit code 3')
  assert.equal((await heard('kill -TERM $$')).ended, 'by SIGTERM')
})
