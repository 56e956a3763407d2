
// ---- what stands where the button was

const formsOf = (service, kind) => [...site.all('form[data-report]')].filter(f => f.service.value === service && f.kind.value === kind);
const pressOf = form => form.querySelector('[data-press]');

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// What is kept of a form's service: what stands there is right for as long as this is the same, and is left alone.
function markOf(form) {
  const [tap, receipt] = [tapOf(form.service.value, form.kind.value), receiptOf(form.service.value, form.kind.value)];
  return JSON.stringify([tap?.id, tap?.fields, tap?.isBusy, receipt?.heard, receipt?.reason, receipt?.said]);
}

const button = (text, press) => element('button', { type: 'button', textContent: text, onclick: press });

// As the page tells its times.
function clock(time) {
  const named = zone => new Intl.DateTimeFormat(site.locale, {
    hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone, timeZoneName: 'shortOffset',
  }).format(new Date(time)).replace('GMT', 'UTC').replace(/\+0$/, '').replace('-', '\u2212');
  try {
    return named(document.body.dataset.zone);
  } catch {
    return named('UTC');
  }
}

function say(form, ...parts) {
  const panel = form.closest('.report');
  let box = form.querySelector('[data-receipt]');
  if (!box) {
    // What is below stays where it is.
    panel.style.minBlockSize = `${panel.offsetHeight}px`;
    box = element('div', { className: 'told', tabIndex: -1, role: 'status' });
    box.dataset.receipt = '';
    pressOf(form).before(box);
  }
  const hasFocus = form.querySelector('[data-receipt]').contains(document.activeElement) || pressOf(form) === document.activeElement;
  pressOf(form).hidden = true;
  panel.querySelector('[data-rules]').hidden = true;
  box.replaceChildren(...parts);
  // Never lost with what had it.
  if (hasFocus) box.focus();
  form.mark = markOf(form);
  form.waits = null;
  return box;
}

// The button is there again, under what was said last.
function reopen(form, ...parts) {
  const box = form.querySelector('[data-receipt]');
  const hasFocus = box?.contains(document.activeElement);
  if (parts.length) say(form, ...parts);
  else box?.remove();
  pressOf(form).hidden = false;
  if (hasFocus && !parts.length) pressOf(form).focus();
  form.mark = markOf(form);
  ask(form, null);
}

// ---- saying more: what the report does not say yet

const TOLD = 3000; // for so long the server may still show a page of before a report, milliseconds
const DEFAULTS = { problem: 'unavailable', surface: 'unknown' };

function ask(form, said) {
  const more = form.querySelector('details') ?? form.querySelector('.report-fields');
  if (!more) return;
  const parts = [...site.all('[data-field]', more)];
  for (const part of parts) part.hidden = said?.includes(part.dataset.field) ?? false;
  more.hidden = said !== null && parts.every(part => part.hidden);
  let add = more.querySelector('[data-add]');
  if (said === null) {
    add?.remove();
  } else if (!add) {
    add = element('button', { type: 'submit', textContent: site.words.add });
    add.dataset.add = '';
    (more.querySelector('.report-fields') ?? more).append(add);
  }
}

function added(form) {
  const fields = new URLSearchParams();
  for (const part of site.all('[data-field]:not([hidden])', form)) {
    const value = new FormData(form).get(part.dataset.field);
    if (value && value !== DEFAULTS[part.dataset.field]) fields.set(part.dataset.field, value);
  }
  return fields;
}

async function addTo(form, receipt, fields) {
  const add = form.querySelector('[data-add]');
  if (add.disabled) return;
  add.disabled = true;
  try {
    const answer = await fetch(receipt.withdraw, { method: 'PATCH', headers: site.ours, body: fields, signal: AbortSignal.timeout(PATIENCE) });
    const told = await answer.json();
    if (answer.ok) {
      receipt.said = [...receipt.said, ...told.added];
      keep(receipt);
      const notes = (told.notes ?? []).map(n => n.message).join(' ');
      show(form, receipt, `${told.added.length ? site.words.added : ''} ${notes}`.trim()).focus();
      if (told.added.length) form.querySelector('details')?.removeAttribute('open');
      site.refresh();
    } else {
      show(form, receipt, `${told.title}. ${told.detail || ''}`).focus();
    }
  } catch {
    show(form, receipt, site.words.notAdded).focus();
  }
  add.disabled = false;
}

