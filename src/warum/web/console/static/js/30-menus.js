// Menus close when one looks elsewhere; dialogs open and close; secrets are copied.
(() => {
  'use strict'
  const open = () => document.querySelectorAll('details.menu[open]')

  addEventListener('click', (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false

    const opener = event.target.closest('[data-open]')
    if (opener) document.getElementById(opener.dataset.open)?.showModal()
    const closer = event.target.closest('[data-close]')
    if (closer) closer.closest('dialog, [popover]')?.[closer.closest('dialog') ? 'close' : 'hidePopover']()
    if (event.target.matches('dialog')) event.target.close() // beside the dialog

    const copier = event.target.closest('[data-copy]')
    if (copier) {
      const field = document.getElementById(copier.dataset.copy)
      field.select()
      navigator.clipboard?.writeText(field.value).then(() => {
        const before = copier.textContent
        copier.textContent = copier.dataset.done
        setTimeout(() => { copier.textContent = before }, 2000)
      })
    }
  })

  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    for (const menu of open()) {
      menu.open = false
      menu.querySelector('summary').focus()
    }
  })

  // Where an answer was put into the dialog, the dialog opens.
  addEventListener('htmx:after:swap', () => {
    const dialog = document.getElementById('dialog')
    if (dialog && dialog.childElementCount && !dialog.open) dialog.showModal()
  })

  // A choice that is its own form needs no button.
  addEventListener('change', (event) => {
    if (event.target.matches('[data-send]')) event.target.form.requestSubmit()
  })
})()
