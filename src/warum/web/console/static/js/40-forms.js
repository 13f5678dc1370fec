// A form is sent once, however often its button is pressed; and what is wrong gets the focus.
(() => {
  'use strict'
  addEventListener('submit', (event) => {
    const form = event.target
    if (event.defaultPrevented) return
    if (form.dataset.sent) return event.preventDefault()
    if ((form.method !== 'post' && !('slow' in form.dataset)) || form.matches('[hx-post]')) return
    form.dataset.sent = 'yes'
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-busy', 'true')
  })

  // Back to a page that the browser kept: its forms may be sent again.
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sent]')) {
      delete form.dataset.sent
      for (const button of form.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy')
    }
  })

  const toWrong = () => document.querySelector('[aria-invalid="true"]')?.focus()
  addEventListener('DOMContentLoaded', toWrong)
  addEventListener('htmx:after:swap', toWrong)
})()
