/** How soon to look again at an order whose outcome is not known yet. */
export const PENDING_REFRESH_MS = 1_000
