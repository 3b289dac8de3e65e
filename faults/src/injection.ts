import type { ServiceName } from '@hello/shop/services'
import type { EvaluationContext } from '@openfeature/server-sdk'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** A fault within one process. */
export interface Injection {
  /** How strong it is now, 0 to 1; 0 while it is off. */
  ratio(): number
  /**
   * Whether it hits one request or call: by chance, as often as the ratio says, and only what the fault is about.
   *
   * @param context what the request is about
   */
  hits(context?: EvaluationContext): Promise<boolean>
  /** Runs before the handlers of the later routes while the fault is on, but for what is not observed; what it throws is the answer. */
  beforeHandler(run: (request: FastifyRequest) => Promise<void>): void
  /** Runs something while the fault is on; it must end when the signal is aborted. Throws it, it is logged and begun again. */
  whileOn(run: (signal: AbortSignal) => Promise<void>): void
}

/** The process that misbehaves. */
export interface FaultyProcess {
  app: FastifyInstance
  service: ServiceName
  /** postgres:// URL of its database, where it has one. */
  databaseUrl: string | undefined
}

/** Puts a fault into a process at its start; it does nothing until it is on. Hooks that it adds are those of every later route. */
export type Inject = (fault: Injection, faulty: FaultyProcess) => void
