// Fetches the part of the page that changes, once a second, and says when no answer comes.
"use strict";

const live = document.getElementById("live");
const beat = document.getElementById("beat");

async function refresh() {
  try {
    const answer = await fetch(live.dataset.from, { cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error(answer.statusText);
    const text = await answer.text();
    // A selection that somebody is about to copy stays.
    const selected = document.getSelection();
    const copying = selected && !selected.isCollapsed && live.contains(selected.anchorNode);
    if (!copying) live.innerHTML = text;
    beat.textContent = beat.dataset.live;
  } catch {
    beat.textContent = beat.dataset.stale;
  }
  setTimeout(refresh, 1000);
}

beat.textContent = beat.dataset.live;
setTimeout(refresh, 1000);
