import { Type } from 'typebox'

/** An id in a path or a body: words and UUIDs and nothing that needs escaping. */
export const ResourceId = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[A-Za-z0-9_-]+$',
  description: 'letters, digits, - and _',
})
