// The table of origins and requests. Each cell is a button; one of them can be reached by Tab, the others by arrow keys.

const WORDS = {
  running: ["icon-wait", "asking"],
  read: ["icon-yes", "read"],
  // The answer is read, but not the header that the page wants.
  hidden: ["icon-hidden", "header hidden"],
  blocked: ["icon-no", "blocked"],
  unreached: ["icon-none", "unreached"],
  allowed: ["icon-yes", "allowed"],
  denied: ["icon-no", "denied"],
  rejected: ["icon-no", "rejected"],
  // Allowed, but for that header.
  unexposed: ["icon-hidden", "not exposed"],
};

// What the browser does if it agrees.
const AGREED = { allowed: "read", unexposed: "hidden", denied: "blocked", rejected: "blocked" };

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// An icon and a word, so that nothing is recognized by color alone.
export function verdict(what) {
  const [name, word] = WORDS[what];
  const made = element("span", { className: "verdict" }, icon(name), element("span", {}, word));
  made.dataset.verdict = what;
  return made;
}

export class Matrix {
  #table;
  #cells;

  // `onOpen` is called when a cell is chosen, `onMove` when a key has moved the focus to one.
  constructor(table, callers, requests, verdicts, onOpen, onMove) {
    this.onMove = onMove;
    this.#table = table;
    this.callers = callers;
    this.requests = requests;
    table.append(this.#head());
    // Whether a browser asks before it sends is a matter of the request, not of the policy.
    const asksFirst = requests.map((_, row) => verdicts[0][row].needs_preflight);
    const rows = requests.map((request, row) => this.#row(request, row, onOpen));
    for (const [first, title] of [
      [false, "Sent at once"],
      [true, "Sent after a preflight"],
    ]) {
      const header = element("th", { scope: "rowgroup", colSpan: callers.length + 1 }, title);
      const group = element("tbody", {}, element("tr", { className: "group" }, header));
      group.append(...rows.filter((_, row) => asksFirst[row] === first));
      table.append(group);
    }
    this.#cells = [...table.querySelectorAll("tbody tr:not(.group)")].map((row) => [
      ...row.querySelectorAll("button"),
    ]);
    this.#cells[0][0].tabIndex = 0;
    table.addEventListener("keydown", (event) => this.#move(event));
    table.addEventListener("focusin", (event) => this.#rove(event.target));
  }

  // Shows a cell. `isSoon` is said of one that will be set again in a moment: until then it looks as it did.
  set(column, row, browser, explain, isSoon = false) {
    const button = this.cell(column, row);
    const known = Object.values(AGREED).includes(browser);
    const agrees = known ? browser === AGREED[explain] : undefined;
    Object.assign(button.dataset, { browser, explain });
    button.dataset.agrees = agrees === undefined ? "unknown" : agrees ? "yes" : "no";
    const [caller, request] = [this.callers[column], this.requests[row]];
    button.ariaLabel =
      `${request.name}, from ${caller.origin}: browser ${WORDS[browser][1]}, explain ${WORDS[explain][1]}` +
      (agrees === false ? ", they disagree" : "");
    if (isSoon && button.firstChild) {
      return;
    }
    button.dataset.look = agrees === false ? "clash" : browser;
    button.replaceChildren(verdict(browser), verdict(explain));
    if (agrees === false) {
      button.append(element("span", { className: "clash" }, icon("icon-unequal"), element("span", {}, "disagree")));
    }
  }

  cell(column, row) {
    return this.#table.querySelector(`button[data-column="${column}"][data-row="${row}"]`);
  }

  #head() {
    const heads = this.callers.map((caller) => {
      const [, host, port] = /^(?:http:\/\/)?(.*?)(:\d+)?$/.exec(caller.origin);
      const origin = element("span", { className: "origin" });
      // A host may break at its dots.
      for (const part of host.split(/(?<=\.)/)) {
        origin.append(part, element("wbr"));
      }
      origin.append(element("span", { className: "port" }, port ?? ""));
      const name = element("span", { className: "name" }, caller.name);
      return element("th", { scope: "col", title: caller.origin }, name, origin);
    });
    const corner = element("td", { className: "corner" });
    return element("thead", {}, element("tr", {}, corner, ...heads));
  }

  #row(request, row, onOpen) {
    const cells = this.callers.map((caller, column) => {
      const button = element("button", { type: "button", tabIndex: -1, ariaExpanded: "false" });
      button.setAttribute("aria-controls", "details");
      Object.assign(button.dataset, { column, row, origin: caller.origin, request: request.id });
      button.addEventListener("click", () => onOpen(column, row));
      return element("td", {}, button);
    });
    // Names of headers do not break at their hyphens.
    const words = request.name.split(" ").map((word) => element("span", { className: "word" }, word));
    const name = words.flatMap((word) => [word, " "]).slice(0, -1);
    return element("tr", {}, element("th", { scope: "row" }, ...name), ...cells);
  }

  #rove(target) {
    if (!target.matches?.("button[data-row]")) {
      return;
    }
    for (const button of this.#cells.flat()) {
      button.tabIndex = button === target ? 0 : -1;
    }
  }

  #move(event) {
    const row = this.#cells.findIndex((cells) => cells.includes(event.target));
    if (row < 0 || event.altKey || event.metaKey || event.shiftKey) {
      return;
    }
    const column = this.#cells[row].indexOf(event.target);
    const [lastRow, lastColumn] = [this.#cells.length - 1, this.#cells[0].length - 1];
    const far = event.ctrlKey;
    const to = {
      ArrowLeft: [row, far ? 0 : column - 1],
      ArrowRight: [row, far ? lastColumn : column + 1],
      ArrowUp: [far ? 0 : row - 1, column],
      ArrowDown: [far ? lastRow : row + 1, column],
      Home: [far ? 0 : row, 0],
      End: [far ? lastRow : row, lastColumn],
    }[event.key];
    if (to) {
      event.preventDefault();
      const cell = this.#cells[to[0]]?.[to[1]];
      if (cell) {
        cell.focus();
        this.onMove(Number(cell.dataset.column), Number(cell.dataset.row));
      }
    }
  }
}
