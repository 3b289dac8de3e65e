/** Alerts that no rule makes: a program of the shop posts them to Alertmanager, and they have a runbook like the others. */
export const postedAlerts: string[] = ['ShopHealerGaveUp']
