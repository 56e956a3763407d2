// What follows a press of the button, in three parts that are served as one: what is kept in this browser and sent from here; what stands
// where the button was (tap-receipt.js); and telling when it is back, and others (tap-tell.js). No cookie: a report and its receipt are
// kept under the browser's own storage, never sent but as the report itself, and forgotten after a day.

const MINUTE = 60000;
const HALF_HOUR = 30 * MINUTE; // in which one connection counts once
const DAY = 24 * 60 * MINUTE; // an older report is not taken, and a receipt is of no more use
const PATIENCE = 15000; // for an answer, milliseconds
const AGAIN = 20000; // between two attempts

let site = null; // what the page's own script hands over
const memory = {}; // where nothing may be stored

function read(name, none) {
  try {
    return JSON.parse(site.store.getItem(`${name} ${site.base}`)) ?? none;
  } catch {
    return memory[name] ?? none;
  }
}

function write(name, value) {
  memory[name] = value;
  try {
    if (value.length === 0) site.store.removeItem(`${name} ${site.base}`);
    else site.store.setItem(`${name} ${site.base}`, JSON.stringify(value));
  } catch {}
}

// ---- receipts: of this browser's own reports, the newest of each service and kind

const receipts = () => read('receipts', []).filter(r => Date.now() - r.at < DAY);
const receiptOf = (service, kind) => receipts().find(r => r.service === service && r.kind === kind && Date.now() < r.until);
const keep = receipt => write('receipts', [...receipts().filter(r => r.service !== receipt.service || r.kind !== receipt.kind), receipt]);
const forget = receipt => write('receipts', receipts().filter(r => r.service !== receipt.service || r.kind !== receipt.kind));

// ---- taps: reports on their way. Each is kept before it is sent, so that neither a lost connection nor a closed page loses it

const taps = () => read('taps', []);
const tapOf = (service, kind) => taps().find(t => t.service === service && t.kind === kind);
const drop = tap => write('taps', taps().filter(t => t.id !== tap.id));
const change = (tap, what) => write('taps', taps().map(t => (t.id === tap.id ? { ...t, ...what } : t)));

function enqueue(service, kind, name, fields) {
  const tap = { id: `${Date.now()} ${Math.random()}`, service, kind, name, fields, at: Date.now() };
  write('taps', [...taps().filter(t => t.service !== service || t.kind !== kind), tap]);
  return tap;
}

// The server's clock: this device's may be wrong. Throws where the server can't be reached.
async function serverNow(service) {
  const answer = await fetch(`${site.base}api/v1/services/${service}`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status >= 500) throw new Error(answer.status);
  const [, observed, age] = /observed=@(\d+);age=(\d+)/.exec(answer.headers.get('freshness')) ?? [];
  return Number(observed) ? (Number(observed) + Number(age)) * 1000 : Date.parse(answer.headers.get('date')) || Date.now();
}

// Nothing was stored, and nothing is asked again before the server wants it.
function refuse(answer, tap, tried) {
  hold = Date.now() + (Number(answer.headers.get('retry-after')) || 0) * 1000;
  change(tap, { tried, isBusy: true });
  return null;
}

// Sends one. What ended nobody knows how (a connection that broke, a page that was closed) is sent again only while the server still knows
// who was counted: so one connection never counts twice.
//   { receipt } what became of it, { refused } why it will never be taken, or null: later
async function deliver({ id }) {
  const tap = taps().find(t => t.id === id);
  // Taken back, or sent by another page, meanwhile.
  if (!tap) return { refused: '' };
  const age = Math.max(0, Date.now() - tap.at);
  if (age > DAY) return drop(tap), { refused: site.words.tooOld };
  if (tap.tried && Date.now() - tap.tried > HALF_HOUR - MINUTE) return drop(tap), { refused: site.words.unsure };
  if (!navigator.onLine) return change(tap, { isBusy: false }), null;
  if (Date.now() < hold) return change(tap, { isBusy: true }), null;
  const body = new URLSearchParams(tap.fields);
  try {
    if (age > MINUTE) body.set('occurredAt', new Date(await serverNow(tap.service) - age).toISOString());
    if (!taps().some(t => t.id === id)) return { refused: '' };
    change(tap, { tried: tap.tried ?? Date.now(), isBusy: false });
    const answer = await fetch(`${site.base}api/v1/reports${site.zone}`, { method: 'POST', headers: site.ours, body, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 429 || answer.status === 503) return refuse(answer, tap, tap.tried);
    const told = await answer.json();
    const more = new URLSearchParams(taps().find(t => t.id === id)?.fields);
    drop(tap);
    if (!answer.ok) return { refused: `${told.title}. ${told.detail || ''}` };
    const receipt = receive(tap, body, told);
    await addLater(receipt, [...more].filter(([name, value]) => body.get(name) !== value));
    return { receipt };
  } catch {
    return null;
  }
}

// What was said of it while it was under way.
async function addLater(receipt, fields) {
  if (!fields.length || !receipt.withdraw) return;
  const answer = await fetch(receipt.withdraw, { method: 'PATCH', headers: site.ours, body: new URLSearchParams(fields), signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  if (!answer?.ok) return;
  receipt.said = [...receipt.said, ...(await answer.json()).added];
  const { situation, notes, ...kept } = receipt;
  keep(kept);
}

// One page sends each, however many are open; undefined where another does. Over http pages can't agree; the server counts one all the same.
const send = tap => (navigator.locks
  ? navigator.locks.request(`tap ${site.base} ${tap.id}`, { ifAvailable: true }, lock => (lock ? deliver(tap) : undefined))
  : deliver(tap));

// The receipt as it is kept. That of a duplicate tells nothing about the report that was counted: it may be somebody else's.
function receive(tap, body, told) {
  const known = receiptOf(tap.service, tap.kind);
  const left = told.until ? Date.parse(told.until) - Date.parse(told.receivedAt) : HALF_HOUR;
  const notes = (told.notes ?? []).map(n => n.field);
  const said = ['comment', 'wentTo', 'wentToWorked'].filter(f => body.get(f) && !notes.includes(f));
  if ((body.get('problem') || 'unavailable') !== 'unavailable') said.push('problem');
  if ((body.get('surface') || 'unknown') !== 'unknown') said.push('surface');
  if (told.region !== 'ZZ') said.push('region');
  const receipt = told.reason === 'duplicate' && known
    ? { ...known, reason: 'duplicate' }
    : {
      service: tap.service, kind: tap.kind, at: Date.now(), until: Date.now() + left, heard: told.receivedAt, reason: told.reason,
      provisional: told.provisional, withdraw: told.withdraw, said,
    };
  keep(receipt);
  return { ...receipt, situation: told.situation, notes: told.notes };
}

let hold = 0; // until then the server asked to be left alone
let timer = 0;

// Not with all the other pages at once.
function sendLater() {
  clearTimeout(timer);
  if (taps().length) timer = setTimeout(flush, Math.max(AGAIN, hold - Date.now()) * (1 + Math.random() / 2));
}

async function flush() {
  for (const tap of taps()) await settle(tap, await send(tap));
  sendLater();
}
