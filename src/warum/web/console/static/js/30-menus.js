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

  // A table that is wider than the page scrolls by itself, so the keyboard must get there.
  const reachable = () => {
    for (const it of document.querySelectorAll('.table-wrap')) {
      if (it.scrollWidth > it.clientWidth) it.tabIndex = 0
      else it.removeAttribute('tabindex')
    }
  }
  for (const name of ['DOMContentLoaded', 'resize', 'htmx:after:swap']) addEventListener(name, reachable)

  // A choice that is its own form needs no button.
  addEventListener('change', (event) => {
    if (event.target.matches('[data-send]')) event.target.form.requestSubmit()
  })
})()
