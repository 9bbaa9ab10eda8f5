// The policies screen; it works without this, too.
(function () {
  // The form shows what the chosen level takes. The rest keeps what was typed and is not sent.
  function showLegal(form) {
    const level = form.querySelector('[name=level]:checked');
    if (!level) return;
    form.querySelectorAll('[data-levels]').forEach((part) => {
      const legal = part.dataset.levels.split(' ').includes(level.value);
      part.hidden = !legal;
      if ('disabled' in part) part.disabled = !legal;
    });
    form.querySelectorAll('select').forEach((select) => {
      const chosen = select.selectedOptions[0];
      if (chosen && chosen.disabled) select.value = '';
    });
  }

  document.querySelectorAll('.rule-form').forEach((form) => {
    showLegal(form);
    form.addEventListener('change', (event) => {
      if (event.target.name === 'level') showLegal(form);
    });
  });

  // The list says how many rules are selected; it is drawn again while somebody searches.
  document.addEventListener('change', (event) => {
    const rows = event.target.closest('#policy-rows');
    if (!rows) return;
    const boxes = [...rows.querySelectorAll('[name=id]')];
    const all = rows.querySelector('[data-all]');
    if (event.target === all) boxes.forEach((box) => { box.checked = all.checked; });
    const count = boxes.filter((box) => box.checked).length;
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
    rows.querySelector('[data-count]').textContent = count === 0
      ? 'With the selected rules:'
      : `${count} selected:`;
    rows.querySelector('.bulk').classList.toggle('is-active', count > 0);
  });
})();
