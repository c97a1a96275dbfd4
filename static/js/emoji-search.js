// Finds emoji by the beginnings of words in their names and keywords.

// plain makes letters comparable: small, without accents.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text) => plain(text).split(/[^\p{L}\p{N}+#*]+/u).filter(Boolean);
const unqualified = (emoji) => emoji.replaceAll("\uFE0F", "");

// indexed makes entries ({emoji, name, keywords}) searchable; the answer is a function of what somebody typed. Each word
// must begin a word of the name or a keyword. Names that begin with the text come first, then those that hold all its
// words, then keywords. An emoji finds itself, whatever its tone or variation selectors.
export function indexed(entries) {
  const rows = entries.map((entry) => {
    const name = wordsOf(entry.name);
    return { entry, name, all: [...name, ...wordsOf(entry.keywords)] };
  });
  return (text) => {
    const pasted = unqualified(text.trim()).replace(/\p{Emoji_Modifier}/gu, "");
    const itself = entries.filter(({ emoji }) => unqualified(emoji) === pasted);
    if (itself.length > 0) return itself;
    const words = wordsOf(text);
    if (words.length === 0) return [];
    const begins = (list) => words.every((word) => list.some((w) => w.startsWith(word)));
    const found = [[], [], []];
    for (const { entry, name, all } of rows) {
      if (name.join(" ").startsWith(words.join(" "))) found[0].push(entry);
      else if (begins(name)) found[1].push(entry);
      else if (begins(all)) found[2].push(entry);
    }
    return found.flat();
  };
}
