// What a page may gain from script; every action works without it.
// No text is ever turned into markup here: the page policy (Trusted Types) would refuse it anyway.
"use strict";

// A form is sent once: a second click on a slow line must not approve or withdraw twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});

// Coming back with the browser's button shows the page as it was left: let its forms be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) delete form.dataset.sent;
});

// Filters marked so apply when changed; without script their button does it.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && form.dataset.applies === "at-once") form.requestSubmit();
});

// An open menu closes with Escape, which gives the focus back, and with a click elsewhere.
const openMenus = () => document.querySelectorAll(".menu details[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

// What scrolls sideways can be reached and scrolled with the keyboard; what does not is no stop on the way.
const markScrollers = () => {
  for (const box of document.querySelectorAll(".scroll, .drawing .canvas")) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
    else if (box.getAttribute("role") !== "region") box.removeAttribute("tabindex");
  }
};
markScrollers();
window.addEventListener("resize", markScrollers);
