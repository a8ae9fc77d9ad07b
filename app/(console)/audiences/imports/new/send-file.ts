import * as z from "zod";

const Taken = z.object({ importId: z.string() });
const Refused = z.object({ code: z.string() });

export type SentFile = { kind: "taken"; importId: string } | { kind: "refused"; code: string } | { kind: "broken" };

export interface FileToSend {
  file: File;
  country: string;
  purposeId: string;
  onProgress: (share: number) => void;
}

/** Sends a file as it is, told how far it got: `fetch` cannot say that. Its name travels in a header, never in an address. */
export function sendFile({ file, country, purposeId, onProgress }: FileToSend): Promise<SentFile> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/imports?${new URLSearchParams({ country, purposeId })}`);
    request.setRequestHeader("Content-Type", "text/csv");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => resolve({ kind: "broken" });
    request.onload = () => resolve(answerOf(request.status, request.responseText));
    request.send(file);
  });
}

function answerOf(status: number, text: string): SentFile {
  const body = parsed(text);
  const taken = Taken.safeParse(body);
  if (status === 200 && taken.success) return { kind: "taken", importId: taken.data.importId };
  const refused = Refused.safeParse(body);
  return refused.success ? { kind: "refused", code: refused.data.code } : { kind: "broken" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
