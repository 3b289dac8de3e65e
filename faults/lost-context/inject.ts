import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import type { Inject } from '../src/injection.ts'

/** As where a queue between a handler and the network calls back outside of the handler's asynchronous context. */
export const injectLostContext: Inject = (fault, { app }) => {
  app.upstreamInterceptors.push(() => (dispatch) => (options, handler) => {
    if (Math.random() >= fault.ratio()) return dispatch(options, handler)
    // A caller's own, which is passed on where nothing is traced.
    const { traceparent, ...headers } = options.headers as Record<string, string>
    return context.with(ROOT_CONTEXT, () => dispatch({ ...options, headers }, handler))
  })
}
