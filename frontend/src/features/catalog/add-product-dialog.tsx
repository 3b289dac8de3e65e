import { type FormEvent, useId, useRef, useState } from 'react'
import { isTransient } from '../../shared/api-error.ts'
import { FormField } from '../../shared/form-field.tsx'
import { useLanguage } from '../../shared/language.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { type AddedProduct, useAddProduct } from './add-product.ts'

type Props = {
  onClose: () => void
  onAdded: (added: AddedProduct) => void
}

type Field = 'name' | 'price' | 'stock'

/** Asks for a product and adds it together with its opening stock. */
export function AddProductDialog({ onClose, onAdded }: Props) {
  const { t } = useLanguage()
  const add = useAddProduct()
  const [rules, setRules] = useState<Partial<Record<Field, string>>>({})
  const shown = useRef<HTMLDialogElement>(null)
  const id = useId()

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (add.isPending) return
    const form = event.currentTarget
    const entered = new FormData(form)
    const name = String(entered.get('name')).trim()
    const price = String(entered.get('price'))
    const stock = String(entered.get('stock'))
    const broken: typeof rules = {
      ...((name.length < 1 || name.length > 200) && { name: t.catalog.nameRule }),
      ...((!/^\d+(\.\d{1,2})?$/.test(price) || Number(price) > 1_000_000) && { price: t.catalog.priceRule }),
      ...((!/^\d+$/.test(stock) || !Number.isSafeInteger(Number(stock))) && { stock: t.catalog.wholeNumber }),
    }
    setRules(broken)
    const [first] = Object.keys(broken)
    if (first) return (form.elements.namedItem(first) as HTMLInputElement).focus()
    add.mutate({ name, price: Number(price), stock: Number(stock) }, { onSuccess: onAdded })
  }

  const field = (key: Field, label: string, initial: string) => (
    <FormField
      id={`${id}-${key}`}
      name={key}
      label={label}
      rule={rules[key]}
      defaultValue={initial}
      autoComplete="off"
      inputMode={key === 'name' ? 'text' : key === 'price' ? 'decimal' : 'numeric'}
    />
  )

  return (
    <dialog
      ref={(dialog) => {
        if (dialog && !shown.current) dialog.showModal()
        shown.current = dialog
      }}
      aria-labelledby={`${id}-heading`}
      onClose={onClose}
      onCancel={(event) => add.isPending && event.preventDefault()}
    >
      <form noValidate onSubmit={submit} className="dialog-form">
        <h2 id={`${id}-heading`}>{t.catalog.addProduct}</h2>
        {field('name', t.catalog.name, '')}
        <div className="field-pair">
          {field('price', t.catalog.price, '')}
          {field('stock', t.catalog.openingStock, '10')}
        </div>
        {add.error && (
          <ProblemNotice error={add.error} {...(isTransient(add.error) && { hint: t.catalog.addUnknown })} />
        )}
        <div className="dialog-actions">
          <button type="button" aria-disabled={add.isPending} onClick={() => add.isPending || onClose()}>
            {t.catalog.cancel}
          </button>
          <button type="submit" className="primary" aria-disabled={add.isPending}>
            {add.isPending ? t.catalog.adding : t.catalog.add}
          </button>
        </div>
      </form>
    </dialog>
  )
}
