import { setTimeout as delay } from 'node:timers/promises'
import type { Supervised } from './supervisor.ts'

const interval = 50
/** How long a process may take to end by itself, in milliseconds; one that hangs does not. */
const patience = 4000
/** How long the supervisor may take to start it again after that, in milliseconds. */
const startPatience = 3000

/**
 * Ends a process, by force where it does not end by itself, and waits until its supervisor has started it again.
 *
 * @throws Error when it was not started again within seconds
 */
export async function restart(process: Supervised): Promise<void> {
  const old = process.pid
  const isNew = () => process.pid !== undefined && process.pid !== old
  async function waitFor(milliseconds: number) {
    for (const deadline = Date.now() + milliseconds; !isNew() && Date.now() < deadline; ) await delay(interval)
  }
  process.kill('SIGTERM')
  await waitFor(patience)
  if (process.pid === old) process.kill('SIGKILL')
  await waitFor(startPatience)
  if (!isNew()) throw new Error(`${process.name} was not started again within ${(patience + startPatience) / 1000} s`)
}
