import { createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { mailer } from "./mail";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** As much of SMTP as a client asks for; `refuses` answers the recipient with a 550. */
async function mailServer({ refuses = false } = {}): Promise<{ url: string; received: string[] }> {
  const received: string[] = [];
  const server = createServer((socket) => serve(socket, received, refuses));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  open.push(() => server.close());
  const address = server.address();
  return {
    url: `smtp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}?ignoreTLS=true`,
    received,
  };
}

function serve(socket: Socket, received: string[], refuses: boolean): void {
  let isBody = false;
  let text = "";
  socket.write("220 test\r\n");
  socket.on("data", (bytes) => {
    text += bytes.toString("utf8");
    if (isBody) {
      if (!text.endsWith("\r\n.\r\n")) return;
      received.push(text);
      isBody = false;
      text = "";
      socket.write("250 taken\r\n");
      return;
    }
    if (!text.endsWith("\r\n")) return;
    for (const line of text.trim().split("\r\n")) {
      isBody = line === "DATA";
      const refused = refuses && line.startsWith("RCPT");
      socket.write(
        isBody ? "354 go on\r\n" : refused ? "550 nobody\r\n" : line === "QUIT" ? "221 bye\r\n" : "250 ok\r\n",
      );
    }
    text = "";
  });
  socket.on("error", () => {});
}

test("a mail goes to one address, from ours, with its attachment", async () => {
  const { url, received } = await mailServer();
  const send = mailer({ SMTP_URL: url, MAIL_FROM: "log@example.com" });
  await send?.({
    to: "iria@example.com",
    subject: "Checkpoint",
    text: "The log has 3 entries.",
    attachment: { name: "checkpoint.txt", text: "contraste.local/sandbox\n3\n" },
  });
  const [mail = ""] = received;
  expect(mail).toMatch(/^From: log@example\.com\r$/m);
  expect(mail).toMatch(/^To: iria@example\.com\r$/m);
  expect(mail).toContain("The log has 3 entries.");
  expect(mail).toContain("filename=checkpoint.txt");
});

test("what a server refuses is an error, and no server is no mailer", async () => {
  const { url } = await mailServer({ refuses: true });
  const send = mailer({ SMTP_URL: url, MAIL_FROM: "log@example.com" });
  await expect(send?.({ to: "nobody@example.com", subject: "x", text: "x" })).rejects.toThrow("550");
  expect(mailer({})).toBeUndefined();
  expect(mailer({ SMTP_URL: url })).toBeUndefined();
});
