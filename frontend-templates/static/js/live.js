// Lets the live log go on by itself; without script the page is a plain list.
(function () {
  const rows = document.getElementById('live-rows');
  const address = rows && rows.dataset.stream;
  if (!address || !window.EventSource) return;

  const RETRY_MILLIS = 3000;
  const TOP = 160; // scrolled further than this, somebody reads, and nothing may move
  const state = document.getElementById('live-state');
  const pause = document.getElementById('live-pause');
  const fresh = document.getElementById('live-new');
  const start = new URL(address, location.href);
  let newest = Number(start.searchParams.get('after'));
  let waiting = [];
  let connection = 'connecting';
  let drawing = false;
  let source;

  const isPaused = () => pause.getAttribute('aria-pressed') === 'true';
  const isGrouped = rows.dataset.grouped === 'true';
  const MOST_ROWS = isGrouped ? 1000 : 5000; // groups are sorted anew each time
  const isReading = () => window.scrollY > TOP;
  const word = (element, text) => { element.querySelector('[data-word]').textContent = text; };

  function show() {
    const now = connection === 'live' && isPaused() ? 'paused' : connection;
    if (state.dataset.state !== now) {
      state.dataset.state = now;
      word(state, now);
    }
    const count = waiting.length;
    const text = count >= MOST_ROWS ? MOST_ROWS + ' or more' : String(count);
    word(pause, isPaused() ? 'Resume' + (count ? ' (' + text + ' waiting)' : '') : 'Pause');
    fresh.hidden = isPaused() || !isReading() || count === 0;
    word(fresh, text + (count === 1 ? ' new event' : ' new events'));
  }

  function draw() {
    drawing = false;
    if (waiting.length && !isPaused() && !isReading()) {
      const piece = document.createElement('template');
      piece.innerHTML = waiting.reverse().join(''); // rendered and escaped by the server
      waiting = [];
      rows.prepend(piece.content);
      if (isGrouped) group();
      while (rows.children.length > MOST_ROWS) rows.lastElementChild.remove();
      const empty = document.getElementById('live-empty');
      if (empty) empty.remove();
    }
    show();
  }

  // The lines of a session stand together, those of the session that was heard of last on top.
  function group() {
    const sessions = new Map();
    for (const row of rows.children) {
      const key = row.dataset.session || row;
      if (!sessions.has(key)) sessions.set(key, []);
      sessions.get(key).push(row);
    }
    for (const lines of sessions.values()) {
      lines.forEach((row) => row.classList.toggle('in-session', lines.length > 1));
      rows.append(...lines);
    }
  }

  function drawSoon() {
    if (drawing) return;
    drawing = true;
    // A page in the background gets no animation frames.
    if (document.hidden) setTimeout(draw, 500);
    else requestAnimationFrame(draw);
  }

  function take(event) {
    const id = Number(event.lastEventId);
    if (!(id > newest)) return; // it was told before the line broke
    newest = id;
    waiting.push(event.data);
    if (waiting.length > MOST_ROWS) waiting.shift();
    drawSoon();
  }

  function connect() {
    start.searchParams.set('after', newest);
    source = new EventSource(start);
    source.onopen = () => { connection = 'live'; show(); };
    source.onmessage = take;
    source.onerror = () => {
      connection = 'reconnecting';
      show();
      if (source.readyState === EventSource.CLOSED) setTimeout(again, RETRY_MILLIS);
    };
  }

  // The browser gives up when the answer is no stream: Sealpost is starting, or nobody is signed in.
  function again() {
    fetch(location.href, { method: 'HEAD', redirect: 'manual' }).then(
      (answer) => {
        if (answer.ok) {
          connect();
          return;
        }
        // Whoever signs in again in another tab finds this one going on where it was.
        connection = answer.type === 'opaqueredirect' ? 'signed out' : 'reconnecting';
        show();
        setTimeout(again, RETRY_MILLIS);
      },
      () => setTimeout(again, RETRY_MILLIS));
  }

  pause.addEventListener('click', () => {
    pause.setAttribute('aria-pressed', String(!isPaused()));
    pause.querySelector('i').className = isPaused() ? 'bi bi-play-fill me-1' : 'bi bi-pause-fill me-1';
    draw();
  });
  fresh.addEventListener('click', () => { window.scrollTo({ top: 0 }); draw(); });
  window.addEventListener('scroll', drawSoon, { passive: true });
  if (isGrouped) group();
  window.addEventListener('beforeunload', () => source.close());
  connect();
})();
