// Everything that is wrong with the open page at the given width, one sentence each.
((width) => {
  const wrong = [];
  const name = (e) => {
    const text = (e.textContent || '').trim().replace(/\s+/g, ' ').slice(0, 40);
    return `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''}${[...e.classList].map((c) => '.' + c).join('')} "${text}"`;
  };
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const root = document.documentElement;

  if (root.lang !== 'id') wrong.push(`lang is "${root.lang}"`);
  if (!/\S.* - p2k2$/.test(document.title)) wrong.push(`title is "${document.title}"`);
  const heads = document.querySelectorAll('h1').length;
  if (heads !== 1) wrong.push(`${heads} h1`);
  if (document.querySelectorAll('main').length !== 1) wrong.push('not one main');

  if (root.scrollWidth > width) {
    const far = [...document.body.querySelectorAll('*')].filter((e) => {
      if (!shown(e) || e.getBoundingClientRect().right <= width + 0.5) return false;
      for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) {
        if (getComputedStyle(up).overflowX !== 'visible') return false;
      }
      return true;
    });
    wrong.push(`${root.scrollWidth} wide because of ${far.slice(-2).map(name).join(' and ')}`);
  }

  for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    const label = [...(field.labels || [])].some((l) => l.textContent.trim() !== '');
    if (!label && !field.getAttribute('aria-label') && !field.getAttribute('aria-labelledby')) {
      wrong.push(`no label on ${field.tagName.toLowerCase()} ${field.name || field.id}`);
    }
  }
  for (const e of document.querySelectorAll('a[href], button, summary')) {
    const words = e.textContent.trim() || e.getAttribute('aria-label') || e.title ||
      e.querySelector('img[alt]:not([alt=""])')?.alt;
    if (!words) wrong.push(`nothing to read on ${e.outerHTML.slice(0, 80)}`);
  }
  const ids = new Set();
  for (const { id } of document.querySelectorAll('[id]')) {
    if (ids.has(id)) wrong.push(`the id ${id} stands twice`);
    ids.add(id);
  }
  for (const a of document.querySelectorAll('a[href^="#"]')) {
    const to = decodeURIComponent(a.getAttribute('href').slice(1));
    // A preview is the text alone: its references stand on the page of the sesi.
    const preview = a.matches('.rujukan') && !document.querySelector('#rujukan');
    if (to && !ids.has(to) && !preview) wrong.push(`a link to #${to} leads nowhere`);
  }
  for (const image of document.images) {
    if (image.complete && image.naturalWidth === 0) wrong.push(`no picture at ${image.src}`);
    if (image.getAttribute('alt') === null) wrong.push(`no alt on ${image.src}`);
  }

  // Contrast of what is written, against the plain colours behind it.
  const known = new Map();
  const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
    .getContext('2d', { willReadFrequently: true });
  const parse = (text) => {
    if (!known.has(text)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = text;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(text, [r, g, b, a / 255]);
    }
    return known.get(text);
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const grounds = new Map();
  const ground = (e) => {
    if (!e) return parse(matchMedia('(prefers-color-scheme: dark)').matches ? '#000' : '#fff');
    if (!grounds.has(e)) {
      const style = getComputedStyle(e);
      const below = ground(e.parentElement);
      const flat = style.backgroundImage === 'none';
      grounds.set(e, flat ? below && over(parse(style.backgroundColor), below) : null);
    }
    return grounds.get(e);
  };
  const faint = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !shown(e) || e.closest('.sr, .skip, :disabled, option')) continue;
    const back = ground(e);
    if (!back) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(over(parse(style.color), back)), light(back)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight, 10) >= 700);
    if (ratio < (large ? 3 : 4.5)) {
      faint.set(`${style.color} on ${back.slice(0, 3).map(Math.round)}`, `${ratio.toFixed(2)} at ${name(e)}`);
    }
  }
  for (const [pair, where] of faint) wrong.push(`contrast of ${pair} is ${where}`);
  if (light(ground(document.body)) > 0.2 && matchMedia('(prefers-color-scheme: dark)').matches) {
    wrong.push('light where dark is preferred');
  }
  return wrong;
})
