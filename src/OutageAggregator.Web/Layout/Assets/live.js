// What scripts add to a page that is complete without them: the way to the reader's own time zone, numbers that move, the answer to a
// report in place, the value under the pointer. Live means: when the server says that something changed (or every half minute), the same
// page is fetched again and the regions marked data-live are swapped where they differ. One way to render, on the server; nothing here
// knows what a page means. No dependencies, no inline styles, nothing that the content security policy would have to allow.

const PAUSE = 3000; // between two refreshes, milliseconds: a crowd of events is one refresh
const SERVED = 1200; // for about so long the server tells everybody the same page
const POLL = 30000; // without any event: windows slide and data ages even when nothing happens

const root = document.documentElement;
const locale = root.lang === 'en' ? 'en-GB' : root.lang;
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
const all = (selector, within = document) => within.querySelectorAll(selector);
// Fetched when somebody is about to type.
for (const form of all('[data-suggest]')) {
  const suggest = () => import(form.dataset.suggest);
  form.addEventListener('focusin', suggest, { once: true });
  if (form.matches(':focus-within')) suggest();
}
// What is said here, in the language of the page, stands before this when it is served: `words`.
const word = (name, value) => words[name].replace('{0}', value);
const plurals = new Intl.PluralRules(locale);
const counted = number => word(`reports.${plurals.select(number)}` in words ? `reports.${plurals.select(number)}` : 'reports.other', number.toLocaleString(locale));

// What changes something goes out with this: a page of another site would have to ask first, and be refused.
const ours = { accept: 'application/json', 'x-requested-with': 'live.js' };

// ---- the zone: the server tells all times of a page in the one that its address names; here one's own is offered, and remembered

function inZone(name) {
  const address = new URL(location.href);
  address.searchParams.set('zone', name);
  return address.href.replaceAll('%2F', '/');
}

// A browser may know a zone by another name.
function isOwn(name) {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone === zone;
  } catch {
    return false;
  }
}

function offer(within) {
  if (isOwn(document.body.dataset.zone)) return;
  for (const link of all('[data-own-zone]', within)) {
    link.href = inZone(zone);
    link.textContent = words.myTime;
    link.title = link.dataset.zone = zone;
  }
}

let store = null; // where nothing may be stored, nothing is remembered
try { store = localStorage; } catch {}
const choose = name => store?.setItem('zone', name);

if (document.querySelector('[data-misnamed]')) choose('UTC');
const chosen = store?.getItem('zone') || 'UTC';
if (chosen !== 'UTC' && !new URL(location.href).searchParams.has('zone')) location.replace(inZone(chosen));
document.addEventListener('click', event => {
  const link = event.target.closest('a[data-zone]');
  if (link) choose(link.dataset.zone);
});
document.querySelector('form[data-zones]')?.addEventListener('submit', event => choose(event.target.zone.value));

// ---- the value under the pointer, the finger or the keys: a chart is a slider over its steps

let marked = null;

function unmark() {
  if (!marked) return;
  marked.line.remove();
  marked.readout.textContent = marked.idle;
  marked = null;
}

const stepsOf = plot => plot.dataset.chart.split(',');
const timeOf = (plot, index) => new Date(plot.dataset.from).getTime() + index * plot.dataset.step * 60000;

// When a step of a chart begins, as the server would say it: a day that begins at midnight by its date.
function moment(plot, index) {
  const at = timeOf(plot, index);
  const [offset, name] = plot.dataset.offsets.split(',').map(o => o.split(' ')).findLast(([, , from]) => new Date(from) <= at);
  const told = new Date(at + offset * 60000);
  const parts = {
    day: told.getUTCDate(), month: words.months.split(' ')[told.getUTCMonth()], year: told.getUTCFullYear(),
    clock: told.toISOString().slice(11, 16), zone: name,
  };
  const form = plot.dataset.step >= 1440 && parts.clock === '00:00' ? 'date' : 'moment';
  return words[form].replace(/{(\w+)}/g, (_, part) => parts[part]);
}

function valueAt(plot, index) {
  const [reports, usual] = stepsOf(plot)[index].split(':');
  return `${moment(plot, index)}: ${reports === '' ? words.noData : counted(Number(reports))}${usual ? word('usual', usual) : ''}`;
}

