/**
 * Builds what is shipped: `scripts/build.ts [--only node|executable]`.
 *
 * - `dist/limbeck.mjs` and `dist/chunks/`: the program as Node 20 and later runs it. What the source imports lazily is in
 *   a chunk of its own. Native addons and WebAssembly are found in node_modules.
 * - `dist/limbeck`: one executable for this machine with everything inside.
 *
 * Each appears under its name only when it is whole, so that a build may run beside programs that use the last one.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import * as esbuild from 'esbuild'
import { installed } from './build/native.ts'
import { namedExports } from './build/named-exports.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ENTRY = join(ROOT, 'src/main.ts')
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
      entryPoints: { limbeck: ENTRY },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      chunkNames: 'chunks/[name]-[hash]',
      absWorkingDir: ROOT,
      bundle: true,
      splitting: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      minifyWhitespace: true,
      minifySyntax: true,
      banner: { js: REQUIRE },
      legalComments: 'none',
      logLevel: 'warning',
      plugins: [installed, namedExports],
    })
    fs.writeFileSync(join(DIST, META), JSON.stringify(metafile))
    fs.mkdirSync(join(DIST, 'chunks'), { recursive: true })
    const chunks = fs.readdirSync(join(folder, 'chunks'))
    for (const name of chunks) fs.renameSync(join(folder, 'chunks', name), join(DIST, 'chunks', name))
    fs.renameSync(join(folder, 'limbeck.mjs'), BUILDS.node)
    for (const name of fs.readdirSync(join(DIST, 'chunks'))) {
      if (!chunks.includes(name)) fs.rmSync(join(DIST, 'chunks', name))
    }
  } finally {
    await esbuild.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** The program of the npm package `bun`, whichever runtime this is. */
export function bun(): string {
  const { resolve } = createRequire(import.meta.url)
  const manifest = resolve('bun/package.json')
  const { bin } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { bin: { bun: string } }
  return join(dirname(manifest), bin.bun)
}

function buildExecutable(): void {
  const folder = fs.mkdtempSync(join(DIST, '.executable-'))
  try {
    const file = join(folder, 'limbeck')
    const script = join(ROOT, 'scripts/build/executable.ts')
    // Bun leaves temporary files in the working directory.
    const { status } = spawnSync(bun(), ['run', script, ENTRY, file], { cwd: folder, stdio: 'inherit' })
    assert.equal(status, 0, 'Bun could not compile the executable')
    const made = fs.existsSync(file) ? file : `${file}.exe`
    fs.renameSync(made, BUILDS.executable)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Builds one of the two. */
export async function build(what: keyof typeof BUILDS): Promise<void> {
  fs.mkdirSync(DIST, { recursive: true })
  switch (what) {
    case 'node':
      return await buildNode()
    case 'executable':
      return buildExecutable()
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

if (import.meta.main) {
  const { values } = parseArgs({ options: { only: { type: 'string' } } })
  for (const what of ['node', 'executable'] as const) {
    if (values.only !== undefined && values.only !== what) continue
    await build(what)
    console.log(`${BUILDS[what]}  ${(fs.statSync(BUILDS[what]).size / 1e6).toFixed(1)} MB`)
  }
}
