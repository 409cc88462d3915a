/** The library's types: what TypeScript declares of its entry and of the files that its types come from. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The compiler of the npm package `typescript`, whose exports do not name it. */
export function compiler(): string {
  const { resolve } = createRequire(import.meta.url)
  return join(dirname(resolve('typescript/package.json')), 'lib/tsc.js')
}

/** The declarations that a declaration imports: `./problem.ts` of `mod.d.ts` is `problem.d.ts`. */
function imported(file: string): string[] {
  const text = fs.readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.ts['"]/g)].map((one) =>
    resolve(dirname(file), `${one[1]}.d.ts`)
  )
}

function reachable(entry: string): Set<string> {
  const found = new Set([entry])
  for (const file of found) imported(file).forEach((one) => found.add(one))
  return found
}

/**
 * Writes the declarations of a module into a folder: of it, and of the modules that its types come from.
 * @param entry the module, in src/
 */
export function writeTypes(entry: string, folder: string): void {
  const work = fs.mkdtempSync(join(dirname(folder), '.types-'))
  try {
    const options = [
      ...['--declaration', '--emitDeclarationOnly', '--outDir', work, '--rootDir', join(ROOT, 'src')],
      ...[
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--types',
        'node',
        '--skipLibCheck',
        '--strict',
        '--noCheck',
      ],
      ...['--allowImportingTsExtensions', '--ignoreConfig'],
    ]
    const { status } = spawnSync(process.execPath, ['run', '-A', compiler(), ...options, entry], {
      cwd: ROOT,
      stdio: 'inherit',
    })
    assert.equal(status, 0, 'TypeScript could not declare the types of the library')
    const declared = join(work, relative(join(ROOT, 'src'), entry).replace(/\.ts$/, '.d.ts'))
    fs.rmSync(folder, { recursive: true, force: true })
    for (const file of reachable(declared)) {
      const place = join(folder, relative(work, file))
      fs.mkdirSync(dirname(place), { recursive: true })
      const text = fs.readFileSync(file, 'utf8')
      fs.writeFileSync(place, text.replace(/(['"]\.[^'"]+)\.ts(['"])/g, '$1.js$2'))
    }
  } finally {
    fs.rmSync(work, { recursive: true, force: true })
  }
}
