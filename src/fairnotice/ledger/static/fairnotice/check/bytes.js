// Bytes, hashes and the strict readers that all formats share. Two spellings of one thing never both pass.

export const MAX_INT64 = 2n ** 63n - 1n; // tree sizes and times, as verifiers elsewhere keep them

/** A file, proof or log that is not as it must be. `code` names the sentence, `values` fill its gaps. */
export class Refused extends Error {
  constructor(code, values = {}) {
    super(code);
    this.name = "Refused";
    this.code = code;
    this.values = values;
  }
}

const encoder = new TextEncoder();

/** UTF-8 of a text. Half a character (a lone surrogate) has none and is refused; `what` is named then. */
export function utf8(text, what) {
  if (/\p{Surrogate}/u.test(text)) throw new Refused("half-character", { what });
  return encoder.encode(text);
}

/** Text of UTF-8 bytes, nothing repaired; a byte order mark stays, so that whoever reads on refuses it. */
export function fromUtf8(bytes, what) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused("not-utf8", { what });
  }
}

/** Length in characters, as people count: one outside the basic plane is one. */
export const characters = (text) => [...text].length;

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Each part after its length in 4 bytes, most significant first. */
export function frame(...parts) {
  return concat(
    ...parts.flatMap((part) => {
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, part.length);
      return [length, part];
    }),
  );
}

export const equal = (a, b) => a.length === b.length && a.every((byte, index) => byte === b[index]);

export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Standard alphabet with padding (RFC 4648 section 4). */
export function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** Bytes of the one canonical base64 spelling; `length` asks for exactly so many, `longest` for at most so many. */
export function fromBase64(text, what, { length = null, longest = null } = {}) {
  if (typeof text !== "string") throw new Refused("not-text", { what });
  if (longest !== null && text.length > 4 * Math.ceil(longest / 3)) throw new Refused("too-long", { what });
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Refused("not-base64", { what });
  let bytes;
  try {
    bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw new Refused("not-base64", { what });
  }
  if (toBase64(bytes) !== text) throw new Refused("not-base64", { what }); // other last bits, or no padding
  if (length !== null && bytes.length !== length) throw new Refused("wrong-length", { what });
  if (longest !== null && bytes.length > longest) throw new Refused("too-long", { what });
  return bytes;
}

/** A BigInt from ASCII digits without sign, leading zero, space or underscore. */
export function fromDecimal(text, what, highest = MAX_INT64) {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text)) throw new Refused("not-decimal", { what });
  const number = BigInt(text);
  if (number > highest) throw new Refused("not-decimal", { what });
  return number;
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export async function hmac(key, bytes) {
  const secret = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", secret, bytes));
}