// ---- the receipt

function thanks(receipt, others) {
  if (receipt.reason === 'duplicate') return receipt.withdraw ? site.words.duplicate : site.words.duplicateOther;
  // What is said of the others to who says that it's back begins with thanks.
  const isThanked = receipt.kind === 'back' && others;
  if (receipt.reason === 'late') return site.words[isThanked ? 'late.thanked' : 'late'];
  if (receipt.provisional) return site.words.provisional;
  if (isThanked) return site.words['counted.thanked'];
  return site.words[receipt.kind === 'back' ? 'counted.back' : 'counted.down'];
}

// Where at most one report is known and nothing wrong, the server looked again after it had stored this one: one is this one.
function others({ situation, kind, reason }) {
  return !reason && kind === 'down' && situation?.status === 'normal' && situation.reports15m === 1
    && !situation.recent && !situation.members?.some(m => m.reports15m || m.recent)
    ? site.words.onlyYours
    : situation?.sentence || '';
}

function show(form, receipt, text) {
  const take = receipt.withdraw ? [' ', button(site.words.takeBack, () => takeBack(receipt))] : [];
  const box = say(form, text, ...take);
  ask(form, receipt.withdraw ? receipt.said : ['problem', 'surface', 'region', 'comment', 'wentTo', 'wentToWorked']);
  return box;
}

