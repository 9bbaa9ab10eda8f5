// Small comforts; every page works without them.
(function () {
  // "/" goes to the page's search field.
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.querySelector('input[type=search]');
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
    if (event.key === 'Escape') {
      document.querySelectorAll('details.menu[open]').forEach((menu) => {
        menu.open = false;
        menu.querySelector('summary').focus();
      });
    }
  });

  // A menu closes when the click goes elsewhere.
  document.addEventListener('click', (event) => {
    document.querySelectorAll('details.menu[open]').forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const button = event.target.closest('[data-copy]');
    if (button) copy(button);
  });

  // One tick chooses all of a page; buttons tell how many are chosen.
  document.addEventListener('change', (event) => {
    const form = event.target.closest('form[data-bulk]');
    if (!form) return;
    const all = event.target.dataset.all;
    if (all) {
      form.querySelectorAll(`input[name="${all}"]`).forEach((box) => { box.checked = event.target.checked; });
    }
    const chosen = form.querySelectorAll('td input[type=checkbox]:checked').length;
    form.querySelectorAll('[data-chosen]').forEach((place) => { place.textContent = chosen ? ` (${chosen})` : ''; });
  });

  function copy(button) {
    const said = button.querySelector('[data-copied]');
    navigator.clipboard.writeText(button.dataset.copy).then(
      () => say(said, 'Copied'),
      () => say(said, 'Select the text and copy it by hand'));
  }

  function say(element, text) {
    if (!element) return;
    const before = element.textContent;
    element.textContent = text;
    setTimeout(() => { element.textContent = before; }, 2000);
  }

  // The copy buttons need script, so they appear only with it.
  document.documentElement.classList.add('with-script');

  // A form that was refused begins with what is wrong.
  const problems = document.querySelector('[data-focus]');
  if (problems) problems.focus();
})();