function mark(plot, index, byKey) {
  const steps = stepsOf(plot).length;
  if (marked?.plot !== plot) {
    unmark();
    const readout = plot.parentNode.querySelector('[data-readout]');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    line.setAttribute('class', 'cursor');
    line.setAttribute('y1', '24');
    line.setAttribute('y2', '246');
    plot.querySelector('svg').append(line);
    marked = { plot, line, readout, idle: readout.textContent };
  }
  marked.index = Math.min(steps - 1, Math.max(0, index));
  marked.at = timeOf(plot, marked.index);
  const x = `${(marked.index + 0.5) / steps * 100}%`;
  marked.line.setAttribute('x1', x);
  marked.line.setAttribute('x2', x);
  const value = valueAt(plot, marked.index);
  // A slider says its value by itself: it is not to be heard twice.
  marked.readout.ariaLive = byKey ? 'off' : 'polite';
  if (marked.readout.textContent !== value) marked.readout.textContent = value;
  plot.ariaValueNow = marked.index;
  plot.ariaValueText = value;
}

// Without scripts the table has the values, and there is nothing to stop at.
function readable(within) {
  for (const plot of all('.plot[data-chart]', within)) {
    const newest = stepsOf(plot).length - 1;
    plot.tabIndex = 0;
    plot.role = 'slider';
    plot.setAttribute('aria-labelledby', plot.querySelector('title').id);
    plot.ariaValueMin = 0;
    plot.ariaValueMax = newest;
    plot.ariaValueNow = newest;
    plot.ariaValueText = valueAt(plot, newest);
  }
}

function point(event) {
  const plot = event.target.closest?.('.plot[data-chart]');
  if (!plot) {
    if (event.type === 'pointerdown' || event.pointerType === 'mouse') unmark();
    return;
  }
  const box = plot.getBoundingClientRect();
  mark(plot, Math.floor((event.clientX - box.left) / box.width * stepsOf(plot).length));
}

