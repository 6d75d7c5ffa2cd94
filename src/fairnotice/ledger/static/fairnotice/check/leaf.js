// The entry of the log, version 2, and the openings that show what stands in it (docs/verify.md, "The file, exactly",
// steps 7 to 9).

import { equal, frame, fromBase64, fromUtf8, hmac, Refused, toBase64, utf8 } from "./bytes.js";
import { canonicalJson, parseJson } from "./json.js";

const MAX_ENTRY_BYTES = 65_535;
const ELEMENTS = 64;
const TAG = 16;
const COMMITMENT_DOMAIN = "fair-notice/commitment/v1";
const PATH_DOMAIN = "fair-notice/path/v2";
const RECORD_DOMAIN = "fair-notice/record/v2";
const CLEAR_TYPE = /^[a-z][a-z0-9_.-]{0,63}$/;
const PATH = /^[a-z][a-z0-9_]{0,63}$/;

/** Read an entry in its one form: {elements: Map of tag in base64 -> commitment, binding, clearType}. */
export function parseLeaf(leaf) {
  if (leaf.length > MAX_ENTRY_BYTES) throw new Refused("too-long", { what: "entry" });
  const text = fromUtf8(leaf, "entry");
  let body;
  try {
    body = parseJson(text);
  } catch {
    throw new Refused("leaf-form");
  }
  if (!(body instanceof Map) || body.get("v") !== 2 || !Array.isArray(body.get("c"))) throw new Refused("leaf-form");
  const list = body.get("c");
  const binding = fromBase64(body.get("r"), "entry", { length: 32 });
  const clearType = body.has("t") ? body.get("t") : null;
  if (body.has("t") && (typeof clearType !== "string" || !CLEAR_TYPE.test(clearType))) throw new Refused("leaf-form");
  const elements = new Map();
  for (const item of list) {
    const bytes = fromBase64(item, "entry", { length: TAG + 32 });
    elements.set(toBase64(bytes.subarray(0, TAG)), bytes.subarray(TAG));
  }
  const sorted = list.every((item, index) => index === 0 || list[index - 1] < item);
  if (list.length !== ELEMENTS || elements.size !== ELEMENTS || !sorted) throw new Refused("leaf-form");
  // Writing it again catches unknown names, doubled ones and any other spelling at once.
  const again = new Map([["c", list], ["r", body.get("r")], ["v", 2]]);
  if (clearType !== null) again.set("t", clearType);
  if (canonicalJson(again) !== text) throw new Refused("leaf-form");
  return { elements, binding, clearType };
}

/** Refuse unless the entry is that of this record and every opening belongs to it. */
export async function checkOpenings(parsed, record, salt, openings) {
  const binding = await hmac(salt, frame(utf8(RECORD_DOMAIN), utf8(record, "record")));
  if (!equal(binding, parsed.binding)) throw new Refused("leaf-record");
  const seen = new Set();
  for (const { path, r, text } of openings) {
    if (seen.has(path)) throw new Refused("path-twice", { path });
    seen.add(path);
    const tag = (await hmac(salt, frame(utf8(PATH_DOMAIN), utf8(path, "path")))).subarray(0, TAG);
    const held = parsed.elements.get(toBase64(tag));
    if (!held) throw new Refused("path-unknown", { path });
    const parts = [COMMITMENT_DOMAIN, record, path, text].map((part) => utf8(part, "value"));
    if (!equal(await hmac(r, frame(...parts)), held)) throw new Refused("path-value", { path });
  }
}

/** Read one opening: {path, value, r, text}; `text` is the value as RFC 8785 writes it. */
export function readOpening(data) {
  if (!(data instanceof Map) || [...data.keys()].sort().join() !== "path,r,value") throw new Refused("opening-form");
  const path = data.get("path");
  if (typeof path !== "string" || !PATH.test(path)) throw new Refused("opening-form");
  const value = data.get("value");
  return { path, value, text: canonicalJson(value), r: fromBase64(data.get("r"), "opening", { length: 32 }) };
}
