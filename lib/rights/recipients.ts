/** Who gets personal data from a campaign besides the controller; the register of processors starts from these. */
export const recipients = [
  {
    id: "meta",
    name: "Meta Platforms Ireland Limited (WhatsApp Business Platform)",
    role: "processor",
    where: "IE, US",
    safeguard: "EU-US Data Privacy Framework; standard contractual clauses",
  },
] as const;
