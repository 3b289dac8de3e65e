import type { Action, ActionName } from './allow-list.ts'

/** Something that can be done now. It is found first and done later, so that a dry run tells exactly what would be done. */
export interface Step {
  /** What it does, in words: `ends session 4711 of order, idle in transaction for 95 s`. */
  what: string
  /** @throws Error when it cannot be done, or no longer */
  take(): Promise<void>
}

/** What can be done to the shop where it runs. Each resolves to undefined where there is nothing to do. */
export interface Actions {
  /**
   * Switches off the fault flags that are on.
   *
   * @param app those of a service; of all when undefined
   */
  flagsOff(app: string | undefined): Promise<Step | undefined>
  /** Ends the sessions that others wait for and that wait for nobody, of transactions that are older than that. */
  endBlockingSessions(database: string, olderThanSeconds: number): Promise<Step | undefined>
  /** @throws Refused when the workload has not opted in */
  restart(workload: string): Promise<Step | undefined>
  /**
   * Goes back to what ran before the last rollout.
   *
   * @throws Refused when the workload has not opted in
   */
  undoRollout(workload: string): Promise<Step | undefined>
}

/** What must not be done: the workload has not opted in. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

const nothing = async () => undefined

/** Where nothing of the shop can be reached. */
export const noActions: Actions = {
  flagsOff: nothing,
  endBlockingSessions: nothing,
  restart: nothing,
  undoRollout: nothing,
}

/** What an alert with these labels is about: of an alert of PostgreSQL the database, which is named for the service that owns it. */
export const subjectOf = ({ datname, app = '' }: Record<string, string>): string => datname ?? app

const find = (actions: Actions, action: Action, subject: string): Promise<Step | undefined> => {
  switch (action.name) {
    case 'flags-off':
      return actions.flagsOff(action.of === 'app' ? subject : undefined)
    case 'end-blocking-sessions':
      return actions.endBlockingSessions(subject, action.olderThanSeconds)
    case 'restart':
      return actions.restart(subject)
    case 'undo-rollout':
      return actions.undoRollout(subject)
  }
}

/**
 * The first of the allowed actions that has something to do.
 *
 * @throws Refused when the workload has not opted in; Error, with the action's name as `action`, when it could not be looked for
 */
export async function firstStep(
  actions: Actions,
  allowed: readonly Action[],
  subject: string,
): Promise<(Step & { action: ActionName }) | undefined> {
  for (const action of allowed) {
    try {
      const step = await find(actions, action, subject)
      if (step) return { action: action.name, what: step.what, take: () => step.take() }
    } catch (error) {
      throw Object.assign(error as Error, { action: action.name })
    }
  }
  return undefined
}
