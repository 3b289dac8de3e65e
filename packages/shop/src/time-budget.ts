/**
 * How long the shop takes at most for what, in milliseconds. Who waits for another waits longer than that other takes, so that
 * it hears from it what is wrong instead of giving up in vain. docs/adr/0008-time-budget.md says why; test/time-budget.test.ts
 * holds what must be less than what.
 */
export const timeBudget = {
  /** The frontend's server for an answer of the gateway. */
  frontend: 12_000,
  /** The gateway for an answer, all attempts together, and for one attempt. */
  gateway: 5000,
  gatewayAttempt: 3000,
  /** The order service for an answer, if only that the order is PENDING. */
  order: 2500,
  /** What of that is left, after all waiting for others, to write down what came of the order. */
  orderLastStatement: 100,
  /** One attempt at the product or the inventory service. */
  upstreamAttempt: 2000,
  /** How long nobody has worked on an order that recovery takes up, how long it tries, and how often it looks. */
  recoveryIdle: 5000,
  recoveryAttempt: 3000,
  recoveryInterval: 1000,
}
