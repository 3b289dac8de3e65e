import type { ServiceName } from '@hello/shop/services'

/** The same in both languages of the documents. */
export interface Text {
  en: string
  ko: string
}

/** What shows a fault while it is on, and nothing where it is not. */
export interface Evidence {
  /** `trace` is a search of Jaeger's: service, and tags as JSON. */
  kind: 'promql' | 'logql' | 'trace'
  query: string
  /** What the rows say. */
  shows: Text
}

/** An alert by its name and, where more than one of the name could fire, by labels. */
export interface ExpectedAlert {
  alert: string
  labels?: Record<string, string>
}

/**
 * One way to break the shop: what it does, what must fire and what must not, how it is seen and how it is mended. Tests, labs,
 * documents and the healer read it from here; `inject.ts` beside it does it.
 */
export interface Fault {
  /** Of its folder, its flag, and in `make fault NAME=`. */
  name: string
  /** Whose processes misbehave. */
  services: readonly ServiceName[]
  does: Text
  /** How much of a person's path through the shop it breaks: to look, and to order. */
  breaks: 'everything' | 'part' | 'nothing'
  /** What it is set to where nobody says otherwise, 0 to 1: the share of the requests that it hits, or how strong it is. */
  ratio: number
  /** The only values of an attribute that it hits. */
  only?: Readonly<Record<'productId', readonly string[]>>
  /** What must fire, the first that names the cause before others. Its runbook is the fault's. */
  fires: readonly ExpectedAlert[]
  /** What may fire besides, because it follows. Anything else must stay silent. */
  mayFire: readonly string[]
  evidence: readonly Evidence[]
  /** What ends it, in a real system where no flag can be turned off. */
  cure: Text
  /** From vague to exact. */
  hints: readonly Text[]
}

/** Gives a fault its type, and its name that of a literal. */
export const defineFault = <const F extends Fault>(fault: F): F => fault
