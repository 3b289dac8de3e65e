/** By this name the shop's servers call themselves to others, as in `Via`. */
export const pseudonym = 'hello-observability'

/**
 * What comes before the name of a kind of problem in `type`: a tag URI (RFC 4151), which says that it identifies and cannot be
 * opened. Whoever runs the shop under a name of their own can put the address of docs/problems.md here.
 */
export const problemTypes = 'tag:hello-observability.example,2026:problem:'
