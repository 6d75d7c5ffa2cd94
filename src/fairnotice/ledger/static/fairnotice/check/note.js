// Signed notes and their keys (C2SP signed-note v1.0.0), Ed25519 signatures (type 0x01).

import { concat, equal, fromBase64, fromUtf8, hex, Refused, sha256, utf8 } from "./bytes.js";
import { isSound, verifies } from "./ed25519.js";

export const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;
const MAX_KEY_CHARACTERS = 1_000;
const ED25519 = 1;
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
// Unicode's spaces and separators, spelt out: /\s/ has one too many and lacks some.
const SPACE = /[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

function checkName(name) {
  if (!name || name.includes("+") || SPACE.test(name) || CONTROL.test(name)) throw new Refused("key-name");
  utf8(name, "key");
}

async function keyId(name, key) {
  return (await sha256(concat(utf8(name, "key"), Uint8Array.of(10, ED25519), key))).subarray(0, 4);
}

/** A named public key, from its text form `name+hex8+base64`: {name, id, key, vkey}. */
export async function readVkey(vkey) {
  if (typeof vkey !== "string" || vkey.length > MAX_KEY_CHARACTERS) throw new Refused("key-form");
  const found = /^([^+]*)\+([^+]*)\+([^]*)$/.exec(vkey); // the base64 may itself hold '+'
  if (!found) throw new Refused("key-form");
  const [, name, id, encoded] = found;
  checkName(name);
  const blob = fromBase64(encoded, "key");
  if (blob[0] !== ED25519 || blob.length !== 33) throw new Refused("key-type");
  const key = blob.subarray(1);
  if (!/^[0-9a-f]{8}$/.test(id) || id !== hex(await keyId(name, key))) throw new Refused("key-id");
  if (!isSound(key)) throw new Refused("key-unsound");
  return { name, id, key, vkey };
}

function readSignature(line) {
  const found = /^\u2014 ([^ ]*) ([^]*)$/.exec(line);
  if (!found) throw new Refused("note-signature-line");
  checkName(found[1]);
  const blob = fromBase64(found[2], "signature");
  if (blob.length < 5) throw new Refused("note-signature-line");
  return { name: found[1], id: hex(blob.subarray(0, 4)), signature: blob.subarray(4) };
}

/** Split a note at its last empty line; nothing is verified yet: {text, signatures}. */
export function parseNote(note) {
  const raw = typeof note === "string" ? utf8(note, "note") : note;
  if (raw.length > MAX_NOTE_BYTES) throw new Refused("too-long", { what: "note" });
  const whole = fromUtf8(raw, "note");
  if (!whole.endsWith("\n")) throw new Refused("note-cut");
  if (CONTROL.test(whole)) throw new Refused("note-control");
  const at = whole.lastIndexOf("\n\n");
  if (at < 0) throw new Refused("note-cut");
  const lines = whole.slice(at + 2).split("\n").slice(0, -1);
  if (!lines.length) throw new Refused("note-unsigned");
  if (lines.length > MAX_SIGNATURES) throw new Refused("note-many");
  return { text: whole.slice(0, at + 1), signatures: lines.map(readSignature) };
}

/**
 * Text of a note that at least one of the keys signed, and that key: {text, key}. Signatures by unknown keys are
 * passed over; a wrong one by a known key spoils the whole note.
 */
export async function openNote(note, keys) {
  const { text, signatures } = parseNote(note);
  const message = utf8(text, "note");
  let signer = null;
  for (const line of signatures) {
    const key = keys.find((one) => one.name === line.name && one.id === line.id);
    if (!key) continue;
    if (!(await verifies(key.key, line.signature, message))) throw new Refused("signature-wrong", { name: key.name });
    signer ??= key;
  }
  if (!signer) throw new Refused("signature-missing");
  return { text, key: signer };
}

export const sameKey = (a, b) => a.name === b.name && equal(a.key, b.key);
