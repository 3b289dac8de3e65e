/** Requests that began a trace of their own, for they came without a valid `traceparent`, since the process started. */
export const requestsWithoutParent = { count: 0 }
