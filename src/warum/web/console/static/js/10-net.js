// The connection: what happens when it is gone, and when it is back. Nothing that was typed is lost by it.
(() => {
  'use strict'
  const banner = () => document.getElementById('net')

  const online = () => { const it = banner(); if (it) it.hidden = navigator.onLine }
  addEventListener('online', online)
  addEventListener('offline', online)
  addEventListener('DOMContentLoaded', online)

  // A form of a page that has no way out would be lost with the page, so it stays.
  addEventListener('submit', (event) => {
    if (navigator.onLine) return
    event.preventDefault()
    online()
    banner()?.focus()
  }, true)

  const token = () => document.querySelector('meta[name="csrf"]')
  addEventListener('htmx:config:request', (event) => {
    const request = event.detail.ctx.request
    if (request.method !== 'GET') request.headers['X-CSRF'] = token()?.content ?? ''
  })

  // What did not reach the server says so. An answer of the server speaks for itself.
  addEventListener('htmx:error', (event) => {
    if (event.detail.ctx?.response?.status) return
    if (!navigator.onLine) return online()
    warum.toast(document.body.dataset.failed, 'bad')
  })

  // The session ended and was opened again in a dialog: every form of the page gets the new token.
  addEventListener('warum:signed-in', (event) => {
    const fresh = event.detail.csrf
    if (token()) token().content = fresh
    for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = fresh
    document.getElementById('dialog')?.close()
  })

  // A stream of events says how it goes in the mark beside it.
  const mark = (state) => () => {
    for (const it of document.querySelectorAll('[data-live]')) {
      it.dataset.state = state
      it.textContent = state === 'lost' ? it.dataset.lost : it.dataset.live
    }
  }
  addEventListener('htmx:sse:after:connection', mark('live'))
  addEventListener('htmx:sse:error', mark('lost'))
  addEventListener('htmx:sse:close', (event) => { if (event.detail.reason === 'ended') mark('lost')() })
})()
