/** A file or folder that was not looked into, and why. */
export interface LeftOut {
  readonly path: string;
  readonly why:
    | "ignored"
    | "folder" // it never holds a project's own sources
    | "link" // it leads out of what is scanned
    | "too-large"
    | "binary"
    | "minified"
    | "encoding"
    | "unreadable"
    | "changing"
    | "nothing-of-sql";
  /** The system's words for `unreadable`, the target of a link, the encoding. */
  readonly detail?: string;
}
