/**
 * `deno task compile`: dist/limbeck by `deno compile`, for people who have Deno alone. Deno downloads the runtime that it
 * puts before the program (denort) once; where that cannot be, this says what to do instead.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { thisMachine } from './targets.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const machine = thisMachine()
const file = join(ROOT, 'dist', `limbeck${machine.ending}`)
const packages = ['libpg-query', machine.addon].map((name) => `--include=node_modules/${name}`)
const options = ['--allow-all', '--no-check', '--node-modules-dir=manual', '--output', file, ...packages]

mkdirSync(join(ROOT, 'dist'), { recursive: true })
const { status, stderr } = spawnSync(process.execPath, ['compile', ...options, 'src/main.ts'], {
  cwd: ROOT,
  stdio: ['inherit', 'inherit', 'pipe'],
  encoding: 'utf8',
})
if (status === 0) console.log(file)
else {
  console.error(stderr.trim())
  if (/denort|dl\.deno\.land/.test(stderr)) {
    console.error(
      "Deno's runtime could not be downloaded. DENORT_BIN names a `denort` of this version of Deno that is here already;\n" +
        '`npm run build` makes the same executable with Bun, from npm alone.',
    )
  }
  process.exitCode = 1
}
