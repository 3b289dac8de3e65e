import { type Attributes, type Context, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions'
import { type UseMutationOptions, useMutation } from '@tanstack/react-query'
import { ApiError } from './api-error.ts'

type UserAction<Data, Variables> = Pick<UseMutationOptions<Data, Error, Variables>, 'retry' | 'retryDelay'> & {
  /** Names the span, such as `buy product`. */
  name: string
  attributes: (variables: Variables) => Attributes
  /** What is known when it is done. */
  outcome?: (data: Data) => Attributes
  /** One try. The calls that get `trace` are part of the action's trace. */
  perform: (variables: Variables, trace: Context) => Promise<Data>
}

const running = new WeakMap<object, { span: Span; attempt: number; failure?: unknown }>()

/**
 * A mutation that starts a trace: one span from the click to the last answer, with an event for every try after the first. A
 * refusal (4xx) is an outcome, not an error of the action.
 */
export function useUserAction<Data, Variables extends object>(action: UserAction<Data, Variables>) {
  const { name, attributes, outcome, perform, ...retries } = action
  return useMutation<Data, Error, Variables>({
    ...retries,
    onMutate: (variables) => {
      const span = trace.getTracer('user-action').startSpan(name, { attributes: attributes(variables) }, ROOT_CONTEXT)
      running.set(variables, { span, attempt: 0 })
    },
    mutationFn: async (variables) => {
      const current = running.get(variables)!
      const attempt = ++current.attempt
      if (attempt > 1) current.span.addEvent('retry', { attempt, [ATTR_ERROR_TYPE]: errorType(current.failure) })
      try {
        return await perform(variables, trace.setSpan(ROOT_CONTEXT, current.span))
      } catch (error) {
        current.failure = error
        throw error
      }
    },
    onSettled: (data, error, variables) => {
      const { span } = running.get(variables)!
      if (data !== undefined && outcome) span.setAttributes(outcome(data))
      if (error) {
        span.setAttribute(ATTR_ERROR_TYPE, errorType(error))
        const refused = error instanceof ApiError && error.status >= 400 && error.status < 500
        if (!refused) span.setStatus({ code: SpanStatusCode.ERROR })
      }
      span.end()
    },
  })
}

/** The status that was answered, else the name of what kept the answer away. */
function errorType(error: unknown): string {
  if (!(error instanceof ApiError)) return (error as Error).name
  return error.status > 0 ? String(error.status) : (error.cause as Error).name
}
