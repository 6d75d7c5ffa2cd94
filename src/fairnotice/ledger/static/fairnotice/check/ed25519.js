// Ed25519 keys and signatures. WebCrypto verifies; which 32 bytes are fit to be a key is decided here, since browsers
// differ: under a point of small order one signature verifies for many messages (RFC 8032 section 5.1.3).

const P = 2n ** 255n - 19n;

function power(base, exponent) {
  let result = 1n;
  for (let factor = base % P, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * factor) % P;
    factor = (factor * factor) % P;
  }
  return result;
}

const inverse = (number) => power(number, P - 2n);
const D = ((P - 121665n) * inverse(121666n)) % P;

function little(bytes) {
  return [...bytes].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

// y of the points whose order divides 8: identity, order 2, order 4, and the four points of order 8.
const EIGHTH = 2707385501144840649318225287225658788936804267575313519463743609750303402022n; // y of two of them
const SMALL_ORDER = new Set([0n, 1n, P - 1n, EIGHTH, P - EIGHTH]);

/** True when the bytes are the canonical encoding of a curve point that is not of small order. */
export function isSound(key) {
  if (key.length !== 32) return false;
  const y = little(key) & (2n ** 255n - 1n);
  if (y >= P || SMALL_ORDER.has(y)) return false;
  const square = (y * y) % P;
  const xSquared = ((square + P - 1n) * inverse((D * square + 1n) % P)) % P;
  return power(xSquared, (P - 1n) / 2n) === 1n;
}

/** True when the 64 bytes are this key's signature over the message. */
export async function verifies(key, signature, message) {
  if (signature.length !== 64) return false;
  const loaded = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, loaded, signature, message);
}

// RFC 8032 section 7.1, test 2: a key, a message of one byte, its signature.
const VECTOR = [
  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
].map((text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16)));

/** Whether this browser can check at all: null, "no-secure-context" or "no-ed25519". Tried, not guessed. */
export async function whyNot() {
  if (!globalThis.crypto?.subtle) return "no-secure-context";
  try {
    const right = await verifies(VECTOR[0], VECTOR[1], Uint8Array.of(0x72));
    const wrong = await verifies(VECTOR[0], VECTOR[1], Uint8Array.of(0x73));
    return right && !wrong ? null : "no-ed25519";
  } catch {
    return "no-ed25519";
  }
}
