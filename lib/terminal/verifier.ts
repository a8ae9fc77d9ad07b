import { writeFileSync } from "node:fs";
import { VERIFIER_FILE, verifierFile } from "./verifier-file";

// `npm run verifier`: writes the one-file verifier anew, after a change of what it is made of.
writeFileSync(VERIFIER_FILE, verifierFile());
console.log(`${VERIFIER_FILE} is written`);
