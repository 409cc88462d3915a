/**
 * Builds what is shipped: `scripts/build.ts [--only node|executable]`.
 *
 * - `dist/limbeck.mjs`, `dist/mod.mjs` and `dist/chunks/`: the program and the library as Node 20 and later run them.
 *   What the source imports lazily is in a chunk of its own. Native addons and WebAssembly are found in node_modules.
 *   `dist/types/` declares the library's types.
 * - `dist/limbeck`: one executable for this machine with everything inside.
 *
 * `scripts/build.ts --all [--out folder]` makes the executables of all machines, `limbeck-<machine>`, and SHA256SUMS;
 * further arguments choose some of the machines.
 *
 * Each appears under its name only when it is whole, so that a build may run beside programs that use the last one.
 */
import * as fs from 'node:fs'
import { basename, join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import * as esbuild from 'esbuild'
import { compileAll } from './build/all.ts'
import { compile } from './build/compile.ts'
import { installed } from './build/native.ts'
import { namedExports } from './build/named-exports.ts'
import { thisMachine } from './build/targets.ts'
import { writeTypes } from './build/types.ts'
import { validators } from './build/validators.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ENTRY = join(ROOT, 'src/main.ts')
const LIBRARY = join(ROOT, 'src/mod.ts')
const DIST = join(ROOT, 'dist')

/** What is built, and the file to start. */
export const BUILDS = {
  node: join(DIST, 'limbeck.mjs'),
  executable: join(DIST, process.platform === 'win32' ? 'limbeck.exe' : 'limbeck'),
} as const

/** What esbuild tells of the Node bundle: which file holds what. */
const META = 'limbeck.meta.json'

/** Bundled CommonJS packages call `require`, which modules do not have. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`

async function buildNode(): Promise<void> {
  const folder = fs.mkdtempSync(join(DIST, '.node-'))
  try {
    const { metafile } = await esbuild.build({
      metafile: true,
      entryPoints: { limbeck: ENTRY, mod: LIBRARY },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      chunkNames: 'chunks/[name]-[hash]',
      absWorkingDir: ROOT,
      bundle: true,
      splitting: true,
      platform: 'node',
      target: 'node20',
      // A package manager may let only libsql find its addons.
      external: ['libsql'],
      format: 'esm',
      minifyWhitespace: true,
      minifySyntax: true,
      banner: { js: REQUIRE },
      legalComments: 'none',
      logLevel: 'warning',
      plugins: [installed, namedExports, validators],
    })
    fs.writeFileSync(join(DIST, META), JSON.stringify(metafile))
    fs.mkdirSync(join(DIST, 'chunks'), { recursive: true })
    const chunks = fs.readdirSync(join(folder, 'chunks'))
    for (const name of chunks) fs.renameSync(join(folder, 'chunks', name), join(DIST, 'chunks', name))
    fs.renameSync(join(folder, 'mod.mjs'), join(DIST, 'mod.mjs'))
    fs.writeFileSync(join(folder, 'bin'), withHashbang(join(folder, 'limbeck.mjs')), { mode: 0o755 })
    fs.renameSync(join(folder, 'bin'), BUILDS.node)
    for (const name of fs.readdirSync(join(DIST, 'chunks'))) {
      if (!chunks.includes(name)) fs.rmSync(join(DIST, 'chunks', name))
    }
  } finally {
    await esbuild.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** npm links programs as they are, and a shell starts them by their first line. */
function withHashbang(file: string): string {
  return `#!/usr/bin/env node\n${fs.readFileSync(file, 'utf8')}`
}

/** Builds one of the two. */
export async function build(what: keyof typeof BUILDS): Promise<void> {
  fs.mkdirSync(DIST, { recursive: true })
  switch (what) {
    case 'node':
      await buildNode()
      return writeTypes(LIBRARY, join(DIST, 'types'))
    case 'executable':
      return compile(thisMachine(), ENTRY, BUILDS.executable)
  }
}

/**
 * The npm packages that are in some files of the Node bundle.
 * @param names of the files, without their folders
 */
export function bundledPackages(names: readonly string[]): string[] {
  const { outputs } = JSON.parse(fs.readFileSync(join(DIST, META), 'utf8')) as esbuild.Metafile
  const files = Object.entries(outputs).filter(([path]) => names.includes(basename(path)))
  const inputs = files.flatMap(([, output]) => Object.keys(output.inputs))
  const packages = inputs.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
  return [...new Set(packages.filter((one) => one !== undefined))].sort()
}

/** The newest change of what is built from, in milliseconds since 1970. */
function changed(): number {
  const sources = ['src', 'scripts/build'].flatMap((folder) =>
    fs.readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name)
    )
  )
  const files = [...sources, 'scripts/build.ts', 'package-lock.json']
  return Math.max(...files.map((file) => fs.statSync(join(ROOT, file)).mtimeMs))
}

/**
 * Builds one of the two unless it is there and newer than its source.
 * @returns the file to start
 */
export async function built(what: keyof typeof BUILDS): Promise<string> {
  const file = BUILDS[what]
  if (!fs.existsSync(file) || fs.statSync(file).mtimeMs < changed()) await build(what)
  return file
}

function shown(file: string): string {
  return `${file}  ${(fs.statSync(file).size / 1e6).toFixed(1)} MB`
}

/** @returns the exit code */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { only: { type: 'string' }, all: { type: 'boolean' }, out: { type: 'string' } },
    allowPositionals: true,
  })
  if (values.all) {
    return compileAll(ENTRY, resolve(values.out ?? DIST), positionals, (file) => console.log(shown(file)))
  }
  for (const what of ['node', 'executable'] as const) {
    if (values.only !== undefined && values.only !== what) continue
    await build(what)
    console.log(shown(BUILDS[what]))
  }
  return 0
}

if (import.meta.main) process.exitCode = await main()