for (const event of ['pointermove', 'pointerdown']) document.addEventListener(event, point);
// A finger that is lifted leaves the page, too: its value stays to be read.
document.addEventListener('pointerleave', event => { if (event.pointerType === 'mouse') unmark(); });
document.addEventListener('focusin', event => {
  const plot = event.target.closest('.plot');
  if (plot && marked?.plot !== plot) mark(plot, Infinity, true);
});
document.addEventListener('focusout', event => { if (event.target === marked?.plot) unmark(); });
document.addEventListener('keydown', event => {
  if (event.target.role !== 'slider' || event.altKey || event.ctrlKey || event.metaKey) return;
  const at = marked?.index ?? Infinity;
  const to = {
    ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageUp: at + 12, PageDown: at - 12, Home: 0, End: Infinity,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  mark(event.target, to, true);
});

// ---- live

const served = new Map(); // what the server sent for a region, before anything was added here
const remember = within => { for (const region of all('[data-live]', within)) served.set(region.dataset.live, region.outerHTML); };
const status = () => document.querySelector('[data-status]')?.dataset.status;

function swap(page) {
  const selection = getSelection();
  const before = status();
  // What has the focus is being read: it stays where it is, whatever grows above it.
  const top = () => document.activeElement?.getBoundingClientRect().top ?? 0;
  const held = top();
  for (const region of all('[data-live]')) {
    const key = region.dataset.live;
    const next = page.querySelector(`[data-live="${CSS.escape(key)}"]`);
    if (!next || next.outerHTML === served.get(key)) continue;
    // A receipt told of more than this page, which was made before it.
    if (Date.now() < region.toldUntil && Number(next.querySelector('.vitals dd')?.dataset.count) < region.told) continue;
    // Somebody is copying a number: it moves a little later.
    if (!selection.isCollapsed && region.contains(selection.anchorNode)) continue;
    served.set(key, next.outerHTML);
    for (const details of all('details[data-keep][open]', region)) {
      next.querySelector(`details[data-keep="${CSS.escape(details.dataset.keep)}"]`)?.setAttribute('open', '');
    }
    const focusable = 'a, button, summary, input, select, [tabindex]';
    const focused = [...all(focusable, region)].indexOf(document.activeElement);
    const read = marked && region.contains(marked.plot) ? marked.at : null;
    if (read) unmark();
    const fresh = document.importNode(next, true);
    offer(fresh);
    readable(fresh);
    region.replaceWith(fresh);
    if (focused >= 0) all(focusable, fresh)[focused]?.focus({ preventScroll: true });
    const plot = fresh.querySelector('.plot');
    if (read && plot) mark(plot, Math.round((read - timeOf(plot, 0)) / plot.dataset.step / 60000), true);
  }
  if (document.activeElement !== document.body && top() !== held) scrollBy(0, top() - held);
  if (page.title) document.title = page.title;
  const now = status();
  if (now && before && now !== before) {
    document.querySelector('[data-announce]').textContent = document.querySelector('[data-status]').dataset.statusText;
  }
  document.dispatchEvent(new Event('swapped'));
}

let timer = 0;
let hold = 0; // until then the server asked to be left alone
let told = ''; // the counts that were told last
let last = Date.now(); // the page is as fresh as it was served
let source = null;

async function refresh() {
  clearTimeout(timer);
  timer = 0;
  last = Date.now();
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-cache' });
    if (answer.status === 429) {
      // Many pages behind one address: this one is not cut off, it waits for its turn, and not with all the others at once.
      hold = Date.now() + (Number(answer.headers.get('retry-after')) || 30) * 1000 * (1 + Math.random());
      soon();
      return;
    }
    if (!answer.ok) throw new Error(answer.status);
    swap(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    delete root.dataset.offline;
  } catch {
    if (!root.dataset.offline) {
      root.dataset.offline = 'yes';
      // The server's own time of what is on the screen: ours may be another, and this page may be minutes old.
      const seen = document.querySelector('.dateline time').textContent;
      for (const note of all('.freshness')) note.textContent = word('offline', seen);
      served.delete('dateline');
    }
  }
}

// A page that nobody looks at rests, unless it was asked to tell when something is back.
const rests = () => document.hidden && !('tells' in root.dataset);

function soon() {
  if (rests() || timer) return;
  timer = setTimeout(refresh, Math.max(0, last + PAUSE - Date.now(), hold - Date.now()) + Math.random() * 500);
}

// Counts come every few seconds, changed or not: a page is asked for only when they changed.
function count(event) {
  const { services, freshness } = JSON.parse(event.data);
  const now = JSON.stringify([services, freshness.state]);
  if (now === told) return;
  told = now;
  soon();
}

function listen() {
  if (rests()) {
    source?.close();
    source = null;
    return;
  }
  if (!source || source.readyState === EventSource.CLOSED) {
    source = new EventSource(document.body.dataset.liveFrom);
    for (const event of ['status', 'incident']) source.addEventListener(event, soon);
    source.addEventListener('counts', count);
  }
}

// ---- reports: what follows a press is a part of its own, for pages that have to do with one, and while a report waits to be sent

const base = document.body.dataset.tap.replace(/assets\/.*/, '');
// Once more when the page that others were served a moment before is served no longer: then it has what was reported, or taken back.
const again = async () => {
  await refresh();
  setTimeout(() => {
    served.delete('situation');
    if (Date.now() < hold) soon();
    else refresh();
  }, SERVED);
};
const isNeeded = document.querySelector('[data-report], [data-waiting], [data-told]') || store?.getItem(`taps ${base}`) || store?.getItem(`receipts ${base}`);
const tap = isNeeded
  ? import(document.body.dataset.tap).then(part => part.start({ base, words, word, ours, all, locale, store, plainText, refresh: again }))
  : null;

document.addEventListener('submit', async event => {
  const form = event.target.closest('[data-report]');
  if (!form) return;
  event.preventDefault();
  let part = null;
  try { part = await tap; } catch {}
  if (part) part.submit(form);
  else form.submit();
});

// Names in another script stay isolated in what is copied, too.
function plainText(element) {
  const copy = element.cloneNode(true);
  for (const name of all('bdi', copy)) name.replaceWith(`\u2068${name.textContent}\u2069`);
  return copy.textContent.trim();
}

document.addEventListener('click', async event => {
  const press = event.target.closest('[data-copy]');
  if (!press) return;
  await navigator.clipboard.writeText(plainText(document.getElementById(press.dataset.copy)));
  press.textContent = words.copied;
});

// ---- start

remember(document);
offer(document);
readable(document);
for (const field of all('[data-time-zone]')) {
  field.value = zone;
  field.disabled = false;
}
if (navigator.clipboard) for (const press of all('[data-copy][hidden]')) press.hidden = false;
if (document.body.dataset.liveFrom) {
  listen();
  setInterval(() => { listen(); soon(); }, POLL);
  document.addEventListener('visibilitychange', () => { listen(); soon(); });
}
// What is shown without a connection is fetched once this page has all that it needs. Over http there is no such thing.
addEventListener('load', () => (window.requestIdleCallback ?? setTimeout)(() => {
  navigator.serviceWorker?.register(`${base}worker.js`, { scope: base }).catch(() => {});
}, { timeout: 5000 })); // on a busy machine it is never idle
