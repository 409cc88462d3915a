/** A TCP server that stands in front of PostgreSQL. */
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface InFront {
  /** The URL of the database through it. */
  readonly url: string
  /** Destroys the connections of clients and stops listening. */
  close(): Promise<void>
}

/**
 * Starts it on a free port.
 * @param url of the database, for the URL through the server
 * @param serve what is done with a client that connects
 */
export async function inFront(url: string, serve: (client: Socket) => void): Promise<InFront> {
  const clients = new Set<Socket>()
  const server = createServer((client) => {
    clients.add(client)
    client.on('error', () => {})
    client.on('close', () => clients.delete(client))
    serve(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const through = new URL(url)
  through.port = String((server.address() as AddressInfo).port)
  through.searchParams.set('sslmode', 'disable')
  return {
    url: through.href,
    async close() {
      clients.forEach((client) => client.destroy())
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
