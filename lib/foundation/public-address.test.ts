import { isIPv4 } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isPublicAddress } from "./public-address";
import { mayFetch } from "./safe-fetch";
import { holds } from "./testing/holds";

const PUBLIC = "93.184.215.14";

/** What is nobody's on the internet: network and how many bits of it are free. */
const PRIVATE_4: readonly (readonly [number, number])[] = [
  [0x00000000, 24],
  [0x0a000000, 24],
  [0x64400000, 22],
  [0x7f000000, 24],
  [0xa9fe0000, 16],
  [0xac100000, 20],
  [0xc0a80000, 16],
  [0xc6120000, 17],
  [0xe0000000, 28],
  [0xf0000000, 28],
];
const privateAddress = fc
  .tuple(fc.constantFrom(...PRIVATE_4), fc.nat(2 ** 31 - 1))
  .map(([[network, free], host]) => network + (host % 2 ** free));

const dotted = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
const groups = (address: number) => `${Math.floor(address / 65_536).toString(16)}:${(address % 65_536).toString(16)}`;

/** A number as C programs read it: decimal, hexadecimal or octal, with zeros in front of the latter two. */
const numeral = (value: number, [base, zeros]: readonly [number, number]) =>
  base === 10 ? `${value}` : `${base === 16 ? "0x" : "0"}${"0".repeat(zeros)}${value.toString(base)}`;

/** Spellings of hosts that a URL reader takes for the same. */
const disguises = fc.shuffledSubarray<(host: string) => string>(
  [
    (host) => host.toUpperCase(),
    (host) => `${host}.`,
    (host) => host.replaceAll(".", "\u3002"),
    (host) => host.replace(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    (host) => host.replace(/[0-9]/, (digit) => `%3${digit}`),
    (host) => host.replace(/^./, (first) => `${first}\u00ad`), // a soft hyphen, which hosts do not keep
    (host) => host.replace(/^./, (first) => `${first}\t`),
  ],
  { maxLength: 3 },
);

test("no spelling of a private address is fetched: parts, bases, leading zeros, widths, dots, escapes", async () => {
  const bases = fc.array(fc.tuple(fc.constantFrom(8, 10, 16), fc.nat(3)), { minLength: 4, maxLength: 4 });
  const tails = fc.constantFrom("", "/", "/a?b#c", ":443/", "\\@shop.example/", "?@shop.example");
  await holds(
    "SSRF",
    fc.property(
      privateAddress,
      fc.integer({ min: 1, max: 4 }),
      bases,
      disguises,
      tails,
      (address, parts, spelt, worn, tail) => {
        const last = address % 2 ** (8 * (5 - parts));
        const leading = dotted(address)
          .split(".")
          .map(Number)
          .slice(0, parts - 1);
        const host = [...leading, last].map((value, i) => numeral(value, spelt[i] ?? [10, 0])).join(".");
        expect(mayFetch(`https://${worn.reduce((text, disguise) => disguise(text), host)}${tail}`, [PUBLIC])).toBe(
          false,
        );
      },
    ),
    { runs: 500, long: 7_000 },
  );
});

test("no IPv6 address that is not given out, or carries an IPv4 address in it, is fetched", async () => {
  const spellings = fc.constantFrom<(address: number) => string>(
    (address) => `::ffff:${dotted(address)}`,
    (address) => `::ffff:${groups(address)}`,
    (address) => `0:0:0:0:0:FFFF:${groups(address)}`,
    (address) => `::${dotted(address)}`,
    (address) => `64:ff9b::${dotted(address)}`,
    (address) => `64:ff9b:1::${groups(address)}`,
    (address) => `2002:${groups(address)}::1`,
    (address) => `2001:0:5db8:d70e::${groups(address)}`,
    (address) => `fc${groups(address).slice(-2).padStart(2, "0")}::${groups(address)}`,
    (address) => `fe80::${groups(address)}`,
    (address) => `ff02::${groups(address)}`,
    (address) => `2001:db8::${groups(address)}`,
  );
  await holds(
    "SSRF",
    fc.property(privateAddress, spellings, (address, spell) => {
      expect(mayFetch(`https://[${spell(address)}]/`, [PUBLIC])).toBe(false);
      expect(isPublicAddress(spell(address))).toBe(false);
    }),
    { runs: 300, long: 3_000 },
  );
});

test("one private address among those of a name is enough to refuse it, and without one it is asked", async () => {
  const addresses = fc.array(fc.ipV4().filter(isPublicAddress), { minLength: 1, maxLength: 5 });
  await holds(
    "SSRF",
    fc.property(addresses, privateAddress, fc.nat(5), (found, address, place) => {
      expect(isIPv4(dotted(address))).toBe(true);
      expect(mayFetch("https://shop.example/", found)).toBe(true);
      expect(mayFetch("https://shop.example/", found.toSpliced(place, 0, dotted(address)))).toBe(false);
    }),
    { runs: 300, long: 3_000 },
  );
});
