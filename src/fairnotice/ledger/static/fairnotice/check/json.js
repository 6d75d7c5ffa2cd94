// JSON read strictly (RFC 8259; a name given twice in one object is refused) and written in its one form (RFC 8785).
// JSON.parse lets the last of two equal names win: two readers could then see two files in one.

import { characters, Refused } from "./bytes.js";

const DEEPEST = 100; // no part of a sound file is nested as deep
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const WORDS = { true: true, false: false, null: null };

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail() {
    const before = this.text.slice(0, this.at).split("\n");
    throw new Refused("not-json", { line: before.length, column: characters(before[before.length - 1]) + 1 });
  }

  space() {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at += 1;
  }

  /** Take one character that must, or may, come next. */
  take(char, must = true) {
    const found = this.text[this.at] === char;
    if (found) this.at += 1;
    else if (must) this.fail();
    return found;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) this.fail();
    this.at = pattern.lastIndex;
    return found[0];
  }

  value(depth) {
    if (depth > DEEPEST) throw new Refused("json-deep");
    this.space();
    const char = this.text[this.at];
    if (char === "{") return this.object(depth);
    if (char === "[") return this.array(depth);
    if (char === '"') return this.string();
    for (const [word, value] of Object.entries(WORDS)) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    const number = Number(this.match(NUMBER));
    if (!Number.isFinite(number)) throw new Refused("json-number");
    return number;
  }

  object(depth) {
    const found = new Map();
    this.take("{");
    this.space();
    if (this.take("}", false)) return found;
    do {
      this.space();
      const name = this.string();
      if (found.has(name)) throw new Refused("json-twice", { name });
      this.space();
      this.take(":");
      found.set(name, this.value(depth + 1));
      this.space();
    } while (this.take(",", false));
    this.take("}");
    return found;
  }

  array(depth) {
    const found = [];
    this.take("[");
    this.space();
    if (this.take("]", false)) return found;
    do {
      found.push(this.value(depth + 1));
      this.space();
    } while (this.take(",", false));
    this.take("]");
    return found;
  }

  string() {
    let found = "";
    this.take('"');
    for (;;) {
      found += this.match(PLAIN);
      if (this.take('"', false)) return found;
      this.take("\\");
      const char = this.text[this.at];
      if (char === "u") {
        this.at += 1;
        found += String.fromCharCode(parseInt(this.match(/[0-9a-fA-F]{4}/y), 16));
      } else if (Object.hasOwn(ESCAPES, char ?? "")) {
        this.at += 1;
        found += ESCAPES[char];
      } else this.fail();
    }
  }
}

/** One JSON value: Map, Array, string, finite number, boolean or null. */
export function parseJson(text) {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.space();
  if (reader.at !== text.length) reader.fail();
  return value;
}

const LARGEST = 2 ** 53 - 1; // beyond it two readers may see two numbers
const DEEPEST_VALUE = 32;

function text(value) {
  if (/\p{Surrogate}/u.test(value)) throw new Refused("half-character", { what: "value" });
  return JSON.stringify(value); // for well-formed text this is RFC 8785 section 3.2.2.2
}

/** The one RFC 8785 spelling of a value, as text; refuses what it cannot carry exactly. */
export function canonicalJson(value, depth = 0) {
  if (depth > DEEPEST_VALUE) throw new Refused("value-deep");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return text(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value) || Math.abs(value) > LARGEST) throw new Refused("value-number");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(",")}]`;
  const names = [...value.keys()].sort(); // by UTF-16 code units, as section 3.2.3 asks
  return `{${names.map((name) => `${text(name)}:${canonicalJson(value.get(name), depth + 1)}`).join(",")}}`;
}
