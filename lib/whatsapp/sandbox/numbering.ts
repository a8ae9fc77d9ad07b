/** Area codes of +1 that are not in the United States: Canada, the Caribbean, and codes that belong to no place. */
const notUS = new Set(
  (
    "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460 468 474 506 " +
    "514 519 537 548 568 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 " +
    "879 902 905 942 " +
    "242 246 264 268 284 345 441 473 649 658 664 721 758 767 784 809 829 849 868 869 876 " +
    "500 521 522 523 524 525 526 527 528 529 532 533 544 555 566 577 588 600 622 700 710 800 833 844 855 866 877 888 900"
  ).split(" "),
);

/** +1 with an area code of the United States. */
export function isUSNumber(phone: string): boolean {
  const area = /^\+1([2-9]\d\d)\d{7}$/.exec(phone)?.[1];
  return area !== undefined && !notUS.has(area);
}

/** Country codes of the European Economic Area, the United Kingdom, Japan and South Korea. */
const spared =
  "30 31 32 33 34 351 352 353 354 356 357 358 359 36 370 371 372 385 386 39 40 420 421 423 43 44 45 46 47 48 49 81 82"
    .split(" ")
    .map((code) => `+${code}`);

/** Meta's cap on marketing per person is not applied there. */
export function sparesMarketingCap(phone: string): boolean {
  return spared.some((code) => phone.startsWith(code));
}
