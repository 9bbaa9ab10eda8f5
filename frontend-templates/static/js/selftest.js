// Lets the page of a self-test, or of many, go on by itself; without script it is asked again.
(function () {
  const address = watched();
  if (!address || !window.EventSource) return;

  const RETRY_MILLIS = 3000;
  let busy = false;
  let again = false;
  let over = false;

  function watched() {
    const shown = document.querySelector('#progress[data-watch]');
    return shown && shown.dataset.watch;
  }

  // What was opened stays open, and the focus stays where it was.
  function show(html) {
    const before = document.getElementById('progress');
    const open = new Map();
    before.querySelectorAll('details[data-keep]').forEach((one) => open.set(one.dataset.keep, one.open));
    const held = document.activeElement && before.contains(document.activeElement)
      ? document.activeElement.textContent : null;
    const piece = document.createElement('template');
    piece.innerHTML = html; // rendered and escaped by the server
    const now = piece.content.querySelector('#progress');
    if (!now) return;
    now.querySelectorAll('details[data-keep]').forEach((one) => {
      if (open.has(one.dataset.keep)) one.open = open.get(one.dataset.keep);
    });
    before.replaceWith(now);
    if (held) {
      const same = Array.from(now.querySelectorAll('a, button, summary')).find((one) => one.textContent === held);
      if (same) same.focus({ preventScroll: true });
    }
  }

  async function refresh() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        const answer = await fetch(address + '/progress' + location.search, { redirect: 'manual' });
        if (answer.ok) show(await answer.text());
      } while (again);
    } catch (lost) {
      // The stream tells when the line is there again.
    } finally {
      busy = false;
    }
  }

  function connect() {
    const source = new EventSource(address + '/stream');
    source.addEventListener('changed', refresh);
    source.addEventListener('over', () => {
      over = true;
      source.close();
      refresh();
    });
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED || over) return;
      // The browser gives up when the answer is no stream: Sealpost is starting, or nobody is signed in.
      setTimeout(() => fetch(address + '/progress', { redirect: 'manual' }).then(
        (answer) => { if (answer.type !== 'opaqueredirect') connect(); },
        connect), RETRY_MILLIS);
    };
    window.addEventListener('beforeunload', () => source.close());
  }

  connect();
})();
