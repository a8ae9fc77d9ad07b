"use client";

import { useState } from "react";

/**
 * Where react-aria reads the nonce for the style elements it adds. The document's policy knows the nonce it was loaded
 * with; later renders of the layout bring the nonces of their own requests, so the first one is kept.
 */
export function StyleNonce({ nonce }: { nonce?: string }) {
  const [first] = useState(nonce);
  return <meta property="csp-nonce" nonce={first} content="" />;
}
