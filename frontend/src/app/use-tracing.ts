import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { appConfigOptions } from '../shared/app-config.ts'

const MAX_WAIT_MS = 1_000

let started = false

/**
 * Loads the tracing code once the page has nothing better to do, where this installation takes traces. (Not on the Signals
 * page: looking at signals makes none.)
 */
export function useTracing() {
  const { data: config } = useQuery(appConfigOptions)
  useEffect(() => {
    if (!config?.tracing || started) return
    started = true
    whenIdle()
      .then(() => import('../telemetry/browser-tracing.ts'))
      .then(
        ({ startBrowserTracing }) => startBrowserTracing(),
        () => {}, // The shop works without traces, so nobody need hear of it.
      )
  }, [config])
}

/** (Safari has no `requestIdleCallback`.) */
function whenIdle(): Promise<unknown> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(resolve, { timeout: MAX_WAIT_MS })
    else setTimeout(resolve, MAX_WAIT_MS)
  })
}
