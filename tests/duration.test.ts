import assert from 'node:assert/strict'
import { DURATION, milliseconds, WRITTEN_DURATION } from '../src/duration.ts'

Deno.test('times with a unit, and their milliseconds', () => {
  const times = { '500ms': 500, '4s': 4000, '1.5 s': 1500, '2min': 120_000, '5m': 300_000, '1h': 3_600_000 }
  for (const [written, expected] of Object.entries(times)) {
    assert.match(written, new RegExp(DURATION))
    assert.match(written, new RegExp(WRITTEN_DURATION))
    assert.equal(milliseconds(written), expected, written)
  }
})

Deno.test('a number without a unit is of milliseconds, in files alone', () => {
  for (const written of [250, '250']) assert.equal(milliseconds(written), 250)
  assert.match('250', new RegExp(WRITTEN_DURATION))
  assert.doesNotMatch('250', new RegExp(DURATION))
  assert.match('0', new RegExp(DURATION))
})

Deno.test('what is no time', () => {
  for (const written of ['', '-1s', '1.2.3s', '.5s', '4 days', 's']) {
    assert.doesNotMatch(written, new RegExp(WRITTEN_DURATION))
    assert.doesNotMatch(written, new RegExp(DURATION))
  }
})
