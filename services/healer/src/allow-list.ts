/** A step that can be taken back, or that loses nothing which is not made again by itself. */
export type ActionName = 'flags-off' | 'end-blocking-sessions' | 'restart' | 'undo-rollout'

export type Action =
  | {
      name: 'flags-off'
      /** Flags of the alert's app alone, or of any: what fails at the gateway may be injected behind it. */
      of: 'app' | 'any'
    }
  | { name: 'end-blocking-sessions'; olderThanSeconds: number }
  | { name: 'restart' }
  | { name: 'undo-rollout' }

export interface Allowed {
  alert: string
  /** What may be done about it. The first that finds something to do is done, and no other. */
  actions: readonly [Action, ...Action[]]
}

const flags = (of: 'app' | 'any'): Action => ({ name: 'flags-off', of })
const sessions = (olderThanSeconds: number): Action => ({ name: 'end-blocking-sessions', olderThanSeconds })
const restart: Action = { name: 'restart' }
const undo: Action = { name: 'undo-rollout' }

/**
 * Every alert about which something may be done without a person, as the mitigation of its runbook says. An alert that is not
 * here is left to people: its cure loses data (a volume, a database), or there is none that is right each time.
 */
export const allowList: readonly Allowed[] = [
  // A transaction that works may be a migration: it gets longer than one that holds a lock and waits for its client.
  { alert: 'ShopDatabaseLockWaits', actions: [flags('app'), sessions(30)] },
  { alert: 'ShopDatabaseIdleInTransaction', actions: [flags('app'), sessions(60)] },
  { alert: 'ShopDatabaseLongTransaction', actions: [flags('app'), sessions(300)] },
  { alert: 'ShopPoolExhausted', actions: [flags('app'), sessions(30), restart] },
  { alert: 'ShopEventLoopLag', actions: [flags('app'), restart] },
  { alert: 'ShopHeapGrowth', actions: [flags('app'), restart] },
  { alert: 'ShopGarbageCollection', actions: [flags('app'), restart] },
  { alert: 'ShopServiceDown', actions: [flags('app'), restart] },
  { alert: 'ShopRolloutStuck', actions: [undo] },
  { alert: 'ShopImagePullFails', actions: [undo] },
  // Of these only an injected fault is cured without looking: the rest has many causes.
  { alert: 'ShopErrorBudgetBurn', actions: [flags('any')] },
  { alert: 'ShopLatencyBudgetBurn', actions: [flags('any')] },
  { alert: 'ShopOrderOutcomeBudgetBurn', actions: [flags('any')] },
  { alert: 'ShopOrderFreshnessBudgetBurn', actions: [flags('any')] },
  { alert: 'ShopOrderPendingTooLong', actions: [flags('any')] },
  { alert: 'ShopFewRequestsFail', actions: [flags('any')] },
  { alert: 'ShopBreakerOpen', actions: [flags('any')] },
  { alert: 'ShopRetryStorm', actions: [flags('any')] },
  { alert: 'ShopContainerRestarts', actions: [flags('app')] },
  { alert: 'ShopLogBurst', actions: [flags('app')] },
]

/** What may be done about an alert of this name; undefined: nothing. */
export const allowedFor = (alert: string | undefined): Allowed | undefined =>
  allowList.find((one) => one.alert === alert)
