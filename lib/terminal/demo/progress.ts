import { SingleBar } from "cli-progress";

export interface ProgressLine {
  set(done: number, total: number): void;
  end(): void;
}

/** A bar on a terminal, a line at every tenth elsewhere; nothing where only JSON is wanted. */
export function progressLine(label: string, output: NodeJS.WriteStream, isSilent: boolean): ProgressLine {
  if (isSilent) return { set: () => {}, end: () => {} };
  return output.isTTY ? bar(label, output) : lines(label, output);
}

const WIDTH = 12;

function bar(label: string, output: NodeJS.WriteStream): ProgressLine {
  const shown = new SingleBar({
    stream: output,
    hideCursor: true,
    format: `${label.padEnd(WIDTH)} {bar} {percentage} % · {value}/{total} · {duration_formatted}`,
  });
  shown.start(1, 0);
  return {
    set: (done, total) => {
      shown.setTotal(Math.max(1, total));
      shown.update(done);
    },
    end: () => shown.stop(),
  };
}

function lines(label: string, output: NodeJS.WriteStream): ProgressLine {
  let tenth = -1;
  return {
    set: (done, total) => {
      const now = total === 0 ? 0 : Math.floor((done / total) * 10);
      if (now <= tenth) return;
      tenth = now;
      output.write(`${label.padEnd(WIDTH)} ${String(now * 10).padStart(3)} % · ${done}/${total}\n`);
    },
    end: () => {},
  };
}
