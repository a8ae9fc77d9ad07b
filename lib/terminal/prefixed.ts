import type { Writable } from "node:stream";
import type { Say } from "./processes";

const WIDTH = 9;

/** Writes lines with the name of who says them in front. */
export function prefixed(output: Writable): Say {
  return (who, line) => {
    if (line.trim() !== "") output.write(`${who.padEnd(WIDTH)} │ ${line}\n`);
  };
}
