/**
 * The executable as the last stage of the Dockerfile has it, without an engine: in a chroot that holds what the image
 * holds and nothing else, its root read-only, no folder for temporary files, as user 65532.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { built } from '../../scripts/build.ts'
import { packageFile } from '../../scripts/build/packages.ts'
import { thisMachine } from '../../scripts/build/targets.ts'
import { withFolder } from '../support/folder.ts'
import { withPostgres } from '../support/postgres.ts'

const REVISIONS = fileURLToPath(new URL('../../revisions', import.meta.url))
const USER = 65532

/** A mount namespace of its own; who is not root gets one as the root of a user namespace, which has no user 65532. */
const IS_ROOT = process.getuid?.() === 0
const NAMESPACE = IS_ROOT ? ['--mount'] : ['--mount', '--user', '--map-root-user']

function hasNamespaces(): boolean {
  const found = process.platform === 'linux' && spawnSync('unshare', [...NAMESPACE, 'true']).status === 0
  if (!found) console.warn('SKIPPED: no mount namespaces here to make a container of.')
  return found
}

/** The shared libraries that a file names, as the loader finds them here; distroless/cc has all of glibc and libgcc. */
function libraries(file: string): string[] {
  const { stdout } = spawnSync('ldd', [file], { encoding: 'utf8' })
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map((one) => one[1]!)
}

interface Container {
  readonly data: string
  run(args: readonly string[], env?: Readonly<Record<string, string>>): {
    readonly status: number | null
    readonly stdout: string
    readonly stderr: string
  }
}

/** Fills a folder as the image is. */
async function fill(root: string): Promise<void> {
  const executable = await built('executable')
  const files = [executable, packageFile(thisMachine().addon, 'index.node')].flatMap(libraries)
  for (const file of new Set(files)) {
    fs.mkdirSync(join(root, dirname(file)), { recursive: true })
    fs.copyFileSync(file, join(root, file))
  }
  for (const folder of ['usr/local/bin', 'app', 'data', 'proc', 'dev', 'tmp', 'etc']) {
    fs.mkdirSync(join(root, folder), { recursive: true })
  }
  fs.copyFileSync(executable, join(root, 'usr/local/bin/limbeck'))
  fs.cpSync(REVISIONS, join(root, 'app/revisions'), { recursive: true })
}

const SCRIPT = `set -e
root=$1 data=$2; shift 2
mount --bind "$root" "$root"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind "$data" "$root/data"
mount -o remount,bind,ro "$root"
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin $ENVIRONMENT chroot $AS "$root" /usr/local/bin/limbeck --config /data/limbeck.yaml "$@"`

async function withContainer(work: (container: Container) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const [root, data] = [join(folder, 'root'), join(folder, 'data')]
    await fill(root)
    fs.mkdirSync(data)
    fs.writeFileSync(join(data, 'limbeck.yaml'), 'revisions: /app/revisions\n')
    if (IS_ROOT) [folder, data].forEach((one) => fs.chownSync(one, USER, USER))
    await work({
      data,
      run(args, variables = {}) {
        const env = {
          PATH: process.env.PATH,
          AS: IS_ROOT ? `--userspec=${USER}:${USER}` : '',
          ENVIRONMENT: Object.entries(variables).map(([name, value]) => `${name}=${value}`).join(' '),
        }
        const command = [...NAMESPACE, 'sh', '-c', SCRIPT, 'sh', root, data, ...args]
        return spawnSync('unshare', command, { env, encoding: 'utf8' })
      },
    })
  })
}

const ignore = !hasNamespaces()

Deno.test({
  name: 'container: with PostgreSQL nothing need be writable',
  ignore,
  async fn() {
    await withContainer(async ({ run }) => {
      await withPostgres((url) => {
        const upgraded = run(['upgrade', 'head', '-q'], { DATABASE_URL: url })
        assert.deepEqual([upgraded.status, upgraded.stderr], [0, ''])
        const { stdout } = run(['current'], { DATABASE_URL: url })
        assert.equal(stdout, '76bbe19c945c (head)\n')
        return Promise.resolve()
      })
    })
  },
})

Deno.test({
  name: 'container: a SQLite file in a mounted folder, with a temporary folder and without',
  ignore,
  async fn() {
    await withContainer(({ run, data }) => {
      const upgrade = ['upgrade', 'head', '-q', '--url', 'sqlite:////data/app.db']
      const refused = run(upgrade)
      assert.deepEqual([refused.status, refused.stderr], [
        5,
        'error[no-driver]: the SQLite driver cannot be unpacked: set BUN_TMPDIR to a folder that can be written and ' +
        'may hold programs\n',
      ])
      const upgraded = run(upgrade, { BUN_TMPDIR: '/data' })
      assert.deepEqual([upgraded.status, upgraded.stderr], [0, ''])
      const { stdout } = run(['current', '--url', 'sqlite:////data/app.db'], { BUN_TMPDIR: '/data' })
      assert.equal(stdout, '76bbe19c945c (head)\n')
      if (IS_ROOT) assert.equal(fs.statSync(join(data, 'app.db')).uid, USER)
      return Promise.resolve()
    })
  },
})

Deno.test({
  name: 'container: what cannot be done ends with its exit code',
  ignore,
  async fn() {
    await withContainer(({ run }) => {
      assert.equal(run(['--version']).status, 0)
      assert.equal(run(['upgrade']).status, 2)
      assert.equal(run(['upgrade', 'head', '--url', 'postgresql://nobody@127.0.0.1:9/none']).status, 5)
      return Promise.resolve()
    })
  },
})

Deno.test({
  name: 'container: a second signal ends its first process, too',
  ignore,
  async fn() {
    // It takes the connection and never says a word, so that there is nothing to cancel.
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const url = `postgres://u@127.0.0.1:${port}/d?sslmode=disable&connect_timeout=60`
    const command = ['--pid', '--fork', '--kill-child', await built('executable'), 'current', '--url', url]
    const outer = spawn('unshare', [...NAMESPACE, ...command], { stdio: 'ignore' })
    const ended = once(outer, 'exit')
    const [socket] = await once(server, 'connection')
    const children = fs.readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'utf8')
    for (const _ of ['first', 'second']) {
      await sleep(300)
      process.kill(Number(children), 'SIGTERM')
    }
    const late = setTimeout(() => outer.kill('SIGKILL'), 20_000)
    assert.deepEqual(await ended, [143, null])
    clearTimeout(late)
    socket.destroy()
    server.close()
  },
})
