/** As an AlertmanagerConfig has it. */
export interface Matcher {
  name: string
  value: string
  matchType: '=' | '=~'
}

export const is = (name: string, value: string): Matcher => ({ name, value, matchType: '=' })

export const among = (name: string, values: string[]): Matcher => ({ name, value: values.join('|'), matchType: '=~' })
