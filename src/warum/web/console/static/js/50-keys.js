// The keyboard: letters that jump, a sheet that lists them, rows that move. All of it can be switched off in the sheet.
(() => {
  'use strict'
  const off = 'warum-keys-off'
  const chord_ms = 1200
  let chord = 0

  const enabled = () => localStorage.getItem(off) === null
  const typing = (target) => target.closest('input, textarea, select, [contenteditable], dialog[open]:not(#keys)')

  const press = (selector) => {
    const it = document.querySelector(selector)
    if (!it) return false
    it.click()
    return true
  }

  const jump = (letter) => {
    const link = document.querySelector(`a[data-jump="${CSS.escape(letter)}"]`)
    if (link) location.href = link.href
    return Boolean(link)
  }

  const move = (step) => {
    const rows = [...document.querySelectorAll('[data-row]')].filter((row) => row.offsetParent !== null)
    if (!rows.length) return false
    const here = rows.findIndex((row) => row.contains(document.activeElement))
    const next = rows[Math.max(0, Math.min(rows.length - 1, here + step))]
    const target = next.matches('a, button, [tabindex]') ? next : next.querySelector('a, button')
    target?.focus()
    next.scrollIntoView({ block: 'nearest' })
    return true
  }

  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return
    if (!enabled()) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    let done = false
    if (chord && event.timeStamp - chord < chord_ms) {
      chord = 0
      done = jump(key)
    } else if (key === 'g') {
      chord = event.timeStamp
      done = true
    } else if (key === '?') {
      const sheet = document.getElementById('keys')
      sheet?.open ? sheet.close() : sheet?.showModal()
      done = true
    } else if (key === '/') {
      const field = document.querySelector('[data-search]')
      field?.focus()
      done = Boolean(field)
    } else if (key === 'j' || key === 'k') {
      done = move(key === 'j' ? 1 : -1)
    } else {
      // A button or link that names its key: inside the row that has the focus first, then on the page. Where several
      // rows have it and none the focus, the first one gets that: a key never acts on what nobody looked at.
      const selector = `[data-key="${CSS.escape(key)}"]`
      const inside = document.activeElement?.closest('[data-row]')?.querySelector(selector)
      const several = document.querySelectorAll(`[data-row] ${selector}`).length > 1
      if (inside) inside.click()
      done = Boolean(inside) || (several ? move(1) : press(selector))
    }
    if (done) event.preventDefault()
  })

  addEventListener('DOMContentLoaded', () => {
    const box = document.getElementById('keys-on')
    if (!box) return
    box.checked = enabled()
    box.addEventListener('change', () => {
      if (box.checked) localStorage.removeItem(off)
      else localStorage.setItem(off, 'yes')
    })
  })
})()
