// Keys and drafts. Every page works without this file.
(function () {
  "use strict";
  var body = document.body;

  // Drafts: what is typed stays in this browser until it was saved.
  function key(form) { return "draft:" + form.dataset.draft; }
  function gather(form) {
    var kept = {};
    form.querySelectorAll("input:not([type=hidden]), textarea, select").forEach(function (field) {
      if (field.name && field.type !== "checkbox") { kept[field.name] = field.value; }
    });
    return kept;
  }
  try {
    if (body.dataset.saved) {
      var sent = sessionStorage.getItem("sent");
      if (sent) { localStorage.removeItem(sent); }
    }
    if (body.dataset.page !== "error") { sessionStorage.removeItem("sent"); }
    document.querySelectorAll("form[data-draft]").forEach(function (form) {
      var kept = localStorage.getItem(key(form));
      if (kept) {
        kept = JSON.parse(kept);
        Object.keys(kept).forEach(function (name) {
          var field = form.elements.namedItem(name);
          if (field && "value" in field && field.type !== "hidden" && field.tagName) { field.value = kept[name]; }
        });
        var around = form.closest("details");
        if (around) { around.open = true; }
      }
      form.addEventListener("input", function () { localStorage.setItem(key(form), JSON.stringify(gather(form))); });
      form.addEventListener("submit", function () { sessionStorage.setItem("sent", key(form)); });
    });
  } catch (error) { /* a browser that keeps nothing works all the same */ }

  // Keys: letters press the button or follow the link that carries them; j and k move along lists.
  function move(step) {
    var rows = Array.prototype.slice.call(document.querySelectorAll("[data-row], .rows tbody a, .plain > li > a"));
    if (!rows.length) { return; }
    var at = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, at + step))].focus();
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    var tag = event.target.tagName;
    if (tag === "INPUT" || tag === "TEXTAREA" || tag === "SELECT") {
      if (event.key === "Escape") { event.target.blur(); }
      return;
    }
    // by the place of the key, so that an Arabic keyboard works as it is
    var letter = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key;
    if (letter === "/" || event.code === "Slash") {
      var field = document.querySelector("[data-focus]");
      if (field) { event.preventDefault(); field.focus(); }
    } else if (letter === "j" || letter === "k") {
      event.preventDefault();
      move(letter === "j" ? 1 : -1);
    } else {
      var wanted = document.querySelector('[data-key="' + (/^[a-z]$/.test(letter) ? letter : "-") + '"]');
      if (wanted && !event.repeat) { event.preventDefault(); wanted.click(); }
    }
  });
})();
