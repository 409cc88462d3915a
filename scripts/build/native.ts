/**
 * The two dependencies that look for a file beside themselves when they run, rewritten so that a bundler sees which file
 * that is: libsql asks for the native addon of the machine by a name that it computes, libpg-query for its WebAssembly
 * module in the folder of its script. Both bundlers take the same plugin.
 */
import assert from 'node:assert/strict'
import * as fs from 'node:fs'

/** What esbuild's and Bun's plugins have in common, as far as it is used here. */
export interface Bundler {
  onLoad(
    filter: { readonly filter: RegExp },
    load: (args: { readonly path: string }) => { readonly contents: string; readonly loader: 'js' },
  ): unknown
}

/** Replaces single places of a file; a new version of its package without one of them stops the build. */
function rewritten(path: string, changes: readonly (readonly [pattern: RegExp, replacement: string])[]) {
  let contents = fs.readFileSync(path, 'utf8')
  for (const [pattern, replacement] of changes) {
    assert.match(contents, pattern, `${path} is not as the build knows it`)
    contents = contents.replace(pattern, () => replacement)
  }
  return { contents, loader: 'js' as const }
}

const LIBSQL = { filter: /libsql[\\/]index\.js$/ }
const LIBPG_QUERY = { filter: /libpg-query[\\/]wasm[\\/]libpg-query\.js$/ }

/** libpg-query's script with another expression for the path of its module; nothing else is in its folder. */
function withModule(path: string, module: string) {
  return rewritten(path, [[/locateFile\("libpg-query\.wasm"\)/, module], [/__dirname\+"\/"/, '""']])
}

/**
 * The plugin for a bundle that carries its files: libSQL's native addon, and the WebAssembly module.
 * @param addon the absolute path of the addon's file
 */
export function embedded(addon: string) {
  return {
    name: 'embedded files',
    setup(bundler: Bundler): void {
      bundler.onLoad(
        LIBSQL,
        ({ path }) =>
          rewritten(path, [
            [
              /(?<=function requireNative\(\) )\{.*?^\}/ms,
              `{ return require(${JSON.stringify(addon)}) }`,
            ],
          ]),
      )
      bundler.onLoad(LIBPG_QUERY, ({ path }) => withModule(path, `require('./libpg-query.wasm')`))
    },
  }
}

/**
 * The plugin for a bundle that lies where its packages are installed: libsql finds its addon there, and the
 * WebAssembly module is found in the package.
 */
export const installed = {
  name: 'installed files',
  setup(bundler: Bundler): void {
    bundler.onLoad(
      LIBPG_QUERY,
      ({ path }) => withModule(path, `require.resolve('libpg-query/wasm/libpg-query.wasm')`),
    )
  },
}
