/** The completion scripts in the shells themselves, as far as they are installed. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { limbeck } from '../support/command-line.ts'
import { withFolder } from '../support/folder.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

function isThere(shell: string): boolean {
  const found = spawnSync(shell, ['-c', 'exit 0']).status === 0
  if (!found) console.warn(`SKIPPED: ${shell} is not installed.`)
  return found
}

const SHELLS = { bash: isThere('bash'), zsh: isThere('zsh'), fish: isThere('fish') }

const REVISIONS = {
  'a1.yaml': 'id: a1\ndown_revision: null\nmessage: base\nupgrade: []\n',
  'a2.yaml': 'id: a2\ndown_revision: a1\nbranch_labels: [billing]\nmessage: "has: a colon"\nupgrade: []\n',
}

/** A folder with revisions, the shell's script, and `limbeck` on the path. */
async function withProject(
  shell: string,
  work: (run: (script: string) => { readonly stdout: string; readonly stderr: string }) => void,
): Promise<void> {
  await withFolder(async (cwd) => {
    mkdirSync(path.join(cwd, 'revisions'))
    mkdirSync(path.join(cwd, 'bin'))
    mkdirSync(path.join(cwd, 'a folder'))
    for (const [name, text] of Object.entries(REVISIONS)) {
      writeFileSync(path.join(cwd, 'revisions', name), text)
    }
    const program = path.join(cwd, 'bin/limbeck')
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" run -A -q --no-check "${MAIN}" "$@"\n`)
    chmodSync(program, 0o755)
    const { stdout } = await limbeck(['completion', shell], { cwd })
    writeFileSync(path.join(cwd, 'completion'), stdout)
    const env = { ...process.env, PATH: `${path.join(cwd, 'bin')}:${process.env.PATH}` }
    work((script) => spawnSync(shell, ['-c', script], { cwd, env, encoding: 'utf8' }))
  })
}

/** What bash offers where the line ends: its completion function is called as bash calls it. */
function inBash(line: string): string {
  return [
    'source ./completion',
    `COMP_LINE='${line}' COMP_POINT=${line.length}`,
    '_limbeck',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n')
}

Deno.test({
  name: 'bash completes commands, options, revisions and files',
  ignore: !SHELLS.bash,
  async fn() {
    await withProject('bash', (run) => {
      const offered = (line: string) => {
        const { stdout, stderr } = run(inBash(line))
        assert.equal(stderr, '', line)
        return stdout.split('\n').filter((one) => one !== '')
      }
      assert.deepEqual(offered('limbeck ensure'), ['ensure-version'])
      assert.deepEqual(offered('limbeck upgrade a'), ['a1', 'a2'])
      assert.deepEqual(offered('limbeck upgrade  --dialect '), ['postgres', 'sqlite'])
      assert.deepEqual(offered('limbeck upgrade bil'), ['billing', 'billing@head'])
      // Readline replaces only what is behind the sign.
      assert.deepEqual(offered('limbeck upgrade billing@'), ['head'])
      assert.deepEqual(offered('limbeck history -r a1:a'), ['a1', 'a2'])
      assert.deepEqual(offered('limbeck revision --head=a'), ['a1', 'a2'])
      assert.deepEqual(offered('limbeck init a'), ['a folder'])
      assert.deepEqual(offered('limbeck nonsense '), [])
    })
  },
})

Deno.test({
  name: 'bash knows the function as the completion of limbeck',
  ignore: !SHELLS.bash,
  async fn() {
    await withProject('bash', (run) => {
      assert.equal(run('source ./completion; complete -p limbeck').stdout, 'complete -F _limbeck limbeck\n')
    })
  },
})

Deno.test({
  name: 'zsh reads the script, and completes revisions with what they do',
  ignore: !SHELLS.zsh,
  async fn() {
    await withProject('zsh', (run) => {
      const script = [
        'compdef() { print -r -- "compdef $*" }',
        'source ./completion',
        '_describe() { print -rl -- "${(@P)2}" }',
        'words=(limbeck upgrade a) CURRENT=3 PREFIX=a',
        '_limbeck',
      ].join('\n')
      const { stdout, stderr } = run(script)
      assert.equal(stderr, '')
      assert.equal(stdout, 'compdef _limbeck limbeck\na1:base\na2:has: a colon\n')
    })
  },
})

Deno.test({
  name: 'fish completes revisions with what they do',
  ignore: !SHELLS.fish,
  async fn() {
    await withProject('fish', (run) => {
      const { stdout, stderr } = run('source ./completion; complete -C "limbeck upgrade a"')
      assert.equal(stderr, '')
      assert.equal(stdout, 'a1\tbase\na2\thas: a colon\n')
    })
  },
})
