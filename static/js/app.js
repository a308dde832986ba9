// Each behaviour improves HTML that already works without it. A page loads only those it uses;
// the query string carries the version of the scripts.
const version = new URL(import.meta.url).search;

const BEHAVIOURS = {
  "live-filter": "live-filter.js",
  "live-seats": "live-seats.js",
  "auto-save": "auto-save.js",
  "session-grid": "session-grid.js",
  "row-selection": "row-selection.js",
  "[data-shown-if]": "asked.js",
  "[data-suggestions]": "suggestions.js",
  "[data-confirm]": "confirm.js",
  "[data-behaviour]": "small.js",
};

// The only door for HTML: our own server's fragments.
const policy = globalThis.trustedTypes?.createPolicy("fragment", { createHTML: (html) => html });

const tools = {
  fragment(html) {
    const template = document.createElement("template");
    template.innerHTML = policy ? policy.createHTML(html) : html;
    return template.content;
  },
  ask(url, options = {}) {
    return fetch(url, { ...options, headers: { "X-Fragment": "1", ...options.headers }, credentials: "same-origin" });
  },
  later(call, delay) {
    let timer;
    return (...values) => { clearTimeout(timer); timer = setTimeout(call, delay, ...values); };
  },
  // A control named "action" would hide form.action.
  address: (form) => form.getAttribute("action") || location.href,
};

const used = Object.entries(BEHAVIOURS).filter(([selector]) => document.querySelector(selector));
await Promise.all(used.map(async ([, file]) => (await import(`./behaviours/${file}${version}`)).default(tools)));
document.documentElement.dataset.scripts = "ready";
