// The text outside of this page: stored in the browser, in a link, and copied in other notations.

import { element } from "./matrix.js";

const STORED = "cors-policy";
const LINKED = "#policy=";

// The server refuses long texts too.
const MAX_LENGTH = 6_000;

const byId = (id) => document.getElementById(id);

// The text of the last visit; null if there is none, or if the browser does not permit storage.
export function storedText() {
  try {
    return bounded(localStorage.getItem(STORED));
  } catch {
    return null;
  }
}

export function storeText(text) {
  try {
    localStorage.setItem(STORED, text);
  } catch {
    // The text does not survive a reload, and everything else works.
  }
}

// The text in the address of the page; null if there is none, or if it is damaged or too long. Any page can open such a link,
// and its policy is applied. That is harmless: the API has nothing to protect, and the stored text stays as it is.
export function linkedText() {
  if (!location.hash.startsWith(LINKED)) {
    return null;
  }
  try {
    return bounded(decodeURIComponent(location.hash.slice(LINKED.length)));
  } catch {
    return null;
  }
}

// After a change, the address would have another text than the editor.
export function removeLink() {
  if (location.hash.startsWith(LINKED)) {
    history.replaceState(null, "", location.pathname);
  }
}

function bounded(text) {
  return text !== null && text.length <= MAX_LENGTH ? text.replaceAll("\r\n", "\n") : null;
}

// The buttons that copy the policy.
export class Copies {
  #buttons = new Map();
  #text = byId("copied");
  #note = byId("copied-note");

  // `getText` returns the text in the editor.
  constructor(names, getText) {
    for (const name of [...names, "Link"]) {
      const button = element("button", { type: "button", className: "plain" }, name);
      button.addEventListener("click", () => {
        const link = () => location.origin + location.pathname + LINKED + encodeURIComponent(getText());
        this.#copy(name, name === "Link" ? link() : button.dataset.text);
      });
      this.#buttons.set(name, button);
      byId("copies").append(button);
    }
  }

  // The notations show a policy, so they need a text without errors. A link can hold any text.
  show(copies, isGood) {
    this.#text.hidden = true;
    this.#note.textContent = "";
    for (const { name, text } of copies) {
      const button = this.#buttons.get(name);
      button.dataset.text = text;
      button.disabled = !isGood;
    }
  }

  async #copy(name, text) {
    this.#text.textContent = text;
    this.#text.hidden = false;
    try {
      await navigator.clipboard.writeText(text);
      this.#note.textContent = `${name}: copied.`;
    } catch {
      getSelection().selectAllChildren(this.#text);
      this.#note.textContent = `${name}: selected. Copy it by keyboard or menu.`;
    }
  }
}
