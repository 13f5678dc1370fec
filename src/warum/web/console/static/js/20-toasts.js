// Messages in the corner go by themselves, unless somebody is reading them.
const warum = (() => {
  'use strict'
  const stays_ms = 7000
  const stays_ms_undo = 12000

  const arm = (toast) => {
    if (toast.dataset.armed) return
    toast.dataset.armed = 'yes'
    const wait = toast.querySelector('form') ? stays_ms_undo : stays_ms
    let timer
    const start = () => { timer = setTimeout(() => toast.remove(), wait) }
    const stop = () => clearTimeout(timer)
    if (!toast.classList.contains('toast-bad')) {
      for (const name of ['mouseenter', 'focusin']) toast.addEventListener(name, stop)
      for (const name of ['mouseleave', 'focusout']) toast.addEventListener(name, start)
      start()
    }
    toast.querySelector('[data-dismiss]')?.addEventListener('click', () => toast.remove())
  }

  const armAll = () => document.querySelectorAll('.toast').forEach(arm)
  addEventListener('DOMContentLoaded', armAll)
  addEventListener('htmx:after:swap', armAll)

  return {
    /** Show a text that the page brought along. */
    toast(text, tone = 'done') {
      const blank = document.getElementById('toast-blank')
      const toasts = document.getElementById('toasts')
      if (!blank || !toasts || !text) return
      const toast = blank.content.firstElementChild.cloneNode(true)
      toast.classList.toggle('toast-bad', tone === 'bad')
      toast.querySelector('p').textContent = text
      toasts.append(toast)
      arm(toast)
    },
  }
})()
