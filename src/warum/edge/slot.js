// Shows creatives in <div data-warum-slot="...">, as docs/how-to.md describes. It keeps no cookie and no
// storage and sends no identifier: it asks what to show, and reports once when that was seen.
(() => {
  "use strict";
  if (document.warum) return;
  document.warum = true;
  const home = document.currentScript.src;
  const refreshed = 45e3;
  const quiet = { credentials: "omit", referrerPolicy: "no-referrer" };
  const slots = new Map();
  let last;

  // A stylesheet made here needs no exception from the page's Content-Security-Policy.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`STYLE`);

  // The fragment for an iframe comes with these parts already.
  const part = (parent, tag) => parent.querySelector(tag) || parent.appendChild(document.createElement(tag));

  const open = host => {
    const root = host.shadowRoot || host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const link = part(root, "a");
    const image = part(link, "img");
    const words = part(link, "div");
    const slot = { host, link, image, shown: host.dataset.warumShown };
    slot.label = part(words, "small");
    slot.headline = part(words, "strong");
    slot.text = part(words, "span");
    slot.price = part(words, "b");
    link.hidden = !link.href;
    link.target = "_blank";
    link.rel = "sponsored noopener";
    link.referrerPolicy = image.referrerPolicy = "no-referrer";
    image.onerror = () => image.hidden = true;
    slots.set(host, slot).set(link, slot);
    seen.observe(link);
    return slot;
  };

  const paint = (slot, { creative, format }, from) => {
    const { host, link, image } = slot;
    link.hidden = !creative;
    host.style.display = creative ? "" : "none";
    if (!creative) return slot.shown = slot.arm = slot.unseen = "";
    link.className = format;
    link.lang = creative.language;
    link.href = new URL(creative.click_url, from);
    for (const name of ["label", "headline", "text", "price"]) {
      slot[name].textContent = creative[name];
      slot[name].hidden = !creative[name];
    }
    const picture = creative.image_url || "";
    image.alt = creative.image_alt;
    if (slot.picture !== picture) {
      image.hidden = !picture;
      slot.picture = image.src = picture;
    }
    // Another arm is another impression; the same one, with a new price or on a new day, is not.
    slot.shown = creative.shown;
    const arm = creative.shown.replace(/[^.]+$/, "");
    if (slot.unseen || slot.arm !== arm) slot.unseen = new URL(creative.seen_url, from);
    slot.arm = arm;
    watch(slot);
  };

  const ask = async slot => {
    const { warumSlot, warumConsent, warumSub, warumTest } = slot.host.dataset;
    const url = new URL("s/" + warumSlot, home);
    const add = (name, value) => value && url.searchParams.set(name, value);
    add("arm", slot.shown);
    add("mode", warumTest && "test");
    if (warumConsent === "1") {
      add("cons", 1);
      add("sub", warumSub);
    }
    try {
      const answer = await fetch(url, quiet);
      paint(slot, await answer.json(), url);
    } catch {
      // Out of reach for the moment: what is shown stays.
    }
  };

  const refresh = () => {
    if (document.hidden) return;
    last = performance.now();
    for (const host of document.querySelectorAll("[data-warum-slot]")) ask(slots.get(host) || open(host));
  };

  // Seen: at least half of it, for a second, in a tab that is looked at.
  const watch = slot => {
    clearTimeout(slot.timer);
    if (slot.unseen && slot.inView && !document.hidden) slot.timer = setTimeout(() => {
      fetch(slot.unseen, { ...quiet, mode: "no-cors", keepalive: true }).catch(() => {});
      slot.unseen = "";
    }, 1e3);
  };

  const seen = new IntersectionObserver(entries => {
    for (const { target, intersectionRatio } of entries) {
      const slot = slots.get(target);
      slot.inView = intersectionRatio >= 0.5;
      watch(slot);
    }
  }, { threshold: 0.5 });

  document.addEventListener("visibilitychange", () => {
    slots.forEach(watch);
    if (!(performance.now() - last < refreshed)) refresh();
  });
  // Pages that add slots, or get a consent, later say so: document.dispatchEvent(new Event("warum")).
  document.addEventListener("warum", refresh);
  setInterval(refresh, refreshed);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", refresh);
  else refresh();
})();
