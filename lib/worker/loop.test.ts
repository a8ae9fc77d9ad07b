import { afterEach, expect, test, vi } from "vitest";
import { log } from "@/lib/foundation/log";
import { runLoop } from "./loop";

afterEach(() => vi.restoreAllMocks());

test("a failed round is logged without the parameters of its query", async () => {
  const stopping = new AbortController();
  const error = vi.spyOn(log, "error").mockImplementation(() => stopping.abort());
  const round = async () => {
    throw new Error("Failed query: select $1\nparams: wamid.HBgLMzQ2MDAxMTEyMjI,Ana");
  };
  await runLoop({ name: "send", restMs: 0, round }, stopping.signal);
  expect(error).toHaveBeenCalledWith("worker.round_failed", {
    loop: "send",
    failures: 1,
    error: "Failed query: select $1",
  });
});
