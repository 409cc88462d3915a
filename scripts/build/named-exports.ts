/**
 * Named exports of CommonJS packages that are imported lazily. Runtimes find their names (Node: cjs-module-lexer); esbuild
 * makes a chunk of such a package that has a default export alone. The plugin puts a module with the names before it.
 */
import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import type { OnResolveResult, Plugin, PluginBuild } from 'esbuild'

const NAMESPACE = 'named-exports'

/** Whether Node takes the file for CommonJS (manual, "Modules: Packages", "Determining module system"). */
function isCommonJs(file: string): boolean {
  if (extname(file) !== '.js') return extname(file) === '.cjs'
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (!fs.existsSync(manifest)) continue
    return (JSON.parse(fs.readFileSync(manifest, 'utf8')) as { type?: string }).type !== 'module'
  }
  return true
}

async function resolved(
  bundler: PluginBuild,
  specifier: string,
  folder: string,
): Promise<OnResolveResult | undefined> {
  const found = await bundler.resolve(specifier, {
    resolveDir: folder,
    kind: 'import-statement',
    pluginData: NAMESPACE,
  })
  return found.errors.length === 0 && !found.external && isCommonJs(found.path)
    ? { path: found.path, namespace: NAMESPACE }
    : undefined
}

/** The module's own text: the names that the package exports when it is loaded here. */
function withNames(file: string): string {
  const exported: unknown = createRequire(file)(file)
  const names = Object.keys(exported as object).filter((name) =>
    /^[a-z_$][\w$]*$/i.test(name) && name !== 'default'
  )
  return [
    `const exported = require(${JSON.stringify(file)})`,
    'export default exported',
    ...(names.length === 0 ? [] : [`export const { ${names.join(', ')} } = exported`]),
  ].join('\n')
}

/** The esbuild plugin. */
export const namedExports: Plugin = {
  name: 'named exports of CommonJS',
  setup(bundler) {
    bundler.onResolve({ filter: /^[a-z@]/ }, ({ path, kind, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === NAMESPACE) return undefined
      return resolved(bundler, path, resolveDir)
    })
    bundler.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
      contents: withNames(path),
      resolveDir: dirname(path),
      loader: 'js',
    }))
  },
}
