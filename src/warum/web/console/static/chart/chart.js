// Charts: a figure brings its data in data-chart, and is drawn in the colours of the page.
//
// {"x": [seconds, ...], "series": [{"label", "values": [...], "tone": 1 | 2 | 3 | 4 | "other", "dash": bool,
//   "fill": bool, "shown": ["1,2 %", ...]}], "kind": "time" | "day", "language": "de-DE", "zone": "Europe/Berlin"}
(() => {
  'use strict'

  // Custom properties hold light-dark(); a painted element knows which of both it is.
  const colour = (host, name) => {
    const probe = document.createElement('i')
    probe.style.color = `var(${name})`
    probe.hidden = true
    host.append(probe)
    const found = getComputedStyle(probe).color
    probe.remove()
    return found
  }

  const tip = (host) => {
    const data = host.data
    const box = document.createElement('div')
    box.className = 'chart-tip'
    box.hidden = true
    host.append(box)
    const day = new Intl.DateTimeFormat(data.language, {
      timeZone: data.zone, weekday: 'short', day: 'numeric', month: 'short',
      ...(data.kind === 'time' ? { hour: '2-digit', minute: '2-digit' } : {}),
    })
    return (plot) => {
      const { idx, left, top } = plot.cursor
      const { x, series } = host.data
      box.hidden = idx == null || left < 0
      if (box.hidden) return
      const head = document.createElement('b')
      head.textContent = day.format(x[idx] * 1000)
      // A series that says nothing here (an empty text) has no line.
      const lines = series.filter((one) => one.shown?.[idx] !== '').map((one) => {
        const line = document.createElement('span')
        const label = document.createElement('span')
        const value = document.createElement('span')
        label.textContent = one.label
        value.textContent = one.shown?.[idx] ?? String(one.values[idx] ?? '–')
        line.append(label, value)
        return line
      })
      box.replaceChildren(head, ...lines)
      const right = left > plot.over.clientWidth / 2
      box.style.left = `${plot.over.offsetLeft + left + (right ? -box.offsetWidth - 12 : 12)}px`
      box.style.top = `${Math.max(0, Math.min(top, plot.over.clientHeight - box.offsetHeight))}px`
    }
  }

  // The same chart with newer numbers keeps its canvas, and whoever points at it keeps the tip.
  const draw = (host, anew = false) => {
    const data = JSON.parse(host.dataset.chart)
    const values = [data.x, ...data.series.map((series) => series.values)]
    const shape = JSON.stringify([data.kind, data.x.length, data.series.map((series) => series.label)])
    host.data = data
    if (host.plot && host.shape === shape && !anew) return host.plot.setData(values)
    host.shape = shape
    host.plot?.destroy()
    host.replaceChildren()
    const axis = { stroke: colour(host, '--text-faint'), font: '11px system-ui, sans-serif', ticks: { show: false } }
    const grid = { stroke: colour(host, '--chart-grid'), width: 1 }
    const number = new Intl.NumberFormat(data.language, { notation: 'compact', maximumFractionDigits: 1 })
    const show = tip(host)
    const counted = data.series.every((series) => series.values.every((value) => value === null || Number.isInteger(value)))
    host.plot = new uPlot({
      width: host.clientWidth,
      height: host.clientHeight,
      padding: [8, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
      scales: { x: { time: true }, y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.1 : 1] } },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), data.zone),
      axes: [
        { ...axis, grid: { show: false }, space: 64, size: 28, values: labels(data), ...(data.kind === 'day' ? { incrs: days } : {}) },
        { ...axis, grid, size: 48, ...(counted ? { incrs: whole } : {}), values: (_, splits) => splits.map((split) => number.format(split)) },
      ],
      series: [{}, ...data.series.map((series) => {
        const stroke = colour(host, series.tone === 'other' ? '--chart-other' : `--chart-${series.tone ?? 1}`)
        return {
          label: series.label,
          stroke,
          width: 1.75,
          dash: series.dash ? [4, 4] : undefined,
          fill: series.fill ? stroke.replace('rgb(', 'rgba(').replace(')', ', 0.09)') : undefined,
          points: { show: false },
          spanGaps: false,
        }
      })],
      hooks: { setCursor: [show] },
    }, values, host)
  }

  // Where every value is of a day, no tick stands between two of them.
  const days = [1, 2, 7, 14, 28, 56, 91, 182, 364].map((count) => count * 86400)

  // Things are counted in whole numbers, so no tick says 0.4 of one.
  const whole = [...Array(13).keys()].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power))

  const labels = (data) => (_, splits) => {
    const hours = new Intl.DateTimeFormat(data.language, { timeZone: data.zone, hour: '2-digit', minute: '2-digit' })
    const days = new Intl.DateTimeFormat(data.language, { timeZone: data.zone, day: 'numeric', month: 'short' })
    const short = splits.length > 1 && splits[1] - splits[0] < 86400
    return splits.map((split) => (short ? hours : days).format(split * 1000))
  }

  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) target.plot?.setSize({ width: target.clientWidth, height: target.clientHeight })
  })

  const drawAll = () => {
    for (const host of document.querySelectorAll('[data-chart]')) {
      if (host.drawn === host.dataset.chart) continue
      host.drawn = host.dataset.chart
      draw(host)
      watch.observe(host)
    }
  }
  addEventListener('DOMContentLoaded', drawAll)
  addEventListener('htmx:after:swap', drawAll)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const host of document.querySelectorAll('[data-chart]')) draw(host, true)
  })
})()
