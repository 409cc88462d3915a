/** PostgreSQL's protocol as messages. */

/**
 * Cuts a stream of bytes into messages (manual, "Message Formats").
 * @param typed whether the first has a type; that of a client that starts has none
 */
export function messageCutter(typed: boolean): (chunk: Uint8Array) => Uint8Array[] {
  let rest = Buffer.alloc(0)
  let lead = typed ? 1 : 0
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const found: Uint8Array[] = []
    while (rest.length >= 4 + lead) {
      const length = rest.readInt32BE(lead) + lead
      if (rest.length < length) break
      found.push(rest.subarray(0, length))
      rest = rest.subarray(length)
      lead = 1
    }
    return found
  }
}
