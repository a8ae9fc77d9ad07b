import { createTransport } from "nodemailer";

export interface Mail {
  /** One address: nobody sees who else is written to. */
  to: string;
  subject: string;
  text: string;
  attachment?: { name: string; text: string };
}

export type SendMail = (mail: Mail) => Promise<void>;

/** Longer than any server that works needs to take one mail. */
const TIMEOUT_MS = 20_000;

/**
 * How mail leaves: over the server of `SMTP_URL`, as `MAIL_FROM`. Undefined without a server: then what would be mailed is shown
 * to whoever may act on it. Sending throws what the server said.
 */
export function mailer({ SMTP_URL, MAIL_FROM }: { SMTP_URL?: string; MAIL_FROM?: string }): SendMail | undefined {
  if (!SMTP_URL || !MAIL_FROM) return undefined;
  return async ({ to, subject, text, attachment }) => {
    const limits = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
    const transport = createTransport({ url: SMTP_URL, ...limits });
    try {
      await transport.sendMail({
        from: MAIL_FROM,
        to,
        subject,
        text,
        ...(attachment && { attachments: [{ filename: attachment.name, content: attachment.text }] }),
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } finally {
      transport.close();
    }
  };
}
