export type Language = 'en' | 'ko'

/** What surrounds an alert's own words in a notification; a parameter is a template that gives the number or the time. */
export interface NotificationWords {
  firing: (count: string) => string
  resolved: (count: string) => string
  /** Of an alert that fires. */
  since: (start: string) => string
  /** Of one that has ended. */
  lasted: (start: string, end: string) => string
  /** Links. */
  dashboard: string
  logs: string
  runbook: string
  silence: string
  /** Link to Alertmanager, for what is too much to be listed. */
  more: (shown: number) => string
}

export const notificationWords: Record<Language, NotificationWords> = {
  en: {
    firing: (count) => `${count} firing`,
    resolved: (count) => `${count} resolved`,
    since: (start) => `since ${start}`,
    lasted: (start, end) => `resolved, from ${start} to ${end}`,
    dashboard: 'Dashboard',
    logs: 'Logs',
    runbook: 'Runbook',
    silence: 'Silence',
    more: (shown) => `These are the first ${shown}; all are in Alertmanager`,
  },
  ko: {
    firing: (count) => `발생 ${count}건`,
    resolved: (count) => `해소 ${count}건`,
    since: (start) => `${start}부터`,
    lasted: (start, end) => `해소됨, ${start} ~ ${end}`,
    dashboard: '대시보드',
    logs: '로그',
    runbook: '런북',
    silence: '사일런스',
    more: (shown) => `처음 ${shown}건만 표시합니다. 전체는 Alertmanager에 있습니다`,
  },
}
