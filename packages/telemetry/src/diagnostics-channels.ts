import { type ChannelListener, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { InstrumentationBase } from '@opentelemetry/instrumentation'

/** By channel, each with the type of the messages that its channel has. */
export type ChannelListeners = Record<string, (message: never) => void>

/**
 * Subscribes to diagnostics channels.
 *
 * @returns what ends all of it
 */
export function listenTo(listeners: ChannelListeners): () => void {
  const all = Object.entries(listeners) as unknown as [string, ChannelListener][]
  for (const [channel, listener] of all) subscribe(channel, listener)
  return () => {
    for (const [channel, listener] of all) unsubscribe(channel, listener)
  }
}

/** An instrumentation that hears from diagnostics channels and patches no module. */
export abstract class ChannelInstrumentation extends InstrumentationBase {
  // The base class enables it, before a field of this class would be set: `declare` leaves it alone.
  declare private stopListening: (() => void) | undefined

  /** @param name of the instrumentation's file, for the scope of its spans */
  constructor(name: string) {
    super(`@hello/telemetry/${name}`, '1.0.0', {})
  }

  /** Is asked before the fields of a class are set. */
  protected abstract listeners(): ChannelListeners

  protected init() {
    return []
  }

  override enable() {
    this.stopListening ??= listenTo(this.listeners())
  }

  override disable() {
    this.stopListening?.()
    this.stopListening = undefined
  }
}
