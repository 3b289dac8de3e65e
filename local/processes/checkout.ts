import { fileURLToPath } from 'node:url'

/** Folder of the checkout, with a slash at the end. */
export const checkout = fileURLToPath(new URL('../..', import.meta.url))
