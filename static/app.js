// What a script adds to pages that work without one: suggestions, steppers, copying, sharing, autosave.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

  // "/" goes to the search field, unless somebody is typing.
  const search = document.getElementById("cari");
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || !search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // Suggestions: one request at a time, 150 ms after the last key, the one before cancelled.
  const suggest = (form, input) => {
    const list = make("ul", { id: "saran", hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Saran");
    form.append(list);
    for (const [name, value] of [["role", "combobox"], ["aria-controls", "saran"], ["aria-expanded", "false"], ["aria-autocomplete", "list"]]) input.setAttribute(name, value);
    const status = make("span", { className: "sr" });
    status.setAttribute("role", "status");
    form.append(status);
    let timer, request, asked = "", chosen = -1;
    const close = () => {
      clearTimeout(timer);
      if (request) request.abort();
      asked = status.textContent = "";
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (at) => {
      const items = all("li", list);
      chosen = (at + items.length + 1) % (items.length + 1);
      items.forEach((item, n) => item.setAttribute("aria-selected", n === chosen));
      if (items[chosen]) input.setAttribute("aria-activedescendant", items[chosen].id);
      else input.removeAttribute("aria-activedescendant");
    };
    const show = (hits) => {
      chosen = -1;
      list.replaceChildren(...hits.slice(0, 8).map((hit, n) => {
        const item = make("li", { id: "saran-" + n });
        item.setAttribute("role", "option");
        const link = make("a", { href: hit.href, textContent: hit.text, tabIndex: -1 });
        if (hit.note) link.append(make("small", { textContent: hit.note }));
        item.append(link);
        return item;
      }));
      list.hidden = !hits.length;
      status.textContent = hits.length ? `${hits.length} saran. Pilih dengan panah bawah.` : "";
      input.setAttribute("aria-expanded", String(!list.hidden));
    };
    const ask = async () => {
      const text = input.value.trim();
      if (text === asked) return;
      if (text.length < 2) return close();
      if (request) request.abort();
      asked = text;
      request = new AbortController();
      try {
        const answer = await fetch(form.dataset.suggest + "?q=" + encodeURIComponent(text), { signal: request.signal, headers: { Accept: "application/json" } });
        if (answer.ok) show((await answer.json()).hits || []);
      } catch { /* Cancelled or offline: the form itself still searches. */ }
    };
    const frugal = navigator.connection && navigator.connection.saveData;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      if (!frugal) timer = setTimeout(ask, 150);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return close();
      if (list.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        const none = all("li", list).length;
        choose(event.key === "ArrowDown" ? (chosen < 0 ? 0 : chosen + 1) : (chosen < 0 ? none : chosen) - 1);
        if (chosen === none) chosen = -1;
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        all("a", list)[chosen].click();
      }
    });
    form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) close(); });
  };
  all("[data-suggest]").forEach((form) => suggest(form, form.querySelector("input[type=search]")));

  // A hit of the search leads to a section: the words that answered are marked there, once.
  const HITS = "sorot";
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a[data-mark]");
    try {
      if (link) sessionStorage.setItem(HITS, JSON.stringify([link.pathname + link.hash, link.dataset.mark]));
    } catch { /* Without a store the section is found all the same. */ }
  });
  const markHits = () => {
    const [place, words] = JSON.parse(sessionStorage.getItem(HITS) || "[]");
    const head = document.getElementById(location.hash.slice(1));
    if (place !== location.pathname + location.hash || !head) return;
    sessionStorage.removeItem(HITS);
    const isHead = (node) => /^H[1-6]$/.test(node.tagName);
    const inside = [head];
    let next = isHead(head) && head.nextElementSibling;
    for (; next && !(isHead(next) && next.tagName <= head.tagName); next = next.nextElementSibling) inside.push(next);
    const listed = words.split("|").map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("|");
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${listed})(?![\\p{L}\\p{N}])`, "giu");
    const texts = inside.flatMap((node) => {
      const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), found = [];
      while (walker.nextNode()) found.push(walker.currentNode);
      return found;
    });
    for (const text of texts) {
      for (const hit of [...text.data.matchAll(pattern)].reverse()) {
        const word = text.splitText(hit.index);
        word.splitText(hit[0].length);
        const mark = make("mark");
        word.replaceWith(mark);
        mark.append(word);
      }
    }
  };
  try { markHits(); } catch { /* An old browser shows the section without marks. */ }

  // Recording a pertemuan: knobs, hadir that follows sakit and alfa, langkah of the chosen sesi, one sentence.
  const MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(" ");
  const listed = (words) => (words.length > 2 ? words.slice(0, -1).join(", ") + ", dan " + words[words.length - 1] : words.join(" dan "));
  const record = (form) => {
    const field = (name) => form.elements[name];
    const count = (name) => Number(field(name).value) || 0;
    const members = () => count("members") || Number(form.dataset.members);
    const line = form.querySelector("[data-summary]");
    let byHand = count("present") !== members() - count("sick") - count("absent");
    const sentence = () => {
      const [year, month, day] = field("date").value.split("-").map(Number);
      const taught = all("[data-row]", form).flatMap((row) => {
        const option = row.querySelector("select").selectedOptions[0];
        const extent = row.querySelector("input[type=radio]:checked");
        return option && option.value ? [option.dataset.short + " " + (extent ? extent.value : "")] : [];
      });
      const parts = [form.dataset.kelompok, day ? `${day} ${MONTHS[month - 1]} ${year}` : "tanggal belum diisi", listed(taught) || "tanpa sesi", `${count("present")} dari ${members()} hadir`];
      if (count("sick")) parts.push(count("sick") + " sakit");
      if (count("absent")) parts.push(count("absent") + " alfa");
      line.textContent = parts.join(", ");
    };
    const follow = () => { if (!byHand) field("present").value = Math.max(0, members() - count("sick") - count("absent")); };
    form.addEventListener("click", (event) => {
      const knob = event.target.closest("[data-step]");
      if (knob) {
        const input = knob.parentElement.querySelector("input");
        input.value = Math.min(Number(input.max), Math.max(0, (Number(input.value) || 0) + Number(knob.dataset.step)));
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
      if (event.target.closest("[data-all]")) {
        byHand = false;
        field("sick").value = field("absent").value = "";
        all("[data-seats] input[value='']", form).forEach((seat) => { seat.checked = true; });
        follow();
        sentence();
      }
    });
    form.addEventListener("input", ({ target }) => {
      if (target.name === "present") byHand = true;
      // Tapped seats are counted, so that the steppers show what will be recorded.
      if (target.closest("[data-seats]")) {
        const tapped = (value) => all(`[data-seats] input[value=${value}]:checked`, form).length || "";
        field("sick").value = tapped("sakit");
        field("absent").value = tapped("alfa");
        follow();
      }
      if (/^(sick|absent|members)$/.test(target.name)) follow();
      const row = target.closest("[data-row]");
      const steps = row && row.querySelector("[data-steps]");
      if (steps && target.tagName === "SELECT" && target.name.endsWith(".id")) {
        // The names belong to the sesi that was shown first; for another one only the numbers hold.
        const number = Number(target.selectedOptions[0].dataset.langkah) || 0;
        const first = target.selectedOptions[0].defaultSelected;
        all("li", steps).forEach((item, n) => {
          item.hidden = n >= number;
          item.querySelector("input").checked = false;
          item.querySelector("[data-name]").hidden = !first;
        });
      }
      if (steps && target.value === "sebagian") steps.open = true;
      sentence();
    });
    sentence();
  };
  all("[data-record]").forEach(record);

  // A field below a choice belongs to it: whoever fills it in has chosen.
  document.addEventListener("input", ({ target }) => {
    const choice = target.value && document.getElementById(target.dataset.chooses);
    if (choice) choice.checked = true;
  });

  // The foot of a printed page names what was printed.
  const foot = document.querySelector("[data-foot]");
  if (foot) root.style.setProperty("--foot", JSON.stringify(foot.dataset.foot));

  // What was done is said once, and not again when the page is loaded anew or passed on.
  const here = new URL(location.href);
  if (here.searchParams.has("selesai")) {
    here.searchParams.delete("selesai");
    history.replaceState(history.state, "", here);
  }

  // Counters of texts with a limit.
  all("textarea[maxlength], input[data-count]").forEach((area) => {
    const counter = make("span", { className: "counter" });
    const tell = () => { counter.textContent = `${area.value.length.toLocaleString("id")} dari ${area.maxLength.toLocaleString("id")} huruf`; };
    area.after(counter);
    area.addEventListener("input", tell);
    tell();
  });

  // Copying, also where the page has no right to the clipboard.
  const copy = async (text, from) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = from.select ? from : document.body.appendChild(make("textarea", { value: text }));
      area.select();
      document.execCommand("copy");
      if (area !== from) area.remove();
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) {
      const from = document.getElementById(button.dataset.copy);
      await copy(from.value || from.textContent, from);
      const word = button.querySelector("[data-word]") || button;
      const before = word.textContent;
      word.textContent = "Tersalin";
      setTimeout(() => { word.textContent = before; }, 2000);
    }
    const share = event.target.closest("[data-share]");
    if (share && navigator.share) {
      event.preventDefault();
      navigator.share({ title: share.dataset.title, url: new URL(share.dataset.url, location.href).href }).catch(() => {});
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  // The editor keeps the draft by itself, 1.5 s after the last key, and shows its preview and problems anew.
  all("form[data-autosave]").forEach((form) => {
    const area = form.querySelector("textarea");
    const state = form.querySelector("[data-state]");
    let timer, clean = true, busy = false;
    const save = async () => {
      if (busy) { timer = setTimeout(save, 500); return; }
      busy = clean = true;
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
        const got = await answer.json().catch(() => ({}));
        if (!answer.ok) {
          clean = false;
          busy = false;
          state.textContent = "Belum tersimpan. " + (got.detail || "Server sedang tidak dapat menyimpan. Naskah Anda masih ada di halaman ini.");
          return;
        }
        state.textContent = got.text;
        all("[data-next]", form).forEach((next) => { next.hidden = false; });
        if (got.version !== undefined) form.elements.version.value = got.version;
        for (const [id, html] of [["pratinjau", got.preview], ["masalah", got.problems]]) {
          const box = document.getElementById(id);
          if (box && html !== undefined) box.innerHTML = html;
        }
      } catch {
        clean = false;
        state.textContent = "Belum tersimpan. Sambungan terputus; naskah Anda masih ada di halaman ini.";
      }
      busy = false;
    };
    area.addEventListener("input", () => { clean = false; clearTimeout(timer); timer = setTimeout(save, 1500); });
    form.addEventListener("submit", () => { clean = true; clearTimeout(timer); });
    window.addEventListener("beforeunload", (event) => { if (!clean) event.preventDefault(); });
  });

  // The choices before printing: what they cost and how the first page looks follow what is chosen.
  const print = document.querySelector("form[data-preview]");
  if (print) {
    let request;
    const ready = (box) => {
      if (matchMedia("(min-width: 960px)").matches) box.querySelectorAll(".lihat").forEach((one) => { one.open = true; });
      // A file can be handed on where the browser says so: on a phone, and behind TLS.
      const probe = navigator.canShare && navigator.canShare({ files: [new File([""], "a.pdf", { type: "application/pdf" })] });
      if (probe) all("[data-share-file]", box).forEach((one) => { one.hidden = false; });
    };
    print.addEventListener("change", async () => {
      if (request) request.abort();
      request = new AbortController();
      const box = document.getElementById("hasil");
      box.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(print.getAttribute("action") + "?" + new URLSearchParams(new FormData(print)), { signal: request.signal });
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("hasil");
        if (!fresh) throw new Error("no answer");
        all("details[open]", box).forEach((one) => { fresh.querySelectorAll("details." + one.className).forEach((same) => { same.open = true; }); });
        ready(fresh);
        box.replaceChildren(...fresh.childNodes);
        box.removeAttribute("aria-busy");
      } catch (error) {
        // Offline, or a later choice took over: the buttons still send what is chosen.
        if (error.name !== "AbortError") box.removeAttribute("aria-busy");
      }
    });
    document.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-share-file]");
      if (!button) return;
      const { shareFile, name, title } = button.dataset;
      try {
        const blob = await (await fetch(shareFile)).blob();
        await navigator.share({ title, files: [new File([blob], name, { type: "application/pdf" })] });
      } catch { /* Given up, or the browser asks for another press; saving still works. */ }
    });
    ready(document.getElementById("hasil"));
  }

  // A problem leads to its line.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    const area = document.querySelector(".editor textarea");
    if (!link || !area) return;
    event.preventDefault();
    const lines = area.value.split("\n");
    const start = lines.slice(0, link.dataset.line - 1).join("\n").length + (link.dataset.line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[link.dataset.line - 1] || "").length);
    area.scrollTop = (area.scrollHeight / lines.length) * (link.dataset.line - 4);
  });

  // What a link of this page leads to is not left folded.
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a[href^='#']");
    const to = link && document.getElementById(link.getAttribute("href").slice(1));
    for (let up = to && to.parentElement; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    if (to && /^(INPUT|TEXTAREA|SELECT)$/.test(to.tagName)) setTimeout(() => to.focus());
  });

  // A menu that lies over the page closes beside itself and by Esc.
  const menu = document.querySelector(".rest details");
  if (menu) {
    document.addEventListener("click", ({ target }) => { if (!menu.contains(target)) menu.open = false; });
    menu.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }

  // Half a date, or a word in place of a number, would be sent as nothing at all.
  document.addEventListener("submit", (event) => {
    all(".unread").forEach((one) => one.remove());
    const half = all("input", event.target).filter((input) => input.validity.badInput);
    const words = { number: "Tulis dengan angka saja.", time: "Lengkapi jamnya: jam dan menit." };
    half.forEach((input) => {
      const error = make("span", { className: "error unread", textContent: words[input.type] || "Lengkapi tanggalnya: tanggal, bulan, dan tahun." });
      error.setAttribute("role", "alert");
      input.before(error);
    });
    if (!half.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    half[0].focus();
  });

  // A form is sent once, however often the button is pressed; the fields of the summary get the focus.
  document.addEventListener("submit", ({ target }) => {
    if (target.method !== "post" || target.dataset.sent) return;
    target.dataset.sent = "1";
    setTimeout(() => all("button", target).forEach((button) => { button.disabled = true; }));
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) all("form[data-sent]").forEach((form) => { delete form.dataset.sent; all("button", form).forEach((button) => { button.disabled = false; }); });
  });
  const wrong = document.getElementById("kesalahan");
  if (wrong) wrong.focus();

  // The outline stands open beside the text at the desk.
  if (matchMedia("(min-width: 960px)").matches) all("details.outline").forEach((one) => { one.open = true; });
})();
