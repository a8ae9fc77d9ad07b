import { deriveKey } from "./cipher";

/** Seals what belongs to no person: tokens of numbers, log payloads without a subject. From the key-encryption key. */
export function installationKey(keyEncryptionKey: Buffer): Buffer {
  return deriveKey(keyEncryptionKey, "installation");
}
