import type { Text } from '@hello/faults/fault'
import { freePort } from '@hello/processes/ports'
import { type RunningScript, reasonOf, waitUntil, withScript } from './traced-script.ts'

/** An answer of a service; without a status where there is none, and `body` says why. */
export interface ServiceAnswer {
  status: number
  body: string
}

interface Service {
  file: string
  traced: boolean
  env?: Record<string, string>
  /** Until it listens, and until it answers, in milliseconds. */
  patience: number
  signal: AbortSignal
}

/**
 * Runs a service that listens on the port that PORT says for as long as it is used.
 *
 * @returns what `use` says it lacks, or that it does not listen
 */
export async function withService(
  { file, traced, env, patience, signal }: Service,
  use: (service: {
    ask: (path: string, options?: RequestInit) => Promise<ServiceAnswer>
    script: RunningScript
  }) => Promise<Text | undefined>,
): Promise<Text | undefined> {
  const port = await freePort()
  async function ask(path: string, options: RequestInit = {}): Promise<ServiceAnswer> {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        ...options,
        signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
      })
      return { status: answer.status, body: await answer.text() }
    } catch (error) {
      signal.throwIfAborted()
      return { status: 0, body: (error as Error).message }
    }
  }
  return withScript({ file, traced, env: { ...env, PORT: String(port) } }, async (script) => {
    const listens = async () => script.ended() || (await ask('/')).status > 0
    if (!(await waitUntil(listens, patience, signal)) || script.ended())
      return {
        en: `The service does not listen on the port that PORT says: ${reasonOf(script)}`,
        ko: `서비스가 PORT로 지정한 포트에서 수신 대기하지 않습니다: ${reasonOf(script)}`,
      }
    return use({ ask, script })
  })
}
