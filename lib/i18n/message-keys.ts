/** Every path of a catalogue that ends in a text: `"nav.home" | "close" | …`. */
export type Leaves<Catalogue> = {
  [Key in keyof Catalogue & string]: Catalogue[Key] extends string ? Key : `${Key}.${Leaves<Catalogue[Key]>}`;
}[keyof Catalogue & string];
