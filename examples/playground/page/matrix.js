// The table of origins and requests. Each cell is a button. Tab reaches one of them, and arrow keys reach the others.

const WORDS = {
  running: ["icon-wait", "waiting"],
  read: ["icon-yes", "read"],
  // The page reads the response, but not the header that it wants.
  hidden: ["icon-hidden", "hidden"],
  blocked: ["icon-no", "blocked"],
  unreachable: ["icon-none", "unknown"],
  allowed: ["icon-yes", "allowed"],
  denied: ["icon-no", "denied"],
  rejected: ["icon-rejected", "rejected"],
  // The request is allowed, but the header is not exposed.
  unexposed: ["icon-hidden", "not exposed"],
};

// What the browser has to do to agree with `explain`.
const EXPECTED = { allowed: "read", unexposed: "hidden", denied: "blocked", rejected: "blocked" };

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

// An icon and a word, so that color is not the only sign.
export function verdict(what) {
  const [name, word] = WORDS[what];
  const made = element("span", { className: "verdict" }, icon(name), element("span", {}, word));
  made.dataset.verdict = what;
  return made;
}

export class Matrix {
  #table;
  #cells;

  // `onOpen` is called when a cell is chosen. `onMove` is called when a key has moved the focus to a cell.
  constructor(table, callers, requests, explanations, onOpen, onMove) {
    this.onMove = onMove;
    this.#table = table;
    this.callers = callers;
    this.requests = requests;
    table.append(this.#head());
    // Whether a request needs a preflight does not depend on the policy.
    const needsPreflight = requests.map((_, row) => explanations[0][row].needs_preflight);
    const rows = requests.map((request, row) => this.#row(request, row, onOpen));
    for (const [first, title] of [
      [false, "Sent without a preflight"],
      [true, "Sent after a preflight"],
    ]) {
      const header = element("th", { scope: "rowgroup", colSpan: callers.length + 1 }, title);
      const group = element("tbody", {}, element("tr", { className: "group" }, header));
      group.append(...rows.filter((_, row) => needsPreflight[row] === first));
      table.append(group);
    }
    this.#cells = [...table.querySelectorAll("tbody tr:not(.group)")].map((row) => [
      ...row.querySelectorAll("button"),
    ]);
    this.#cells[0][0].tabIndex = 0;
    table.addEventListener("keydown", (event) => this.#move(event));
    table.addEventListener("focusin", (event) => this.#updateTabStop(event.target));
  }

  // Updates a cell. If `isTemporary` is set, another update follows soon, and the cell keeps its look until then.
  set(column, row, browser, explain, isTemporary = false) {
    const button = this.cell(column, row);
    const known = Object.values(EXPECTED).includes(browser);
    const agrees = known ? browser === EXPECTED[explain] : undefined;
    Object.assign(button.dataset, { browser, explain });
    button.dataset.agrees = agrees === undefined ? "unknown" : agrees ? "yes" : "no";
    const [caller, request] = [this.callers[column], this.requests[row]];
    button.ariaLabel =
      `${request.name}, from ${caller.origin}: browser ${WORDS[browser][1]}, explain ${WORDS[explain][1]}` +
      (agrees === false ? ", they disagree" : "");
    if (isTemporary && button.firstChild) {
      return;
    }
    button.dataset.look = agrees === false ? "clash" : browser;
    if (agrees === false) {
      button.replaceChildren(verdict(browser), verdict(explain));
    } else {
      // A rejected request is blocked too, but its handler was not called.
      button.replaceChildren(verdict(agrees && explain === "rejected" ? "rejected" : browser));
    }
  }

  cell(column, row) {
    return this.#table.querySelector(`button[data-column="${column}"][data-row="${row}"]`);
  }

  #head() {
    const heads = this.callers.map((caller) => {
      const [, host, port] = /^(?:http:\/\/)?(.*?)(:\d+)?$/.exec(caller.origin);
      const origin = element("span", { className: "origin" });
      // A host name may wrap after its dots.
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
    // Names of headers do not wrap at their hyphens.
    const words = request.name.split(" ").map((word) => element("span", { className: "word" }, word));
    const name = words.flatMap((word) => [word, " "]).slice(0, -1);
    return element("tr", {}, element("th", { scope: "row" }, ...name), ...cells);
  }

  #updateTabStop(target) {
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
    const toEnd = event.ctrlKey;
    const to = {
      ArrowLeft: [row, toEnd ? 0 : column - 1],
      ArrowRight: [row, toEnd ? lastColumn : column + 1],
      ArrowUp: [toEnd ? 0 : row - 1, column],
      ArrowDown: [toEnd ? lastRow : row + 1, column],
      Home: [toEnd ? 0 : row, 0],
      End: [toEnd ? lastRow : row, lastColumn],
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