async function takeBack(receipt) {
  const forms = formsOf(receipt.service, receipt.kind);
  for (const press of forms.flatMap(f => [...site.all('[data-receipt] button', f)])) press.disabled = true;
  try {
    const answer = await fetch(receipt.withdraw, { method: 'DELETE', headers: site.ours, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
    forget(receipt);
    for (const form of forms) {
      reopen(form, answer.ok ? site.words.takenBack : site.words.notTakenBack);
      form.querySelector('[data-receipt]').focus();
    }
    site.refresh();
  } catch {
    for (const form of forms) show(form, receipt, site.words.stillThere).focus();
  }
}

// One that waits: more can be said with it, and it can be kept from being sent.
function wait(form, tap) {
  const cancel = () => {
    // Under way, or on its way once: nobody knows what became of it.
    const mayCount = taps().find(t => t.id === tap.id)?.tried;
    drop(tap);
    reopen(form, site.words[mayCount ? 'notSentAgain' : 'notSent']);
    form.querySelector('[data-receipt]').focus();
  };
  const why = site.words[tapOf(tap.service, tap.kind)?.isBusy ? 'busy' : 'noConnection'];
  const box = say(form, why, ' ', site.word(site.store ? 'waiting' : 'waitingHere', clock(tap.at)), ' ', button(site.words.dontSend, cancel));
  const fields = new URLSearchParams(tap.fields);
  ask(form, [...fields.keys()].filter(name => fields.get(name) !== DEFAULTS[name]));
  form.waits = form.mark;
  return box;
}

// What a receipt says of how things are, in place of what was served before. A page without figures has none to be wrong.
function tell(service, kind, { reports15m, region, sentence }) {
  const place = document.querySelector('[data-live="situation"]');
  if (place?.dataset.service !== service || kind !== 'down') return;
  const [figure] = site.all('.vitals dd', place);
  if (!figure) return;
  const known = Number(figure.dataset.count);
  const of = place.dataset.region === 'world' ? reports15m : place.dataset.region === region.code ? region.reports15m : known;
  if (of < known) return;
  place.told = of;
  place.toldUntil = Date.now() + TOLD;
  // What has the focus is being read: it stays where it is.
  const top = () => document.activeElement.getBoundingClientRect().top;
  const held = top();
  figure.textContent = of.toLocaleString(site.locale);
  place.querySelector('.lede').textContent = sentence;
  scrollBy(0, top() - held);
}

// What became of one is told where its button is, or on any other page at its foot.
async function settle(tap, end) {
  const forms = formsOf(tap.service, tap.kind);
  if (end === undefined || end?.refused === '') return render();
  for (const form of forms) {
    if (!end && form.waits === markOf(form)) continue;
    if (!end) wait(form, tap);
    else if (end.refused) reopen(form, end.refused);
    else show(form, end.receipt, [thanks(end.receipt, others(end.receipt)), others(end.receipt), ...(end.receipt.notes ?? []).map(n => n.message)].join(' '));
  }
  if (end?.receipt && forms.length) {
    // No figure beside the receipt says less than it does, until the page itself comes with it.
    if (end.receipt.situation) tell(tap.service, end.receipt.kind, end.receipt.situation);
    site.refresh();
  }
  if (end && !forms.length) {
    const link = element('a', { href: `${site.base}services/${tap.service}`, textContent: tap.name });
    document.body.append(element('p', { className: 'toast', role: 'status' }, link, ': ', end.refused ?? thanks(end.receipt)));
  }
  if (end) list();
}

// When it was reported, and as what; nothing about others, which would be old.
function toldOf(receipt) {
  const how = receipt.reason || (receipt.provisional ? 'provisional' : receipt.kind);
  return site.word(`told.${how}`, clock(receipt.heard));
}

// What is known of one's own reports, on a page that was just opened, or come back to.
function render() {
  for (const form of site.all('form[data-report]')) {
    const [service, kind] = [form.service.value, form.kind.value];
    const [tap, receipt] = [tapOf(service, kind), receiptOf(service, kind)];
    if (form.mark === markOf(form)) continue;
    if (tap) wait(form, tap);
    else if (receipt?.heard) show(form, receipt, toldOf(receipt));
    else if (pressOf(form).hidden) reopen(form);
  }
  list();
}

function list() {
  for (const place of site.all('[data-waiting]')) {
    const items = taps().map(tap => element(
      'li', {}, `${site.word(`waits.${tap.kind}`, tap.name)} ${clock(tap.at)} `,
      button(site.words.dontSend, () => { drop(tap); list(); })));
    place.replaceChildren(...items);
    place.parentNode.hidden = !items.length;
  }
}

async function submit(form) {
  const [service, kind] = [form.service.value, form.kind.value];
  const [receipt, tap] = [receiptOf(service, kind), tapOf(service, kind)];
  if (pressOf(form).hidden) {
    const fields = added(form);
    if (![...fields].length) say(form, ...form.querySelector('[data-receipt]').childNodes, ...(form.querySelector('[data-hint]') ? [] : [hint()])).focus();
    else if (receipt?.withdraw) await addTo(form, receipt, fields);
    else if (tap) {
      change(tap, { fields: new URLSearchParams([...new URLSearchParams(tap.fields), ...fields].filter(([n, v]) => !fields.has(n) || fields.get(n) === v)).toString() });
      wait(form, tapOf(service, kind)).focus();
    }
    return;
  }
  const fields = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  const sent = enqueue(service, kind, form.closest('[data-name]').dataset.name, fields.toString());
  say(form, site.words.sending).focus();
  await settle(sent, await send(sent));
  form.querySelector('[data-receipt]')?.scrollIntoView({ block: 'nearest' });
  sendLater();
}

function hint() {
  const told = element('span', { textContent: ` ${site.words.nothingAdded}` });
  told.dataset.hint = '';
  return told;
}

// A page that thanks a plain form knows the report by its address. The address keeps no token, so that it can be shared.
function remember() {
  const address = new URL(location.href);
  // Without a connection another page stands at the address, which the next attempt needs whole.
  if (!address.searchParams.has('reported') || document.querySelector('[data-waiting]')) return;
  const { service, kind, withdraw, heard, age, reason, said } = document.querySelector('[data-told]')?.dataset ?? {};
  if (withdraw) {
    const at = Date.now() - Number(age);
    keep({
      service, kind, at, until: at + HALF_HOUR, heard, withdraw, said: said.split(' '),
      reason: reason === 'waiting' ? undefined : reason, provisional: reason === 'waiting',
    });
  }
  for (const name of ['reported', 'token', 'kind', 'reason', 'until', 'added', 'note', 'told']) address.searchParams.delete(name);
  history.replaceState(null, '', address);
}
