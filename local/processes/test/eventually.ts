import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'

/** Waits until something holds. */
export async function eventually(seconds: number, holds: () => boolean | Promise<boolean>) {
  const deadline = Date.now() + seconds * 1000
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `not within ${seconds} s: ${holds}`)
    await delay(20)
  }
}
