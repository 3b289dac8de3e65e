import { useLanguage } from './language.tsx'
import './sign-in-link.css'

/** Leads to the OpenID provider by way of the page's server, and back to the shop. */
export function SignInLink() {
  const { t } = useLanguage()
  return (
    <a href="/auth/sign-in" className="sign-in">
      {t.account.signIn}
    </a>
  )
}
