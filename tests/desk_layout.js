// Direction, width, mirrored header, fields without a label, and text below a contrast of 4.5 to 1 (WCAG AA).
() => {
  const shade = c => { const v = c.match(/[\d.]+/g).map(Number); return v.length > 3 && v[3] < 1 ? null : v.slice(0, 3); };
  const light = v => { const s = v.map(x => { x /= 255; return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * s[0] + 0.7152 * s[1] + 0.0722 * s[2]; };
  const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (c !== 'rgba(0, 0, 0, 0)') { return shade(c); } } return [255, 255, 255]; };
  const pale = [];
  document.querySelectorAll('a, p, td, th, h1, h2, h3, dt, dd, button, summary, label, span, small').forEach(e => {
    if (!e.innerText || !e.offsetParent || e.closest('svg') || e.closest('.skip')) { return; }
    const front = shade(getComputedStyle(e).color), back = behind(e);
    if (!front || !back) { return; }
    const a = light(front), b = light(back);
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) { pale.push(e.tagName + ' ' + e.className + ' ' + e.innerText.slice(0, 30)); }
  });
  const unlabelled = [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(e => !e.labels.length && !e.getAttribute('aria-label')).map(e => e.name);
  return { dir: document.documentElement.dir, wide: document.documentElement.scrollWidth, view: innerWidth,
    brand: document.querySelector('.brand').getBoundingClientRect().left,
    look: document.querySelector('.look').getBoundingClientRect().left, unlabelled, pale };
}
