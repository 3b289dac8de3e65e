/** Whether the address names a page below `/signals`; every other one is the shop. Going between them loads the page. */
export const onSignalsPage = /^\/signals(\/|$)/.test(window.location.pathname)
