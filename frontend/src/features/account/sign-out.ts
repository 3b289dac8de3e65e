/**
 * Ends the session of this browser.
 *
 * @returns where the browser goes next, which may be the OpenID provider
 */
export async function signOut(): Promise<string> {
  const response = await fetch('/auth/sign-out', { method: 'POST' })
  if (!response.ok) throw new Error(`POST /auth/sign-out answered ${response.status}`)
  return (await response.json()).url
}
