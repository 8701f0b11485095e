// The editor of the policy. It sends the text to the server, which applies it.

import { element } from "./matrix.js";
import { Copies, linkedText, removeLink, storedText, storeText } from "./share.js";

// How long to wait after the last key.
const TYPING_DELAY = 400;

const byId = (id) => document.getElementById(id);

export class Editor {
  #area = byId("policy");
  #presets;
  #ownText = null;
  #timer;
  #isSending = false;
  #next = null;
  #current;
  #errors = [];
  // The text that has these errors.
  #refused = "";
  #copies;

  // `onApplied` is called after each attempt, with the current policy, the number of errors in the text, and whether to send
  // all requests again even if the policy is the same. `onServerDown` is called if the server does not respond.
  constructor(presets, current, onApplied, onServerDown) {
    this.onApplied = onApplied;
    this.onServerDown = onServerDown;
    this.#presets = [...presets, { name: "Your text", text: null }].map((preset) => {
      const button = element("button", { type: "button" }, preset.name);
      button.hidden = preset.text === null;
      button.addEventListener("click", () => this.#replaceText(preset.text ?? this.#ownText));
      byId("presets").append(button);
      return { button, text: preset.text };
    });
    this.#copies = new Copies(current.copies.map(({ name }) => name), () => this.#area.value);
    this.#area.addEventListener("input", () => {
      this.#ownText = this.#area.value;
      this.#changed();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#apply(false), TYPING_DELAY);
    });
    this.#area.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#apply(true);
      }
    });
    byId("restore").addEventListener("click", () => {
      this.#replaceText(this.#current.text);
      this.#area.focus();
    });
    const stored = storedText();
    this.#ownText = presets.some(({ text }) => text === stored) ? null : stored;
    this.#area.value = linkedText() ?? stored ?? current.text;
    addEventListener("hashchange", () => {
      const text = linkedText();
      if (text !== null) {
        this.#area.value = text;
        this.#apply(true);
      }
    });
    this.show(current, []);
    if (this.#area.value !== current.text) {
      this.#apply(false);
    }
  }

  // Another page of the playground has changed the policy. A text that is being edited here stays as it is.
  adopt(current) {
    if (this.#area.value === this.#current.text) {
      this.#area.value = current.text;
      this.#changed();
    }
    this.show(current, this.#errors);
  }

  show(current, errors) {
    this.#current = current;
    this.#errors = errors;
    this.#markPreset();
    const count = errors.length;
    const isGood = count === 0;
    const applied = byId("applied");
    applied.dataset.good = isGood;
    applied.textContent = isGood ? "Applied." : `Not applied: ${count === 1 ? "1 error" : `${count} errors`}.`;
    this.#area.ariaInvalid = isGood ? "false" : "true";
    byId("restore").hidden = isGood;
    list(byId("errors"), errors.map((error) => this.#error(error)));
    // Warnings belong to the current policy. If the text has errors, that is another policy.
    list(byId("warnings"), isGood ? current.warnings.map((text) => element("li", {}, text)) : []);
    byId("understood").textContent = current.policy;
    byId("understanding").hidden = !isGood;
    this.#copies.show(current.copies, isGood);
  }

  #error({ message, fix, line, part, fixed_line: fixedLine }) {
    const refused = this.#refused;
    let rule = element("span", { className: "message" }, message);
    if (line !== null) {
      rule = element("button", { type: "button", className: "message", title: `Select it in line ${line}` }, message);
      rule.addEventListener("click", () => this.#select(line, part));
    }
    const row = element("p", { className: "fix" }, element("b", {}, "fix:"), " ", element("span", {}, fix));
    if (fixedLine !== null) {
      const button = element("button", { type: "button", className: "plain" }, "Apply this fix");
      button.addEventListener("click", () => {
        // The other fixes are for the same text, so they have to wait for the next answer.
        if (this.#area.value === refused) {
          this.#replaceText(refused.split("\n").with(line - 1, fixedLine).join("\n"));
          this.#area.focus();
        }
      });
      row.append(" ", button);
    }
    return element("li", {}, rule, row);
  }

  // `part` counts from the beginning of the line.
  #select(line, part) {
    const lines = this.#area.value.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
    const { start, end } = part ?? { start: 0, end: lines[line - 1]?.length ?? 0 };
    this.#area.focus();
    this.#area.setSelectionRange(before + start, before + end);
  }

  // The text in the editor is kept for the next visit.
  #changed() {
    storeText(this.#area.value);
    removeLink();
    this.#markPreset();
  }

  #replaceText(text) {
    this.#area.value = text;
    this.#changed();
    this.#apply(true);
  }

  // Marks the button of the text that is in the editor.
  #markPreset() {
    const known = this.#presets.some(({ text }) => text === this.#area.value);
    for (const { button, text } of this.#presets) {
      const isOwn = text === null;
      button.hidden = isOwn && this.#ownText === null;
      button.ariaPressed = String(isOwn ? !known && this.#ownText === this.#area.value : text === this.#area.value);
    }
  }

  async #apply(isForced) {
    clearTimeout(this.#timer);
    // One request at a time, so that the last text is applied last.
    this.#next = { text: this.#area.value, isForced: isForced || this.#next?.isForced };
    if (this.#isSending) {
      return;
    }
    this.#isSending = true;
    // The server may need a while to check a regex.
    const progress = setTimeout(() => (byId("applied").textContent = "Applying …"), TYPING_DELAY);
    try {
      while (this.#next) {
        const { text, isForced } = this.#next;
        this.#next = null;
        const sent = fetch("control/policy", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ text }),
        });
        const response = await sent.catch(() => undefined);
        if (!response) {
          this.#next = null;
          const command = element("code", {}, "cargo run --example playground");
          this.#fail("the server does not respond. Is ", command, " still running?");
          this.onServerDown();
          return;
        }
        if (!response.ok) {
          throw new Error(`the server responds ${response.status}: ${await response.text()}`);
        }
        const { current, errors } = await response.json();
        if (!this.#next) {
          this.#refused = text;
          this.show(current, errors);
        }
        this.onApplied(current, errors.length, isForced && errors.length === 0);
      }
    } catch (error) {
      this.#fail(error.message);
    } finally {
      clearTimeout(progress);
      this.#isSending = false;
    }
  }

  #fail(...why) {
    const applied = byId("applied");
    applied.dataset.good = false;
    applied.replaceChildren("Not applied: ", ...why);
  }
}

function list(target, items) {
  target.hidden = items.length === 0;
  target.replaceChildren(...items);
}
