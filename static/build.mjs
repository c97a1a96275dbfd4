// Builds static/dist: every file under a name that carries a hash of its content, beside it the same compressed (.br,
// .gz), and manifest.json, which maps the plain names to those with a hash. Run from the repository root by `make assets`.
import { execFile } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import subsetFont from "subset-font";
import { emojiGroups } from "./emoji.mjs";

const root = dirname(import.meta.dirname);
const dist = join(root, "static/dist");

const tailwind = {
  name: "tailwind",
  setup(build) {
    build.onLoad({ filter: /static\/css\/(app|editor|hosted)\.css$/ }, async ({ path }) => {
      const cli = join(root, "node_modules/@tailwindcss/cli/dist/index.mjs");
      const args = [cli, "--input", path, "--output", "-", "--minify"];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 16 << 20 });
      return { contents: stdout, loader: "css", resolveDir: dirname(path) };
    });
  },
};

// One sprite of the icons in static/images/icons.txt; a page shows one by <use href="…#name">.
const icons = {
  name: "icons",
  setup(build) {
    build.onResolve({ filter: /^icons\.svg$/ }, ({ path }) => ({ path: join(root, "static/images", path), namespace: "icons" }));
    build.onLoad({ filter: /.*/, namespace: "icons" }, async () => {
      const names = (await readFile(join(root, "static/images/icons.txt"), "utf8")).split("\n").filter(Boolean);
      const symbols = await Promise.all(names.map(symbol));
      return { contents: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`, loader: "copy" };
    });
  },
};

// The font in the weights that the pages use: every letter that the file has, and a third less to load.
const font = {
  name: "font",
  setup(build) {
    build.onLoad({ filter: /\.woff2$/ }, async ({ path }) => {
      const letters = String.fromCodePoint(...Array.from({ length: 0xd800 }, (_, i) => i), 0xfeff, 0xfffd);
      const variationAxes = { wght: { min: 400, max: 700, default: 400 } };
      return { contents: await subsetFont(await readFile(path), letters, { targetFormat: "woff2", variationAxes }), loader: "file" };
    });
  },
};

// What the emoji picker offers, as a module that it imports.
const emoji = {
  name: "emoji",
  setup(build) {
    build.onResolve({ filter: /^emoji-data$/ }, () => ({ path: "emoji-data.json", namespace: "emoji" }));
    build.onLoad({ filter: /.*/, namespace: "emoji" }, async () => ({ contents: JSON.stringify(await emojiGroups()), loader: "json" }));
  },
};

async function symbol(name) {
  const svg = await readFile(join(root, "node_modules/lucide-static/icons", `${name}.svg`), "utf8").catch(() => {
    throw new Error(`static/images/icons.txt names "${name}", which lucide-static does not have`);
  });
  const drawing = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s+/g, " ").trim()}</symbol>`;
}

const { outputFiles } = await esbuild.build({
  absWorkingDir: root,
  entryPoints: ["static/css/app.css", "static/css/editor.css", "static/css/hosted.css", "static/js/app.js", "static/js/hosted.js", "static/images/favicon.svg", "icons.svg"],
  outdir: dist,
  bundle: true,
  splitting: true, // what is imported while the page is used is a file of its own
  minify: true,
  write: false,
  format: "esm",
  charset: "utf8",
  target: "es2022",
  entryNames: "[name].[hash]",
  assetNames: "[name].[hash]",
  chunkNames: "[name].[hash]",
  loader: { ".svg": "copy", ".woff2": "file" },
  plugins: [tailwind, icons, font, emoji],
  logLevel: "warning",
});

// Everything is ready before the old files go, so a failed build leaves the last good one in place.
for (const name of await readdir(dist)) {
  if (name !== ".gitkeep") await rm(join(dist, name), { recursive: true });
}
const manifest = {};
for (const { path, contents } of outputFiles) {
  const [hashed, name, extension] = basename(path).match(/^(.+)\.[A-Z0-9]{8}(\.\w+)$/);
  if (name + extension in manifest) throw new Error(`two files are named ${name + extension}`);
  manifest[name + extension] = hashed;
  await writeFile(path, contents);
  // Fonts and pictures are compressed in themselves.
  if (!/\.(css|js|json|svg)$/.test(extension)) continue;
  await writeFile(`${path}.br`, brotliCompressSync(contents));
  await writeFile(`${path}.gz`, gzipSync(contents, { level: constants.Z_BEST_COMPRESSION }));
}
await writeFile(join(dist, "manifest.json"), JSON.stringify(manifest, Object.keys(manifest).sort(), 2) + "\n");
