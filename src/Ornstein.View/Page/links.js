// Places of the page are the part of the address after #.
export const link = (page, id) => `#/${page}/${encodeURIComponent(id)}`;

export function place() {
  const [, page = "", id = ""] = location.hash.split("/");
  try { return { page, id: decodeURIComponent(id) }; } catch { return { page: "", id: "", isWrong: true }; }
}
