// What stays in this browser and is sent nowhere: favourites, the pages opened last, choices of appearance.
const MOST_RECENT = 8;

function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, typeof value === "string" ? value : JSON.stringify(value));
  } catch {
    // Storage is full or switched off: nothing is remembered.
  }
}

const without = (list, address) => list.filter((entry) => entry.address !== address);

export const remembered = {
  read,
  write,
  isFavourite: (address) => read("favourites", []).some((entry) => entry.address === address),
  toggleFavourite(entry) {
    const others = without(read("favourites", []), entry.address);
    write("favourites", this.isFavourite(entry.address) ? others : [...others, entry]);
  },
  visited(entry) {
    write("recent", [entry, ...without(read("recent", []), entry.address)].slice(0, MOST_RECENT));
  },
  all() {
    const favourites = read("favourites", []).map((entry) => ({ ...entry, favourite: true }));
    const recent = read("recent", []).filter((entry) => !this.isFavourite(entry.address));
    return [...favourites, ...recent];
  },
  forget() {
    for (const name of ["favourites", "recent"]) write(name, null);
  },
};
