/** Says of a call that opens a database whether it is one in memory; https://www.sqlite.org/inmemorydb.html. */
export function inMemory(call: string): { readonly memory?: true } {
  return /["'`](?:[\w:/]*:|Data ?Source=)?:memory:|mode=memory|open_in_memory|["'`]jdbc:sqlite:["'`](?!\s*\+)/i.test(call) ? { memory: true } : {};
}
