/** The header that carries the moment, in milliseconds since 1970, after which nobody waits for the answer. */
export const deadlineHeader = 'x-request-deadline'

/** What the same header of an answer says where the moment had passed before anything was done. */
export const deadlineOver = 'exceeded'
