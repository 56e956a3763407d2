
// ---- telling when it is back, in this page: by its title, its icon, and a notification where the browser allows it

const key = () => `tells ${location.pathname}`;
const session = () => { try { return sessionStorage; } catch { return null; } };
const icon = document.querySelector('link[rel=icon]');
const usual = icon?.href;
let isTold = false;

const state = () => document.querySelector('[data-state]')?.dataset.state; // outage, back, or neither can be said
const tells = () => session()?.getItem(key()) === 'yes' || 'tells' in document.documentElement.dataset;

function tellWhenBack(isOn) {
  if (isOn) {
    document.documentElement.dataset.tells = '';
    session()?.setItem(key(), 'yes');
  } else {
    delete document.documentElement.dataset.tells;
    session()?.removeItem(key());
  }
  follow();
}

// Whether it may notify, as the visitor is told.
const allowed = () => ('Notification' in window && isSecureContext ? Notification.permission : 'denied');

function follow() {
  for (const press of site.all('[data-tell]')) {
    press.ariaPressed = String(tells());
    press.nextElementSibling.textContent = !tells() ? '' : site.words[allowed() === 'granted' ? 'tells' : 'tellsHere'];
  }
  for (const press of site.all('[data-share]')) press.hidden = !navigator.share && !navigator.clipboard;
  // What is back can be out again.
  if (isTold && state() === 'outage') unmark();
  else if (isTold) mark();
  else if (tells() && state() === 'back') back();
}

const mark = () => {
  const title = site.word('backTitle', document.title);
  if (!document.title.startsWith(site.words.backTitle.replace('{0}', ''))) document.title = title;
  if (icon) icon.href = document.querySelector('[data-icon]').dataset.icon;
};

async function back() {
  isTold = true;
  const title = document.title;
  tellWhenBack(false);
  mark();
  if (allowed() === 'granted') {
    const options = { body: site.plainText(document.querySelector('.lede')), tag: key(), data: location.href };
    // On phones only the worker may.
    const worker = await navigator.serviceWorker?.getRegistration();
    if (worker?.active) await worker.showNotification(title, options);
    else new Notification(title, options);
  }
  if (!document.hidden) setTimeout(seen, MINUTE);
}

function seen() {
  if (isTold && !document.hidden) unmark();
}

function unmark() {
  isTold = false;
  document.title = document.title.replace(site.words.backTitle.replace('{0}', ''), '');
  if (icon) icon.href = usual;
}

async function pressTell() {
  if (!tells() && 'Notification' in window && isSecureContext && Notification.permission === 'default') {
    try { await Notification.requestPermission(); } catch {}
  }
  tellWhenBack(!tells());
}

// ---- telling others: a sentence that stays true, and the address

async function share(press) {
  const address = document.querySelector('link[rel=canonical]')?.href ?? location.href;
  const text = `${site.plainText(document.querySelector('.lede'))} (${document.querySelector('.dateline time').textContent})`;
  if (navigator.share) {
    try {
      await navigator.share({ title: document.title, text, url: address });
      return;
    } catch (refusal) {
      if (refusal.name === 'AbortError') return;
    }
  }
  await navigator.clipboard?.writeText(`${text} ${address}`);
  press.nextElementSibling.textContent = site.words.copied;
}

// ---- start

export function start(page) {
  site = page;
  site.zone = new URL(location.href).searchParams.has('zone') ? `?zone=${encodeURIComponent(document.body.dataset.zone)}` : '';
  document.documentElement.dataset.scripts = '';
  if (tells()) document.documentElement.dataset.tells = '';
  // What is older than a day is gone.
  write('receipts', receipts());
  remember();
  render();
  follow();
  document.addEventListener('swapped', follow);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    setTimeout(seen, MINUTE / 6);
    render();
    flush();
  });
  document.addEventListener('click', event => {
    const press = event.target.closest('[data-tell], [data-share]');
    if (press) 'tell' in press.dataset ? pressTell() : share(press);
  });
  addEventListener('pageshow', event => { if (event.persisted) render(); });
  addEventListener('storage', render);
  addEventListener('online', async () => {
    await flush();
    if (document.querySelector('[data-waiting]')) location.reload();
  });
  setInterval(render, MINUTE);
  flush();
  return { submit };
}
