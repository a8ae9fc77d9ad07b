import type { PolicyRules } from "./policy";

/**
 * What an installation starts with, until its compliance officer decides otherwise: defaults, not legal advice. Each rule
 * says where it comes from, and whether that is unverified. Source: the product's compliance specification.
 */
export const shippedRules: Omit<PolicyRules, "holidays"> = {
  rules: {
    DEFAULT: {
      days: {
        1: [["09:00", "20:00"]],
        2: [["09:00", "20:00"]],
        3: [["09:00", "20:00"]],
        4: [["09:00", "20:00"]],
        5: [["09:00", "20:00"]],
        6: [["09:00", "20:00"]],
        7: [["09:00", "20:00"]],
      },
      holidays: false,
      perDay: 1,
      perWeek: 3,
      basis: "own conservative default",
    },
    ES: {
      days: {
        1: [["09:00", "21:00"]],
        2: [["09:00", "21:00"]],
        3: [["09:00", "21:00"]],
        4: [["09:00", "21:00"]],
        5: [["09:00", "21:00"]],
      },
      holidays: true,
      perDay: 1,
      perWeek: 3,
      consentAge: 14,
      basis:
        "TRLGDCU Art. 96.2 (commercial phone CALLS: not before 9h or after 21h, nor holidays or weekends); adopted for messages by analogy",
    },
    CO: {
      days: {
        1: [["07:00", "19:00"]],
        2: [["07:00", "19:00"]],
        3: [["07:00", "19:00"]],
        4: [["07:00", "19:00"]],
        5: [["07:00", "19:00"]],
        6: [["08:00", "15:00"]],
      },
      holidays: true,
      perDay: 1,
      perWeek: 1,
      basis:
        "Ley 2300 de 2023: Mon-Fri 7-19, Sat 8-15, none Sun/holidays; covers app messages; one contact a day; one channel a week",
    },
    US: {
      days: {
        1: [["08:00", "21:00"]],
        2: [["08:00", "21:00"]],
        3: [["08:00", "21:00"]],
        4: [["08:00", "21:00"]],
        5: [["08:00", "21:00"]],
        6: [["08:00", "21:00"]],
        7: [["08:00", "21:00"]],
      },
      holidays: false,
      perDay: 1,
      perWeek: 3,
      blockedCategories: ["MARKETING"],
      basis:
        "47 CFR 64.1200(c)(1): 8 am-9 pm at the called party; reach to OTT messages unverified; marketing templates to +1 US numbers are not delivered by Meta since 2025-04-01, so market is BLOCKED by default",
    },
    BR: {
      days: {
        1: [["09:00", "21:00"]],
        2: [["09:00", "21:00"]],
        3: [["09:00", "21:00"]],
        4: [["09:00", "21:00"]],
        5: [["09:00", "21:00"]],
        6: [["10:00", "16:00"]],
      },
      holidays: true,
      perDay: 1,
      perWeek: 3,
      basis: "call-centre self-regulation, UNVERIFIED",
    },
    FR: {
      days: {
        1: [
          ["10:00", "13:00"],
          ["14:00", "20:00"],
        ],
        2: [
          ["10:00", "13:00"],
          ["14:00", "20:00"],
        ],
        3: [
          ["10:00", "13:00"],
          ["14:00", "20:00"],
        ],
        4: [
          ["10:00", "13:00"],
          ["14:00", "20:00"],
        ],
        5: [
          ["10:00", "13:00"],
          ["14:00", "20:00"],
        ],
      },
      holidays: true,
      perDay: 1,
      perWeek: 2,
      basis: "Decree 2022-1313 (voice), by analogy, UNVERIFIED",
    },
    IN: {
      days: {
        1: [["10:00", "21:00"]],
        2: [["10:00", "21:00"]],
        3: [["10:00", "21:00"]],
        4: [["10:00", "21:00"]],
        5: [["10:00", "21:00"]],
        6: [["10:00", "21:00"]],
        7: [["10:00", "21:00"]],
      },
      holidays: false,
      perDay: 1,
      perWeek: 3,
      basis: "TRAI commercial communications, UNVERIFIED",
    },
  },
  zones: {
    ES: ["Europe/Madrid", "Atlantic/Canary"],
    CO: ["America/Bogota"],
    US: [
      "America/New_York",
      "America/Chicago",
      "America/Denver",
      "America/Phoenix",
      "America/Los_Angeles",
      "America/Anchorage",
      "Pacific/Honolulu",
    ],
    BR: ["America/Noronha", "America/Sao_Paulo", "America/Manaus", "America/Rio_Branco"],
    FR: ["Europe/Paris"],
    IN: ["Asia/Kolkata"],
    DEFAULT: ["UTC"],
  },
};
