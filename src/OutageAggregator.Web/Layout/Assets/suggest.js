// Suggestions under a search form while somebody types: the combobox with a listbox of the ARIA Authoring Practices. The form works
// without; the server finds and renders, so nothing here knows what a service is. Requests are few: none while letters follow each other,
// one at a time, none twice.

const PAUSE = 180; // milliseconds without a letter
const LEAST = 2; // letters; one is enough where a letter is a word
const MOST = 200; // answers that are kept

const known = new Map();
let hold = 0; // until then the server asked to be left alone

function attach(form) {
  const input = form.querySelector('input[type=search]');
  const place = document.createElement('div');
  place.className = 'suggestions';
  place.hidden = true;
  form.querySelector('.search-row').append(place);
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-expanded', 'false');

  let timer = 0;
  let running = null;
  let active = -1;
  const options = () => [...place.querySelectorAll('[role=option]')];
  const typed = () => input.value.trim().replace(/\s+/g, ' ');
  const isEnough = text => text.length >= LEAST || /[^\p{ASCII}]/u.test(text);

  function close() {
    clearTimeout(timer);
    running?.abort();
    running = null;
    active = -1;
    place.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  function mark(index) {
    const all = options();
    active = index;
    for (const [i, option] of all.entries()) option.setAttribute('aria-selected', String(i === index));
    if (index < 0) {
      input.removeAttribute('aria-activedescendant');
      return;
    }
    input.setAttribute('aria-activedescendant', all[index].id);
    all[index].scrollIntoView({ block: 'nearest' });
  }

  function show(html) {
    const list = new DOMParser().parseFromString(html, 'text/html').querySelector('[role=listbox]');
    if (!list || document.activeElement !== input) {
      close();
      return;
    }
    place.replaceChildren(document.importNode(list, true));
    place.hidden = false;
    active = -1;
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('aria-expanded', 'true');
    input.removeAttribute('aria-activedescendant');
    const told = document.querySelector('[data-announce]');
    if (told.textContent !== list.dataset.told) told.textContent = list.dataset.told;
  }

  async function ask(text) {
    running?.abort();
    running = new AbortController();
    try {
      // With all that the form says, such as the zone of the page; and below the path that the site is under.
      const address = new URL('suggestions', form.action);
      address.search = new URLSearchParams(new FormData(form));
      address.searchParams.set('query', text);
      const answer = await fetch(address, { headers: { accept: 'text/html' }, signal: running.signal });
      if (answer.status === 429) hold = Date.now() + (Number(answer.headers.get('retry-after')) || 30) * 1000;
      if (!answer.ok) return;
      const html = await answer.text();
      if (known.size >= MOST) known.delete(known.keys().next().value);
      known.set(text, html);
      if (text === typed()) show(html);
    } catch {
      // Without suggestions it is the form that it was.
    }
  }

  function suggest(event) {
    if (event.isComposing) return;
    clearTimeout(timer);
    const text = typed();
    if (!isEnough(text)) close();
    else if (known.has(text)) show(known.get(text));
    else if (Date.now() >= hold) timer = setTimeout(ask, PAUSE, text);
  }

  input.addEventListener('input', suggest);
  input.addEventListener('compositionend', suggest);
  input.addEventListener('keydown', event => {
    if (event.isComposing) return;
    const count = place.hidden ? 0 : options().length;
    if (event.key === 'Escape' && count) {
      // The first one closes the list, the next one empties the field.
      event.preventDefault();
      close();
    } else if (event.key === 'ArrowDown' && !count) {
      event.preventDefault();
      suggest(event);
    } else if (event.key === 'ArrowDown' || (event.key === 'ArrowUp' && count)) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      mark(((active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === 'Enter' && count && active >= 0) {
      event.preventDefault();
      location.assign(options()[active].dataset.href);
    }
  });
  input.addEventListener('blur', close);
  // The field keeps the focus while one presses on the list.
  place.addEventListener('pointerdown', event => event.preventDefault());
  place.addEventListener('mousedown', event => event.preventDefault());
  place.addEventListener('click', event => {
    const option = event.target.closest('[role=option]');
    if (option) location.assign(option.dataset.href);
  });
  form.addEventListener('submit', close);
  addEventListener('pagehide', close);
  suggest({});
}

for (const form of document.querySelectorAll('[data-suggest]')) {
  const sheet = document.createElement('link');
  sheet.rel = 'stylesheet';
  sheet.href = form.dataset.sheet;
  // Without its sheet a list would push the page down.
  sheet.addEventListener('load', () => attach(form));
  document.head.append(sheet);
}
